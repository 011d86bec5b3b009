/**
 * The examples for the edge, in their runtimes: both send messages from a string session, to whoever knows the passphrase only.
 * Not part of `deno task test`: run by `deno task test:runtimes`.
 */
import { Client, StringSession } from "@tessera/mtproto";
import { OfflineTelegram } from "@tessera/mtproto/testing";
import { serveInfo } from "../../src/cli/serve.ts";
import { assertEquals } from "../assert.ts";
import { newProject } from "../npm/project.ts";
import {
  bundle,
  freePort,
  type Running,
  startWorkerd,
  untilListening,
  WORKER_BUNDLE,
} from "./edge.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);
const PASSPHRASE = "open sesame";

/** Signs in as a person; gives what the examples are told. */
async function secretsFor(telegram: OfflineTelegram): Promise<Record<string, string>> {
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
  await client.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
  return {
    API_ID: String(apiId),
    API_HASH: apiHash,
    SESSION: client.session.save(),
    PASSPHRASE,
    TELEGRAM: JSON.stringify(serveInfo(telegram)),
  };
}

async function lastMessage(telegram: OfflineTelegram, session: string): Promise<unknown> {
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = new Client(new StringSession(session), apiId, apiHash, clientOptions);
  await client.connect();
  const history = await client.invoke({
    _: "messages.getHistory",
    peer: { _: "inputPeerSelf" },
    offsetId: 0,
    offsetDate: 0,
    addOffset: 0,
    limit: 1,
    maxId: 0,
    minId: 0,
    hash: 0n,
  });
  const [last] = "messages" in history ? history.messages : [];
  return last?._ === "message" ? { id: last.id, text: last.message } : undefined;
}

/** What both must do. */
async function sendBy(
  { url }: Running,
  telegram: OfflineTelegram,
  secrets: Record<string, string>,
): Promise<void> {
  const post = (passphrase: string, body: string): Promise<Response> =>
    fetch(url, { method: "POST", body, headers: { authorization: `Bearer ${passphrase}` } });
  for (const text of ["Hello!", "Hello again!"]) {
    const { id } = await (await post(PASSPHRASE, text)).json();
    assertEquals(await lastMessage(telegram, secrets.SESSION), { id, text });
  }
  for (const [passphrase, text, status] of [["wrong", "Hello!", 401], [PASSPHRASE, "", 400]]) {
    const response = await post(String(passphrase), String(text));
    await response.text();
    assertEquals(response.status, status);
  }
}

Deno.test("examples/cloudflare_worker.ts sends messages from a string session, in workerd", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const secrets = await secretsFor(telegram);
  using project = await newProject();
  await Deno.copyFile(new URL("cloudflare_worker.ts", EXAMPLES), `${project.folder}worker.ts`);
  const out = await bundle(project.folder, "worker.ts", WORKER_BUNDLE);
  await using workerd = await startWorkerd(out, "worker.js", [], secrets);
  await sendBy(workerd, telegram, secrets);
});

Deno.test("examples/deno_serve.ts sends messages from a string session, in Deno", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const secrets = await secretsFor(telegram);
  const port = freePort();
  const args = ["run", "-NE", new URL("deno_serve.ts", EXAMPLES).pathname];
  const env = { ...secrets, PORT: String(port) };
  const command = new Deno.Command(Deno.execPath(), { args, env, stdin: "null", stdout: "null" });
  await using child = command.spawn();
  let ended = false;
  void child.status.then(() => ended = true);
  await untilListening(port, () => ended);
  const running = { url: `http://127.0.0.1:${port}/`, [Symbol.asyncDispose]: async () => {} };
  await sendBy(running, telegram, secrets);
});
