/** Tests that leak a secret, each in its own way, for secret_watcher.test.ts. */
import { Client, StringSession } from "../../mod.ts";
import { bytesToHex } from "../../src/crypto/mod.ts";
import { silentLogger } from "../../src/runtime/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";

class SomeError extends Error {
  details?: unknown;
}

/** Signs a bot in; gives its session. */
async function signIn(): Promise<StringSession> {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
  await client.start({ botAuthToken: "777:TESTTOKEN" });
  return client.session;
}

async function keyOf(): Promise<Uint8Array> {
  const { state: { dcs: [{ authKey }] } } = await signIn();
  return authKey ?? new Uint8Array();
}

Deno.test("nothing leaks", async () => void await signIn());

Deno.test("leak: the text of an error", async () => {
  new SomeError(`a key of ${bytesToHex(await keyOf())}`);
});

Deno.test("leak: a field of an error", async () => {
  new SomeError("a key").details = { key: await keyOf() };
});

Deno.test("leak: the cause of a cause of an error", async () => {
  const cause = new TypeError("a key", { cause: JSON.stringify([...await keyOf()]) });
  new SomeError("no key", { cause });
});

Deno.test("leak: a session string in an error that is caught", async () => {
  try {
    throw new RangeError((await signIn()).save());
  } catch {
    // Nobody looks at it.
  }
});

Deno.test("leak: a token in an error", async () => {
  await signIn();
  new SomeError("777:TESTTOKEN");
});

Deno.test("leak: a line of the log that nobody reads", async () => {
  silentLogger.debug("a key", btoa(String.fromCharCode(...await keyOf())));
});

Deno.test("leak: the console", async () => {
  // deno-lint-ignore no-console
  console.log({ key: await keyOf() });
});

Deno.test("leak: the inspection of a session", async () => {
  const session = await signIn();
  const key = [...await keyOf()];
  session.toJSON = () => ({ key });
  session.save();
});
