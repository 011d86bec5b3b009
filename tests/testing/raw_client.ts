/**
 * A client that sends exactly the bytes of a test and keeps the answers, for bytes that our own
 * client never sends.
 */
import {
  type AuthKey,
  type CallBody,
  type ClientEvent,
  ClientSession,
  exchangeKeys,
  openEnvelope,
  packPlainMessage,
  unpackPlainMessage,
} from "../../src/mtproto/mod.ts";
import type { OfflineTelegram } from "../../src/testing/mod.ts";
import { abridged } from "../../src/transport/mod.ts";
import { assert } from "../helpers/assert.ts";
import { shortExponents } from "../helpers/remembered_powers.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

/** The outcome of a call. */
export type Outcome = Extract<ClientEvent, { type: "result" | "error" }>;

/** A client with its own key. */
export interface RawClient {
  readonly authKey: AuthKey;
  readonly session: ClientSession;
  /** The bodies of the server's messages, in order. */
  readonly received: Uint8Array[];
  /** Calls with these bytes, without wrappers. */
  call(body: CallBody): Promise<Outcome>;
  close(): void;
}

/** Connects and makes a key; with `expiresIn`, in seconds, a temporary one. */
export async function connectRaw(
  telegram: OfflineTelegram,
  { seed = 1, expiresIn, now = Date.now }: {
    seed?: number;
    expiresIn?: number;
    now?: () => number;
  } = {},
): Promise<RawClient> {
  const random = shortExponents(seededRandom(seed));
  const stream = await telegram.dial({ host: "dc2.offline", port: 443, dcId: 2 });
  const transport = abridged();
  await stream.write(transport.start());
  const read = async (): Promise<Uint8Array[]> => {
    const chunk = await stream.read();
    assert(chunk !== undefined, "the data center hung up");
    return transport.receive(chunk).map(({ payload }) => payload);
  };

  const exchange = exchangeKeys({ keys: telegram.keys, dcId: 2, random, expiresIn });
  let step = exchange.next();
  while (!step.done) {
    await stream.write(transport.pack(packPlainMessage({ msgId: 4n, body: step.value })));
    const [answer] = await read();
    step = exchange.next({ body: unpackPlainMessage(answer).body, now: now() });
  }

  const { authKey } = step.value;
  const session = new ClientSession({ ...step.value, random, synchronized: true });
  const received: Uint8Array[] = [];
  const outcome = async (id: number): Promise<Outcome> => {
    for (;;) {
      for (const packet of session.flush(now())) await stream.write(transport.pack(packet));
      for (const packet of await read()) {
        received.push(openEnvelope(packet, { authKey, sender: "server" }).body);
        for (const event of session.receive(packet, now())) {
          if ((event.type === "result" || event.type === "error") && event.call === id) {
            return event;
          }
        }
      }
    }
  };
  const call = (body: CallBody): Promise<Outcome> => outcome(session.call(body));
  return { authKey, session, received, call, close: () => stream.close() };
}
