// The example of a sign-in server. Each request is answered by a server that knows nothing of those
// before, as on a serverless host.

import { Client, StringSession } from "../../mod.ts";
import { signInServer, type Store } from "../../examples/serverless.ts";
import { serveInfo } from "../../src/cli/serve.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { freePort, untilListening } from "../helpers/edge.ts";

type Post = (path: string, body: unknown) => Promise<[number, Record<string, string>]>;

function world(telegram: OfflineTelegram): { post: Post; kept: Map<string, string> } {
  const kept = new Map<string, string>();
  const store: Store = {
    get: (id) => Promise.resolve(kept.get(id)),
    set: (id, value) => Promise.resolve(void kept.set(id, value)),
    delete: (id) => Promise.resolve(void kept.delete(id)),
  };
  const { apiId, apiHash, clientOptions } = telegram;
  const post: Post = async (path, body) => {
    const server = signInServer({ apiId, apiHash, clientOptions, store });
    const request = { method: "POST", body: JSON.stringify(body) };
    const response = await server(new Request(`http://localhost${path}`, request));
    return [response.status, await response.json()];
  };
  return { post, kept };
}

Deno.test("the serverless example signs in over two requests, and gives the session", async () => {
  await using telegram = new OfflineTelegram();
  const { post, kept } = world(telegram);
  const [, { login, sentBy }] = await post("/code", { phone: "+9996621111" });
  assertEquals(sentBy, "sms");
  const [status, { user, session }] = await post("/signin", { login, code: "22222" });
  assertEquals([status, kept.size], [200, 0]);
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

Deno.test("the serverless example runs with an offline Telegram elsewhere", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const port = freePort();
  const args = ["run", "-NE", new URL("../../examples/serverless.ts", import.meta.url).pathname];
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
