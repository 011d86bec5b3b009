/**
 * Key exchanges at the same time on one connection: a permanent and a temporary key cost no more
 * round trips than one of them. Answers are told apart by their nonce.
 * https://core.telegram.org/api/pfs
 */
import { bytesToHex } from "../../crypto/mod.ts";
import {
  type AuthKeyResult,
  exchangeKeys,
  type KeyExchangeOptions,
  MsgIds,
  packPlainMessage,
  SecurityError,
  unpackPlainMessage,
} from "../../mtproto/mod.ts";
import { ConnectionError } from "../../net/mod.ts";
import type { PacketStream } from "../packet_stream.ts";

/** Returns the nonce of a request or an answer, which follows the constructor id. */
function nonceOf(body: Uint8Array): string {
  return bytesToHex(body.subarray(4, 20));
}

/**
 * Creates authorization keys over a fresh connection.
 *
 * @param now returns the local time in milliseconds since 1970
 */
export async function createAuthKeys(
  stream: PacketStream,
  packets: AsyncGenerator<Uint8Array, void>,
  now: () => number,
  all: readonly KeyExchangeOptions[],
): Promise<AuthKeyResult[]> {
  const msgIds = new MsgIds();
  const pack = (body: Uint8Array): Uint8Array =>
    packPlainMessage({ msgId: msgIds.next(now()), body });
  const results: AuthKeyResult[] = [];
  const exchanges = new Map<string, { index: number; run: ReturnType<typeof exchangeKeys> }>();
  const first: Uint8Array[] = [];
  for (const [index, options] of all.entries()) {
    const run = exchangeKeys(options);
    const step = run.next();
    if (step.done) return results; // never: an exchange begins with a request
    exchanges.set(nonceOf(step.value), { index, run });
    first.push(pack(step.value));
  }
  await stream.send(first);
  while (exchanges.size > 0) {
    const answer = await packets.next();
    if (answer.done) {
      throw new ConnectionError(
        "Cannot create a temporary key: the server closed the connection in the middle. " +
          "Check the network.",
      );
    }
    const { body } = unpackPlainMessage(answer.value);
    const nonce = nonceOf(body);
    const exchange = exchanges.get(nonce);
    if (exchange === undefined) {
      throw new SecurityError("nonce", "Cannot accept an answer: its nonce is not one of ours");
    }
    const step = exchange.run.next({ body, now: now() });
    if (step.done) {
      results[exchange.index] = step.value;
      exchanges.delete(nonce);
    } else await stream.send([pack(step.value)]);
  }
  return results;
}
