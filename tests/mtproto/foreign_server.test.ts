/**
 * A recorded conversation with gotd's server, which accepted every packet of our client, replayed
 * byte for byte: a key exchange, then calls answered in gzip, by errors, after updates in a
 * container, after a new salt and after a new session.
 */
import { bytesToHex, hexToBytes, rsaPublicKey } from "../../src/crypto/mod.ts";
import { type ClientEvent, ClientSession, exchangeKeys } from "../../src/mtproto/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { readVectors } from "../helpers/vectors.ts";

/**
 * The steps: the client calls, writes a packet, receives one, or begins a new session, as it did
 * when this was recorded after the first notice of a bad seq_no.
 */
type Turn =
  | { readonly call: string }
  | { readonly restart: true }
  | { readonly client: string }
  | { readonly server: string; readonly events: readonly Record<string, unknown>[] };

interface Conversation {
  readonly seed: number;
  readonly now: number;
  readonly n: string;
  readonly e: string;
  readonly exchange: readonly { readonly request: string; readonly answer: string }[];
  readonly authKey: string;
  readonly serverSalt: string;
  readonly timeOffset: number;
  readonly conversation: readonly Turn[];
}

const [recorded] = readVectors<Conversation>("gotd_server.json");

/** Replays the client's part up to the key. */
function exchanged(): ClientSession {
  const { now, n, e, exchange } = recorded;
  const random = seededRandom(recorded.seed);
  const keys = [rsaPublicKey(hexToBytes(n), hexToBytes(e))];
  const steps = exchangeKeys({ keys, dcId: 2, random });
  let step = steps.next();
  for (const { request, answer } of exchange) {
    assert(!step.done);
    assertEquals(bytesToHex(step.value), request);
    step = steps.next({ body: hexToBytes(answer), now });
  }
  assert(step.done);
  const { authKey, serverSalt, timeOffset } = step.value;
  assertEquals(bytesToHex(authKey.bytes), recorded.authKey);
  assertEquals(String(serverSalt), recorded.serverSalt);
  assertEquals(timeOffset, recorded.timeOffset);
  return new ClientSession({ ...step.value, random, synchronized: true });
}

/** Returns an event as JSON. */
function plain(event: ClientEvent): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(event).map(([name, value]) => [
      name,
      value instanceof Uint8Array
        ? bytesToHex(value)
        : typeof value === "bigint"
        ? String(value)
        : value,
    ]),
  );
}

Deno.test("exchangeKeys() and ClientSession repeat the conversation with gotd's server", () => {
  const session = exchanged();
  let packets: Uint8Array[] = [];
  for (const turn of recorded.conversation) {
    if ("call" in turn) session.call(hexToBytes(turn.call));
    else if ("restart" in turn) session.restart();
    else if ("client" in turn) {
      if (packets.length === 0) packets = session.flush(recorded.now);
      const packet = packets.shift();
      assert(packet !== undefined);
      assertEquals(bytesToHex(packet), turn.client);
    } else {
      const events = session.receive(hexToBytes(turn.server), recorded.now);
      assertEquals(events.map(plain), turn.events);
    }
  }
  const types = recorded.conversation.flatMap((turn) =>
    "events" in turn ? turn.events.map(({ type }) => type) : []
  );
  assertEquals([...new Set(types)].sort(), ["error", "new_session", "result", "salt", "update"]);
});
