/**
 * The error with which Telegram answers a call: https://core.telegram.org/api/errors. There is one
 * class for all of them; `code` and `is()` tell them apart.
 */

/** A number in a name, such as the 30 of FLOOD_WAIT_30 or the 5 of FILE_PART_5_MISSING. */
const NUMBER = /_(\d+)(?=_|$)/;
/** The names whose number is a number of seconds to wait. */
const WAIT = /_(?:WAIT|DELAY)_\d+$/;

/**
 * The errors of a key with which nobody is signed in:
 * https://core.telegram.org/api/errors#401-unauthorized
 */
const SIGNED_OUT = ["AUTH_KEY_UNREGISTERED", "SESSION_REVOKED", "SESSION_EXPIRED"];
const SIGN_IN = ", as nobody is signed in with this session: sign in first";
/** Two programs used one key: https://core.telegram.org/api/errors#406-not-acceptable */
const DUPLICATED = "AUTH_KEY_DUPLICATED";
const USED_TWICE = ", as two programs used this session at the same time. It is void for both: " +
  "sign in again, and use each session in one program (see docs/sessions.md)";

/**
 * Thrown when Telegram refuses a call.
 *
 * @example
 * ```ts
 * import { RpcError } from "@tessera/mtproto";
 *
 * const error = new RpcError(420, "FLOOD_WAIT_30", "auth.sendCode");
 * console.log(error.is("FLOOD_WAIT"), error.seconds); // true 30
 * ```
 */
export class RpcError extends Error {
  /** The name of this class. */
  override readonly name: string = "RpcError";
  /**
   * The kind of error, like an HTTP status: 303 another data center, 400 bad request, 401 not
   * signed in, 420 flood…
   */
  readonly code: number;
  /** Telegram's own name of the error, with its number if it has one: `"FLOOD_WAIT_30"`. */
  readonly errorMessage: string;
  /** The method that was called. */
  readonly method: string;
  /** The number in the name, such as the data center of a migration or the seconds of a wait. */
  declare readonly value?: number;
  /** Seconds to wait before the next call, if the error names them. */
  declare readonly seconds?: number;

  /** The error `errorMessage` with this `code`, as the answer to a call of `method`. */
  constructor(code: number, errorMessage: string, method: string, options?: ErrorOptions) {
    const said = `Cannot call "${method}": Telegram answered ${errorMessage} (${code})`;
    super(`${said}${adviceFor(errorMessage)}`, options);
    this.code = code;
    this.errorMessage = errorMessage;
    this.method = method;
    const number = NUMBER.exec(errorMessage)?.[1];
    if (number !== undefined) this.value = Number(number);
    if (WAIT.test(errorMessage)) this.seconds = this.value;
  }

  /**
   * Whether this is the error `name`, with its number or with the number cut off:
   * `is("PHONE_MIGRATE")`.
   */
  is(name: string): boolean {
    return this.errorMessage === name || this.errorMessage.replace(NUMBER, "") === name;
  }
}

/** Whether an error says that Telegram has ended the sign-in, and that its keys are void. */
export function isKeyVoid(errorMessage: string): boolean {
  return errorMessage === DUPLICATED;
}

function adviceFor(errorMessage: string): string {
  if (isKeyVoid(errorMessage)) return USED_TWICE;
  return SIGNED_OUT.includes(errorMessage) ? SIGN_IN : "";
}
