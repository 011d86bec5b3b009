import { OfflineTelegram } from "@tessera/mtproto/testing";
import { freePort, untilListening } from "../helpers/edge.ts";
import { assertEquals, assertMatch } from "../helpers/assert.ts";
import { runDeno } from "../helpers/processes.ts";
import { secretsFor, sendBy } from "../helpers/edge_example.ts";

const ROOT = new URL("../../", import.meta.url);
const EXAMPLE = "examples/deno_serve/main.ts";
const CONFIG = `--config=${ROOT.pathname}deno.json`;

Deno.test("examples/deno_serve sends messages over loopback", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const secrets = await secretsFor(telegram);
  const port = freePort();
  const args = ["run", "-NE", CONFIG, new URL(EXAMPLE, ROOT).pathname];
  const env = { ...secrets, PORT: String(port) };
  const command = new Deno.Command(Deno.execPath(), { args, env, stdin: "null", stdout: "null" });
  await using child = command.spawn();
  let ended = false;
  void child.status.then(() => ended = true);
  await untilListening(port, () => ended);
  await sendBy(fetch, telegram, `http://127.0.0.1:${port}/`);
});

Deno.test("examples/deno_serve refuses to run without a passphrase", async () => {
  const env = { API_ID: "1", SESSION: "", PASSPHRASE: "", PORT: "0" };
  const { code, stderr } = await runDeno(["run", "-NE", CONFIG, EXAMPLE], "", env);
  assertEquals(code, 1);
  assertMatch(stderr, /Cannot serve: set PASSPHRASE/);
});
