/**
 * The error of a message whose fate is open: it was on its way, and no answer came.
 */
import { errorOf, isInstance } from "../runtime/mod.ts";

/**
 * Thrown when it is not known whether a message was sent: the connection was lost or closed before
 * the answer came, or Telegram failed within. Any other error of `sendMessage` means that the
 * message was not sent, except the reason of a signal that aborts.
 *
 * To be sure, send the message again with the same `randomId`: Telegram never makes a second
 * message of it, and returns the first one if there is one.
 *
 * @example
 * ```ts
 * import { type Client, type Message, UncertainSendError } from "@tessera/mtproto";
 *
 * async function sendOnce(client: Client, to: string, message: string): Promise<Message> {
 *   try {
 *     return await client.sendMessage(to, message);
 *   } catch (error) {
 *     if (!(error instanceof UncertainSendError)) throw error;
 *     return await client.sendMessage(to, { message, randomId: error.randomId });
 *   }
 * }
 * ```
 */
export class UncertainSendError extends Error {
  /** Makes `instanceof` true for the errors of another copy of this library, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(value, this, UncertainSendError, ["UncertainSendError"]);
  }
  /** Always `UncertainSendError`. */
  override readonly name = "UncertainSendError";
  /** The number that distinguishes the message: signed 64 bits. */
  readonly randomId: bigint;

  /** The error of the message with this `randomId`; `cause` is the reason. */
  constructor(randomId: bigint, cause: unknown) {
    const reason = errorOf(cause).message.replace(/\.$/, "");
    super(
      `Cannot tell whether the message was sent: ${reason}. Send it again with the randomId of ` +
        "this error: it is never sent twice.",
      { cause },
    );
    this.randomId = randomId;
  }
}
