/**
 * The property itself: all packets of a life are recorded, and the session is stolen afterwards.
 * With its keys nothing can be read. Without forwardSecrecy all of it can.
 */
import type { SessionState } from "../../../mod.ts";
import { bytesToHex, concatBytes, encodeUtf8 } from "../../../src/crypto/mod.ts";
import { AuthKey, openEnvelope } from "../../../src/mtproto/mod.ts";
import { assert, assertEquals } from "../../helpers/assert.ts";
import { HOUR, type Recorded, SecretWorld } from "./secret_world.ts";

const PHONE = "+9996621111";
const CODE = "22222";
const SECRET = "meet me at the old bridge";

/** Returns what a thief reads in a packet with a key, whatever key its header names. */
function read({ bytes, from }: Recorded, key: AuthKey): Uint8Array | undefined {
  const packet = concatBytes(key.id, bytes.subarray(8));
  try {
    return openEnvelope(packet, { authKey: key, sender: from }).body;
  } catch {
    return undefined;
  }
}

function contains(bytes: Uint8Array, part: Uint8Array): boolean {
  return bytesToHex(bytes).includes(bytesToHex(part));
}

/** A life with a sign-in, a secret message, another data center and some renewals. */
async function live(isSecret: boolean): Promise<{ world: SecretWorld; state: SessionState }> {
  const world = new SecretWorld({
    client: { forwardSecrecy: isSecret, keepConnected: true },
    telegram: { dcs: [2, 4], accounts: [{ phone: PHONE, code: CODE, id: 11n }], bots: [] },
  });
  const { client } = world;
  await world.run(client.start({ phoneNumber: PHONE, phoneCode: CODE }));
  await world.run(client.sendMessage("me", SECRET));
  await world.run(client.invoke({ _: "help.getNearestDc" }, { dcId: 4 }));
  for (let day = 0; day < 2; day++) {
    await world.pause(22 * HOUR);
    await world.pass(1.5 * HOUR);
    await world.run(client.sendMessage("me", `${SECRET} ${day}`));
  }
  world.cut();
  await world.run(client.sendMessage("me", `${SECRET} again`));
  await world.run(client.disconnect());
  return { world, state: client.session.state };
}

Deno.test("Recorded packets stay secret when the session is stolen later", async () => {
  const { world, state } = await live(true);
  const keys = state.dcs.flatMap(({ authKey }) => authKey ? [new AuthKey(authKey)] : []);
  assertEquals(keys.length, 2);
  const encrypted = world.packets.filter(({ keyId }) => keyId !== undefined);
  assert(encrypted.length > 300, `only ${encrypted.length} packets`);
  for (const key of keys) {
    for (const packet of encrypted) {
      assert(packet.keyId !== key.idHex, "a permanent key is on the line");
      assertEquals(read(packet, key), undefined);
    }
  }
  assertEquals(world.keyIds.length, 4, "three for DC 2, one for DC 4");
  await world.telegram.close();
});

Deno.test("Without forwardSecrecy, who steals the session reads all that was recorded", async () => {
  const { world, state } = await live(false);
  const keys = state.dcs.flatMap(({ authKey }) => authKey ? [new AuthKey(authKey)] : []);
  const bodies = world.packets.flatMap((packet) => {
    if (packet.keyId === undefined) return [];
    const key = keys.find(({ idHex }) => idHex === packet.keyId);
    const body = key && read(packet, key);
    assert(body !== undefined, "a packet cannot be read");
    return [body];
  });
  assert(bodies.filter((body) => contains(body, encodeUtf8(SECRET))).length >= 4);
  await world.telegram.close();
});
