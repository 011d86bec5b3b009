/** The error of a session that cannot be read or kept. Its text never quotes the session. */

/** What a {@linkcode SessionError} says besides its text. */
export interface SessionErrorOptions extends ErrorOptions {
  /** See {@linkcode SessionError.format}. */
  readonly format?: string;
  /** See {@linkcode SessionError.lacks}. */
  readonly lacks?: "secret" | "passcode";
  /** See {@linkcode SessionError.holder}. */
  readonly holder?: string;
  /** See {@linkcode SessionError.since}. */
  readonly since?: Date;
}

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

  /** The option without which it cannot be read: it is sealed, or locked with a passcode. */
  readonly lacks?: "secret" | "passcode";

  /** The program that uses the session, if that is what is wrong. */
  readonly holder?: string;

  /** Since when {@linkcode holder} does, by its own clock. */
  readonly since?: Date;

  /** An error with a text that says what is wrong with a session, without quoting it. */
  constructor(message: string, options: SessionErrorOptions = {}) {
    super(message, options);
    this.format = options.format;
    this.lacks = options.lacks;
    this.holder = options.holder;
    this.since = options.since;
  }
}
