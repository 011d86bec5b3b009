/**
 * All connections to a data center share its temporary key; those to its addresses for files have
 * another one. What the client says to make a key is decrypted with the key of the server.
 */
import { rsaUnpad } from "../../../src/crypto/mod.ts";
import { unpackPlainMessage } from "../../../src/mtproto/mod.ts";
import { mtprotoSchema, type TlObject } from "../../../src/tl/mod.ts";
import { testRsaKey } from "../../../src/testing/api/mod.ts";
import { assert, assertEquals } from "../../helpers/assert.ts";
import { BOT_TOKEN, HOUR, MINUTE, SecretWorld } from "./secret_world.ts";

const PHONE = "+9996621111";
const CODE = "22222";
const LENGTH = 3_000_000;

/** Returns what the client said of each key that it has made: its data center, and its life. */
function exchangesOf({ packets }: SecretWorld): { dc: number; expiresIn: number | undefined }[] {
  return packets.flatMap(({ bytes, from, keyId }) => {
    if (keyId !== undefined || from === "server") return [];
    const request = mtprotoSchema().decode(unpackPlainMessage(bytes).body) as TlObject;
    if (request._ !== "req_DH_params") return [];
    const padded = rsaUnpad(testRsaKey(2), request.encryptedData as Uint8Array);
    const inner = mtprotoSchema().decode(padded, "Object", { allowTrailing: true }) as TlObject;
    return [{ dc: Number(inner.dc), expiresIn: inner.expiresIn as number | undefined }];
  });
}

const A_DAY = 86_400;
const PERMANENT = { dc: 2, expiresIn: undefined };
const TEMPORARY = { dc: 2, expiresIn: A_DAY };
const FOR_FILES = { dc: -2, expiresIn: A_DAY };

Deno.test("Several connections for a file share the temporary key of the first one", async () => {
  await using world = new SecretWorld({
    telegram: { accounts: [{ phone: PHONE, code: CODE }], bots: [] },
  });
  const { client } = world;
  await world.run(client.start({ phoneNumber: PHONE, phoneCode: CODE }));
  let most = 0;
  const sending = client.sendFile("me", new Uint8Array(LENGTH), { name: "zeros" });
  sending.then(() => {}, () => {});
  await world.pass(HOUR, () => (most = Math.max(most, world.connections)) > 2);
  await world.run(sending);
  assert(most > 2, `${most} connections`);
  assertEquals(exchangesOf(world), [PERMANENT, TEMPORARY]);
  assertEquals(world.keyIds.length, 1);
});

Deno.test("Addresses for files have a temporary key of their own, of a negative id", async () => {
  const port = 443;
  await using world = new SecretWorld({
    client: {
      dcs: [{ id: 2, host: "dc2.offline", port }, { id: 2, host: "files", port, mediaOnly: true }],
    },
    telegram: { accounts: [{ phone: PHONE, code: CODE }], bots: [] },
  });
  const { client } = world;
  await world.run(client.start({ phoneNumber: PHONE, phoneCode: CODE }));
  await world.run(client.sendFile("me", new Uint8Array(LENGTH), { name: "zeros" }));
  assertEquals(exchangesOf(world), [PERMANENT, TEMPORARY, FOR_FILES]);
  assertEquals(world.keyIds.length, 2);
});

Deno.test("All connections change to the new key, one of them makes it", async () => {
  await using world = new SecretWorld({
    client: { keepConnected: true },
    telegram: { accounts: [{ phone: PHONE, code: CODE }], bots: [] },
  });
  const { client } = world;
  await world.run(client.start({ phoneNumber: PHONE, phoneCode: CODE }));
  await world.pause(22 * HOUR);
  await world.run(client.sendFile("me", new Uint8Array(LENGTH), { name: "zeros" }));
  await world.pass(HOUR);
  assertEquals(exchangesOf(world), [PERMANENT, TEMPORARY, TEMPORARY]);
  const [, renewed] = world.keyIds;
  const since = world.time.now;
  await world.pass(5 * MINUTE);
  const late = world.packets.filter(({ at }) => at > since);
  assert(late.length > 8);
  assertEquals(new Set(late.map(({ keyId }) => keyId)), new Set([renewed]));
});

Deno.test("A test data center has 10000 added to its id", async () => {
  await using world = new SecretWorld({
    client: { testServers: true, dcs: [{ id: 2, host: "dc2.offline", port: 443 }] },
  });
  await world.run(world.client.botSignIn(BOT_TOKEN));
  assertEquals(exchangesOf(world).map(({ dc }) => dc), [10_002, 10_002]);
});
