// The example of a sign-in server. Each request is answered by a server that knows nothing of those
// before, as on a serverless host.

import { Client, StringSession } from "../../mod.ts";
import { signInServer, type Store } from "../../examples/serverless/main.ts";
import { serveInfo } from "../../src/cli/serve_info.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { freePort, untilListening } from "../helpers/edge.ts";
import "../helpers/quick_passwords.ts";

type Post = (
  path: string,
  body: unknown,
  address?: string,
) => Promise<[number, Record<string, string>]>;

interface World {
  readonly post: Post;
  readonly kept: Map<string, string>;
  /** Sends a body as it is. */
  raw(path: string, body: BodyInit): Promise<[number, Record<string, string>]>;
  /** Moves the time of the server, in seconds. */
  pass(seconds: number): void;
}

function world(telegram: OfflineTelegram): World {
  const kept = new Map<string, string>();
  let time = 1_700_000_000_000;
  const store: Store = {
    get: (id) => Promise.resolve(kept.get(id)),
    set: (id, value) => Promise.resolve(void kept.set(id, value)),
    delete: (id) => Promise.resolve(void kept.delete(id)),
  };
  const { apiId, apiHash, clientOptions } = telegram;
  const send = async (
    path: string,
    body: BodyInit,
    address?: string,
  ): Promise<[number, Record<string, string>]> => {
    const server = signInServer({ apiId, apiHash, clientOptions, store, now: () => time });
    const request = new Request(`http://localhost${path}`, { method: "POST", body });
    const response = await server(request, address);
    return [response.status, await response.json()];
  };
  const post: Post = (path, body, address) => send(path, JSON.stringify(body), address);
  return { post, kept, raw: send, pass: (seconds) => time += seconds * 1000 };
}

Deno.test("the serverless example signs in over two requests, and gives the session", async () => {
  await using telegram = new OfflineTelegram();
  const { post, kept } = world(telegram);
  const [, { login, sentBy }] = await post("/code", { phone: "+9996621111" });
  assertEquals(sentBy, "sms");
  const [status, { user, session }] = await post("/signin", { login, code: "22222" });
  assertEquals(status, 200);
  assertEquals([...kept.keys()].filter((key) => key.includes(login)), []);
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = new Client(new StringSession(session), apiId, apiHash, clientOptions);
  assertEquals(String((await client.getMe())?.id), user);
});

Deno.test("the serverless example asks again after a wrong password", async () => {
  await using telegram = new OfflineTelegram();
  const { post } = world(telegram);
  const [, { login }] = await post("/code", { phone: "+9996622222" });
  const [, needs] = await post("/signin", { login, code: "22222" });
  assertEquals(needs, { needs: "password", hint: "the usual" });
  const [status, { error }] = await post("/signin", { login, password: "wrong" });
  assertEquals([status, error], [400, "passwordInvalid"]);
  const [, { session }] = await post("/signin", { login, password: "hunter2" });
  assert(session.length > 300);
});

Deno.test("the serverless example says what was wrong", async () => {
  await using telegram = new OfflineTelegram();
  const { post } = world(telegram);
  const [, { login }] = await post("/code", { phone: "+9996621111" });
  assertEquals((await post("/signin", { login, code: "11111" }))[1].error, "codeInvalid");
  assertEquals((await post("/signin", { login: "0", code: "1" }))[1].error, "codeExpired");
  assertEquals((await post("/code", { phone: "tea" }))[1].error, "phoneInvalid");
  assertEquals((await post("/else", {}))[0], 404);
  assertEquals((await post("/signin", { login, code: "22222" }))[0], 200);
});

Deno.test("the serverless example answers 400 to a request that it cannot read", async () => {
  await using telegram = new OfflineTelegram();
  const { raw, post } = world(telegram);
  const bodies = [
    "",
    "{",
    "null",
    "[1]",
    '"text"',
    '{"phone":1}',
    `{"phone":"${"1".repeat(9999)}"}`,
  ];
  for (const body of bodies) {
    assertEquals(await raw("/code", body), [400, { error: "badRequest" }], body.slice(0, 20));
  }
  for (const path of ["/toString", "/__proto__", "/constructor"]) {
    assertEquals((await post(path, {}))[0], 404);
  }
  assertEquals((await post("/signin", {}))[1].error, "codeExpired");
  assertEquals((await post("/code", {}))[1].error, "phoneInvalid");
});

Deno.test("the serverless example forgets a sign-in that nobody finishes", async () => {
  await using telegram = new OfflineTelegram();
  const { post, pass } = world(telegram);
  const [, { login }] = await post("/code", { phone: "+9996621111" });
  pass(16 * 60);
  assertEquals((await post("/signin", { login, code: "22222" }))[1].error, "codeExpired");
});

Deno.test("the serverless example limits the codes and the attempts", async () => {
  await using telegram = new OfflineTelegram();
  const { post, pass } = world(telegram);
  const ask = async (phone: string, address: string): Promise<number> =>
    (await post("/code", { phone }, address))[0];
  for (let n = 0; n < 3; n++) assertEquals(await ask("+9996621111", "1.1.1.1"), 200);
  assertEquals(await ask("+999 662 1111", "1.1.1.2"), 429);
  for (let n = 3; n < 20; n++) await ask(`+99966200${10 + n}`, "1.1.1.1");
  assertEquals(await ask("+9996620099", "1.1.1.1"), 429);
  pass(3601);
  const [status, { login }] = await post("/code", { phone: "+9996621111" }, "1.1.1.1");
  assertEquals(status, 200);
  const wrong = async (): Promise<number> => (await post("/signin", { login, code: "1" }))[0];
  for (let n = 0; n < 10; n++) assertEquals(await wrong(), 400);
  const [refused, { error }] = await post("/signin", { login, code: "22222" });
  assertEquals([refused, error], [429, "flood"]);
});

Deno.test("the serverless example runs with an offline Telegram elsewhere", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const port = freePort();
  const root = new URL("../../", import.meta.url).pathname;
  const args = ["run", "-NE", `--config=${root}deno.json`, `${root}examples/serverless/main.ts`];
  const env = { TELEGRAM: JSON.stringify(serveInfo(telegram)), PORT: String(port) };
  const command = new Deno.Command(Deno.execPath(), { args, env, stdin: "null", stdout: "null" });
  await using child = command.spawn();
  let ended = false;
  void child.status.then(() => ended = true);
  await untilListening(port, () => ended);
  const post = async (path: string, body: unknown): Promise<Record<string, string>> => {
    const request = { method: "POST", body: JSON.stringify(body) };
    return await (await fetch(`http://127.0.0.1:${port}${path}`, request)).json();
  };
  const { login } = await post("/code", { phone: "+9996621111" });
  const { session } = await post("/signin", { login, code: "22222" });
  assert(session.length > 300);
});
