/**
 * Runs GramJS's StoreSession in a process of its own, because its folders are relative. Reads
 * "ours", writes "theirs". Deno's localStorage is hidden: GramJS would prefer it to a folder.
 */

Object.defineProperty(globalThis, "localStorage", { value: undefined });

const { StoreSession } = await import("telegram/sessions/index.js");
const { AuthKey } = await import("telegram/crypto/AuthKey.js");
const { Api } = await import("telegram/tl/index.js");
const { returnBigInt: bigInt } = await import("telegram/Helpers.js");
const { Buffer } = await import("node:buffer");

const ours = new StoreSession("ours");
await ours.load();
const key = Uint8Array.from({ length: 256 }, (_, i) => (i * 7 + 1) % 256);
const theirs = new StoreSession("theirs");
theirs.setDC(4, "149.154.167.91", 443);
const authKey = new AuthKey();
await authKey.setKey(Buffer.from(key));
theirs.setAuthKey(authKey);
theirs.processEntities([
  new Api.User({ id: bigInt(5), accessHash: bigInt(-7), username: "Five", phone: "555" }),
]);
const said = JSON.stringify({
  dcId: ours.dcId,
  serverAddress: ours.serverAddress,
  port: ours.port,
  authKey: [...(ours.authKey?.getKey() ?? [])],
  peer: ours.getEntityRowsById("777000"),
});
await Deno.stdout.write(new TextEncoder().encode(said));
