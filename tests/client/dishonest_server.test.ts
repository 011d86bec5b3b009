import { type SecurityCheck, SecurityError, StringSession } from "../../mod.ts";
import { TELEGRAM_DH_PRIME } from "../../src/crypto/mod.ts";
import { type ObservedPacket, OfflineTelegram, testRsaKey } from "../../src/testing/mod.ts";
import type { TlObject } from "../../src/tl/mod.ts";
import { assertEquals, assertRejects } from "../helpers/assert.ts";
import { BOT_TOKEN, clientOf } from "../helpers/sign_in_flows.ts";

/** A lie about one field of one of the server's answers, and the rule that it breaks. */
interface Lie {
  readonly about: string;
  readonly field: string;
  readonly value: unknown | ((truth: never) => unknown);
  readonly check: SecurityCheck;
}

function flipped(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, index) => index === bytes.length - 1 ? byte ^ 1 : byte);
}

const ONE = Uint8Array.of(1);
const COMPOSITE = flipped(TELEGRAM_DH_PRIME); // even

const LIES: readonly Lie[] = [
  { about: "resPQ", field: "nonce", value: flipped, check: "nonce" },
  { about: "resPQ", field: "serverPublicKeyFingerprints", value: [7n], check: "rsa_fingerprint" },
  { about: "resPQ", field: "serverPublicKeyFingerprints", value: [], check: "rsa_fingerprint" },
  { about: "resPQ", field: "pq", value: Uint8Array.of(0x7f), check: "pq" },
  { about: "resPQ", field: "pq", value: new Uint8Array(9).fill(3), check: "pq" },
  { about: "server_DH_params_ok", field: "nonce", value: flipped, check: "nonce" },
  { about: "server_DH_params_ok", field: "serverNonce", value: flipped, check: "server_nonce" },
  {
    about: "server_DH_params_ok",
    field: "encryptedAnswer",
    value: flipped,
    check: "dh_answer_hash",
  },
  {
    about: "server_DH_params_ok",
    field: "encryptedAnswer",
    value: (truth: Uint8Array) => truth.subarray(1),
    check: "dh_answer_hash",
  },
  { about: "server_DH_inner_data", field: "nonce", value: flipped, check: "nonce" },
  { about: "server_DH_inner_data", field: "serverNonce", value: flipped, check: "server_nonce" },
  { about: "server_DH_inner_data", field: "dhPrime", value: COMPOSITE, check: "dh_prime" },
  { about: "server_DH_inner_data", field: "g", value: 2, check: "dh_prime" },
  { about: "server_DH_inner_data", field: "g", value: 8, check: "dh_prime" },
  { about: "server_DH_inner_data", field: "gA", value: ONE, check: "g_a" },
  { about: "server_DH_inner_data", field: "gA", value: TELEGRAM_DH_PRIME, check: "g_a" },
  { about: "dh_gen_ok", field: "nonce", value: flipped, check: "nonce" },
  { about: "dh_gen_ok", field: "serverNonce", value: flipped, check: "server_nonce" },
  { about: "dh_gen_ok", field: "newNonceHash1", value: flipped, check: "new_nonce_hash" },
];

function tell({ about, field, value }: Lie): (object: TlObject) => TlObject {
  return (object) => {
    if (object._ !== about) return object;
    const lie = typeof value === "function" ? value(object[field]) : value;
    return { ...object, [field]: lie };
  };
}

function shown(value: unknown): string {
  if (typeof value === "function") return "changed";
  return value instanceof Uint8Array ? `of ${value.length} bytes` : String(value) || "none";
}

for (const lie of LIES) {
  const name = `${lie.about}.${lie.field} ${shown(lie.value)}`;
  Deno.test(`Client breaks off with "${lie.check}" when the server lies: ${name}`, async () => {
    let connections = 0;
    const onPacket = ({ direction, plain }: ObservedPacket) =>
      void (direction === "out" && plain && connections++);
    await using telegram = new OfflineTelegram({ keyExchange: { tamper: tell(lie) }, onPacket });
    const session = new StringSession();
    await using client = clientOf(telegram, {}, session);
    const error = await assertRejects(() => client.connect(), SecurityError);
    assertEquals(error.check, lie.check);
    assertEquals(session.save(), "");
    assertEquals(session.state.user, undefined);
    const answers = connections;
    assertEquals(answers <= 3, true, "it is not tried again");
    await assertRejects(() => client.botSignIn(BOT_TOKEN), SecurityError);
    assertEquals(connections, 2 * answers, "a call tries once more, and fails as well");
  });
}

Deno.test("Client stops when the server fails or moves in circles", async () => {
  for (const outcome of ["dh_gen_fail", "dh_gen_retry"] as const) {
    await using telegram = new OfflineTelegram({ keyExchange: { outcome: () => outcome } });
    await using client = clientOf(telegram);
    const error = await assertRejects(() => client.connect(), SecurityError);
    assertEquals(error.check, outcome);
    assertEquals(client.session.save(), "");
  }
});

Deno.test("Client takes another g_b when the server asks for one", async () => {
  const outcome = (attempt: number) => attempt < 2 ? "dh_gen_retry" : "dh_gen_ok";
  await using telegram = new OfflineTelegram({ keyExchange: { outcome } });
  await using client = clientOf(telegram);
  assertEquals((await client.botSignIn(BOT_TOKEN)).id, 777n);
});

Deno.test("Client does not talk to a server whose RSA key it does not trust", async () => {
  await using telegram = new OfflineTelegram({ rsaKey: () => testRsaKey(1) });
  await using other = new OfflineTelegram({ rsaKey: () => testRsaKey(2) });
  await using client = clientOf(telegram, { keys: other.keys });
  const error = await assertRejects(() => client.connect(), SecurityError);
  assertEquals(error.check, "rsa_fingerprint");
});

Deno.test("A key that is known stays in the session when a later exchange goes wrong", async () => {
  let isLying = false;
  const tamper = (object: TlObject) =>
    isLying && object._ === "dh_gen_ok" ? { ...object, newNonceHash1: new Uint8Array(16) } : object;
  await using telegram = new OfflineTelegram({ dcs: [2, 4], keyExchange: { tamper } });
  await using client = clientOf(telegram);
  await client.botSignIn(BOT_TOKEN);
  const text = client.session.save();
  isLying = true;
  telegram.api.failNext("updates.getState", { code: 303, message: "USER_MIGRATE_4" });
  await assertRejects(() => client.isAuthorized(), SecurityError);
  assertEquals(client.session.save(), text);
  assertEquals(client.session.state.dcId, 2);
  assertEquals(await client.isAuthorized(), true, "the client is where it was");
  await using restored = clientOf(telegram, {}, new StringSession(text));
  assertEquals(await restored.isAuthorized(), true);
});
