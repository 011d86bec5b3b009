/**
 * The examples for frameworks: their handlers are called with requests, against an offline
 * Telegram. The frameworks themselves build and serve them in tests/package/.
 */
import { OfflineTelegram } from "@tessera/mtproto/testing";
import worker, { type Bindings } from "../../examples/hono/src/worker.ts";
import { POST as nextCode } from "../../examples/nextjs/app/api/code/route.ts";
import { POST as nextSend } from "../../examples/nextjs/app/api/send/route.ts";
import { POST as nextSignIn } from "../../examples/nextjs/app/api/sign-in/route.ts";
import { type FormState, takeStep } from "../../examples/nextjs/app/sign-in/actions.ts";
import { requestCode, type Settings, signIn } from "../../examples/hono/src/sign_in.ts";
import { actions } from "../../examples/sveltekit/src/routes/+page.server.ts";
import { serveInfo } from "../../src/cli/serve_info.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { secretsFor, sendBy } from "../helpers/edge_example.ts";
import "../helpers/quick_passwords.ts";
import { requestHeaders, setCookies } from "../helpers/next_headers.ts";

const ROOT = new URL("../../", import.meta.url);
const PHONE = "+9996621111";
const CODE = "22222";
const WITH_PASSWORD = "+9996622222";
const PASSWORD = "hunter2";

type Post = (path: string, body: unknown, address?: string) => Promise<Response>;

/** Starts an offline Telegram that the handlers find by the environment. */
async function startTelegram(): Promise<OfflineTelegram> {
  const telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  Deno.env.set("TELEGRAM", JSON.stringify(serveInfo(telegram)));
  return telegram;
}

function jsonRequest(body: unknown, address: string): Request {
  return new Request("http://localhost/", {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "x-forwarded-for": address, "cf-connecting-ip": address },
  });
}

/** Calls the routes of Next.js; the cookie is where Next.js would put it. */
const postToNext: Post = async (path, body, address = "1.1.1.1") => {
  setCookies.clear();
  const response = await (path === "/code" ? nextCode : nextSignIn)(jsonRequest(body, address));
  const cookie = setCookies.get("account");
  if (cookie === undefined) return response;
  assertEquals(cookie.options.httpOnly && cookie.options.secure, true);
  response.headers.set("set-cookie", `account=${cookie.value}; Secure; HttpOnly`);
  return response;
};

/** A Worker with an empty KV. */
function worldOfHono(telegram: OfflineTelegram): { post: Post; kept: Map<string, string> } {
  const kept = new Map<string, string>();
  const bindings: Bindings = {
    API_ID: "1",
    API_HASH: "",
    TELEGRAM: JSON.stringify(serveInfo(telegram)),
    SIGN_INS: {
      get: (key) => Promise.resolve(kept.get(key) ?? null),
      put(key, value, { expirationTtl }) {
        assert(expirationTtl >= 60, "KV takes no less");
        kept.set(key, value);
        return Promise.resolve();
      },
      delete: (key) => Promise.resolve(void kept.delete(key)),
    },
  };
  const post: Post = async (path, body, address = "1.1.1.1") => {
    const request = new Request(`http://localhost${path}`, jsonRequest(body, address));
    return await worker.fetch(request, bindings);
  };
  return { post, kept };
}

/** Signs two people in by JSON, and tries what is refused. No answer may have a secret. */
async function signInBy(post: Post): Promise<void> {
  const answer = async (path: string, body: unknown, address?: string) => {
    const response = await post(path, body, address);
    const text = await response.text();
    assert(text.length < 200, "no session is in an answer");
    return { status: response.status, ...JSON.parse(text), cookie: response.headers };
  };
  const { login, sentBy } = await answer("/code", { phone: PHONE });
  assertEquals(sentBy, "sms");
  const wrong = await answer("/sign-in", { login, code: "11111" });
  assertEquals([wrong.status, wrong.error], [400, "codeInvalid"]);
  const done = await answer("/sign-in", { login, code: CODE });
  assertEquals([done.status, done.kind, done.name, done.account], [
    200,
    "user",
    "User 1111",
    undefined,
  ]);
  const cookie = done.cookie.get("set-cookie");
  assert(/^account=[\da-f-]{36}; .*/.test(cookie) && /HttpOnly/.test(cookie), cookie);
  assertEquals((await answer("/sign-in", { login, code: CODE })).error, "codeExpired");

  const second = await answer("/code", { phone: WITH_PASSWORD });
  const asked = await answer("/sign-in", { login: second.login, code: CODE });
  assertEquals([asked.kind, asked.hint], ["password", "the usual"]);
  const retry = await answer("/sign-in", { login: second.login, password: "wrong" });
  assertEquals(retry.error, "passwordInvalid");
  assertEquals(
    (await answer("/sign-in", { login: second.login, password: PASSWORD })).kind,
    "user",
  );

  for (const body of ["", "{", "null", "[1]", '{"phone":1}', `"${"1".repeat(9999)}"`]) {
    const { status, error } = await answer("/code", body);
    assertEquals([status, error], [400, "badRequest"], body.slice(0, 20));
  }
  for (let n = 1; n < 3; n++) assertEquals((await answer("/code", { phone: PHONE })).status, 200);
  const flood = await answer("/code", { phone: PHONE }, "2.2.2.2");
  assertEquals([flood.status, flood.error], [429, "flood"]);
}

Deno.test("the routes of examples/nextjs sign a person in over two requests", async () => {
  await using _telegram = await startTelegram();
  await signInBy(postToNext);
});

Deno.test("the Worker of examples/hono signs a person in over two requests", async () => {
  await using telegram = await startTelegram();
  const { post, kept } = worldOfHono(telegram);
  await signInBy(post);
  assertEquals([...kept.keys()].filter((key) => key.startsWith("account:")).length, 2);
});

Deno.test("the edge route of examples/nextjs sends a message by WebSocket", async () => {
  await using telegram = await startTelegram();
  const { SESSION, PASSPHRASE } = await secretsFor(telegram);
  Deno.env.set("SESSION", SESSION);
  const request = new Request("http://localhost/", { method: "POST", body: "Hello!" });
  Deno.env.delete("PASSPHRASE");
  assertEquals((await nextSend(request)).status, 500);
  Deno.env.set("PASSPHRASE", PASSPHRASE);
  await sendBy(nextSend, telegram);
});

Deno.test("the server action of examples/nextjs takes a form from step to step", async () => {
  await using _telegram = await startTelegram();
  requestHeaders.set("x-forwarded-for", "3.3.3.3");
  setCookies.clear();
  const take = (state: FormState, fields: Record<string, string>): Promise<FormState> => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set("file", new Blob(["not a text"]));
    return takeStep(state, form);
  };
  const refused = await take({ step: "phone" }, { phone: "tea" });
  assertEquals([refused.step, refused.text], ["phone", "phoneInvalid."]);
  const code = await take({ step: "phone" }, { phone: WITH_PASSWORD });
  assertEquals([code.step, code.text], ["code", "Sent by sms."]);
  const wrong = await take(code, { code: "11111" });
  assertEquals(wrong, { ...code, text: "codeInvalid." });
  const password = await take(wrong, { code: CODE });
  assertEquals([password.step, password.text], ["password", "the usual"]);
  const done = await take(password, { password: PASSWORD });
  assertEquals(done, { step: "done", text: "Hello, User 2222!" });
  assert(setCookies.get("account")?.options.httpOnly);
  assertEquals((await take(wrong, { code: CODE })).step, "phone");
});

Deno.test("the form actions of examples/sveltekit sign a person in", async () => {
  await using _telegram = await startTelegram();
  const cookies: [string, string][] = [];
  const event = (fields: Record<string, string>) => ({
    request: new Request("http://localhost/", {
      method: "POST",
      body: new URLSearchParams(fields),
    }),
    cookies: { set: (name: string, value: string) => void cookies.push([name, value]) },
    getClientAddress: () => "4.4.4.4",
  });
  const refused = await actions.code(event({ phone: "tea" }));
  assertEquals([refused.step, refused.error], ["phone", "phoneInvalid"]);
  const { step, login = "" } = await actions.code(event({ phone: WITH_PASSWORD }));
  assertEquals(step, "code");
  const wrong = await actions.signIn(event({ login, code: "11111" }));
  assertEquals([wrong.step, wrong.login, wrong.error], ["code", login, "codeInvalid"]);
  const password = await actions.signIn(event({ login, code: CODE }));
  assertEquals(password, { step: "password", login, hint: "the usual" });
  const again = await actions.signIn(event({ login, password: "wrong" }));
  assertEquals([again.step, again.error], ["password", "passwordInvalid"]);
  const done = await actions.signIn(event({ login, password: PASSWORD }));
  assertEquals(done, { step: "done", name: "User 2222" });
  assertEquals((await actions.signIn(event({ login, code: CODE }))).step, "phone");
  assertEquals(cookies.map(([name]) => name), ["account"]);
});

Deno.test("a sign-in is forgotten after 15 minutes, and has ten attempts", async () => {
  await using telegram = await startTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  const kept = new Map<string, string>();
  let now = 1_700_000_000_000;
  const settings: Settings = {
    ...{ apiId, apiHash, clientOptions, now: () => now },
    store: {
      get: (id) => Promise.resolve(kept.get(id)),
      set: (id, value) => Promise.resolve(void kept.set(id, value)),
      delete: (id) => Promise.resolve(void kept.delete(id)),
    },
  };
  const start = async (): Promise<string> => {
    const answer = await requestCode(PHONE, "", settings);
    assert(answer.kind === "code");
    return answer.login;
  };
  const login = await start();
  now += 16 * 60_000;
  assertEquals(await signIn({ login, code: CODE }, settings), {
    kind: "error",
    error: "codeExpired",
    seconds: undefined,
  });
  const next = await start();
  for (let n = 0; n < 10; n++) await signIn({ login: next, code: "1" }, settings);
  const answer = await signIn({ login: next, code: CODE }, settings);
  assertEquals(answer.kind === "error" && answer.error, "flood");
});

Deno.test("the examples for frameworks have the same steps of a sign-in", async () => {
  const [first, ...others] = await Promise.all([
    "hono/src/sign_in.ts",
    "nextjs/lib/sign_in.ts",
    "sveltekit/src/lib/server/sign_in.ts",
  ].map((path) => Deno.readTextFile(new URL(`examples/${path}`, ROOT))));
  for (const other of others) assertEquals(other, first);
});
