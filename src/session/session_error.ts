/** The error of a session that cannot be read or kept. Its text never quotes the session. */

/**
 * Thrown when a session cannot be read or kept. `format` names the library that the session is of, where it was
 * recognised: such a session is whole, but not one that is read here.
 *
 * @example
 * ```ts
 * import { SessionError, StringSession } from "@tessera/mtproto";
 *
 * try {
 *   new StringSession("not a session");
 * } catch (error) {
 *   if (error instanceof SessionError) console.log(error.message, error.format);
 * }
 * ```
 */
export class SessionError extends Error {
  /** The name of this class. */
  override readonly name = "SessionError";

  /** The library whose format was recognised, for example `"Pyrogram"`. */
  readonly format?: string;

  /** An error with a text that says what is wrong with a session, without quoting it. */
  constructor(message: string, options: ErrorOptions & { format?: string } = {}) {
    super(message, options);
    this.format = options.format;
  }
}
