/** The error of a session that cannot be read or saved. Its text never quotes the session. */
import { isInstance } from "../runtime/mod.ts";

/** The fields of a {@linkcode SessionError}. */
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
 * Thrown when a session cannot be read, saved or converted.
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
  /** Makes `instanceof` true for the errors of another copy of this library, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(value, this, SessionError, ["SessionError"]);
  }
  /** The name of this class. */
  override readonly name = "SessionError";

  /**
   * The library that wrote the session, for example `"Pyrogram"`, if it was recognised. Such a
   * session may be intact: `importSession()` reads the formats of many libraries.
   */
  declare readonly format?: string;

  /** The option that is missing: `secret` of a sealed session, `passcode` of a locked one. */
  declare readonly lacks?: "secret" | "passcode";

  /** The other program that uses the session, if that is the reason. */
  declare readonly holder?: string;

  /** When {@linkcode holder} began to use the session, by its own clock. */
  declare readonly since?: Date;

  /**
   * An error about a session.
   *
   * @param message the text, which must not quote the session
   * @param options the fields of the error, and its `cause`
   */
  constructor(message: string, options: SessionErrorOptions = {}) {
    super(message, options);
    const { format, lacks, holder, since } = options;
    // Absent fields stay absent: a runtime that prints the error would print them as undefined.
    if (format !== undefined) this.format = format;
    if (lacks !== undefined) this.lacks = lacks;
    if (holder !== undefined) this.holder = holder;
    if (since !== undefined) this.since = since;
  }
}
