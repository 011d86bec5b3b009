/**
 * The proof that Telegram answers at an address: the first step of a key exchange, whose answer has
 * the nonce of the question. A page of a network that wants a sign-in does not have it.
 * https://core.telegram.org/mtproto/auth_key#dh-exchange-initiation
 */
import { MsgIds, packPlainMessage, unpackPlainMessage } from "../../mtproto/mod.ts";
import { bytesToHex } from "../../crypto/mod.ts";
import { ConnectionError } from "../../net/mod.ts";
import type { HttpAnswer } from "../../net/sockets/mod.ts";
import { mtprotoSchema, type TlObject } from "../../tl/mod.ts";
import type { HttpOptions } from "./mod.ts";

/**
 * Asks by `post`, and checks the answer.
 *
 * @throws {ConnectionError} if it is not Telegram that answers
 */
export async function proveAddress(
  post: (packet: Uint8Array) => Promise<HttpAnswer>,
  { random, clock }: Pick<HttpOptions, "random" | "clock">,
  url: string,
): Promise<void> {
  const nonce = random(16);
  const body = mtprotoSchema().encode({ _: "req_pq_multi", nonce });
  const answer = await post(packPlainMessage({ msgId: new MsgIds().next(clock.now()), body }));
  if (answer.status === 200 && isAnswerTo(nonce, answer.body)) return;
  throw new ConnectionError(
    `Cannot connect to "${url}": the answer is not from Telegram (status ${answer.status}). ` +
      "Check the address and the network.",
  );
}

function isAnswerTo(nonce: Uint8Array, packet: Uint8Array): boolean {
  try {
    const answer = mtprotoSchema().decode(unpackPlainMessage(packet).body) as TlObject;
    return answer._ === "resPQ" && bytesToHex(answer.nonce as Uint8Array) === bytesToHex(nonce);
  } catch {
    return false;
  }
}
