/**
 * The loop around the key exchange: plain messages over a packet stream, three round trips.
 * https://core.telegram.org/mtproto/auth_key; the steps themselves are in mtproto/key_exchange.ts.
 */
import { ConnectionError } from "../net/mod.ts";
import {
  type AuthKeyResult,
  exchangeKeys,
  type KeyExchangeOptions,
  MsgIds,
  packPlainMessage,
  unpackPlainMessage,
} from "../mtproto/mod.ts";
import type { PacketStream } from "./packet_stream.ts";

/**
 * Creates an authorization key over a fresh connection.
 *
 * @param packets what `stream.packets()` gave: the one reader of the stream
 * @param now the local time in milliseconds since 1970
 */
export async function createAuthKey(
  stream: PacketStream,
  packets: AsyncGenerator<Uint8Array, void>,
  now: () => number,
  options: KeyExchangeOptions,
): Promise<AuthKeyResult> {
  const msgIds = new MsgIds();
  const exchange = exchangeKeys(options);
  for (let step = exchange.next();;) {
    if (step.done) return step.value;
    await stream.send([packPlainMessage({ msgId: msgIds.next(now()), body: step.value })]);
    const answer = await packets.next();
    if (answer.done) {
      throw new ConnectionError(
        "Cannot create an auth key: the server closed the connection in the middle; is it " +
          "Telegram? Check the network, or use a VPN or the option useWSS",
      );
    }
    step = exchange.next({ body: unpackPlainMessage(answer.value).body, now: now() });
  }
}
