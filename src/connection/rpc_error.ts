/**
 * The error with which Telegram answers a call: https://core.telegram.org/api/errors. There is one
 * class for all of them; `code` and `is()` tell them apart. advice/ has what to do about them.
 */
import { isInstance } from "../runtime/mod.ts";

/** A number in a name, such as the 30 of FLOOD_WAIT_30 or the 5 of FILE_PART_5_MISSING. */
const NUMBER = /_(\d+)(?=_|$)/;
/** The names whose number is a number of seconds to wait. */
const WAIT = /_(?:WAIT|DELAY|TOO_FRESH)_\d+$/;

/** Two programs used one key: https://core.telegram.org/api/errors#406-not-acceptable */
const DUPLICATED = "AUTH_KEY_DUPLICATED";

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
  /** Makes `instanceof` true for the errors of another copy of this library, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(value, this, RpcError, ["RpcError"]);
  }
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
    super(
      `Cannot call "${method}": Telegram answered ${printable(errorMessage)} (${code})`,
      options,
    );
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

/** The most characters of a server's text in an error. */
const LONGEST = 200;

/** Returns a server's text as it may stand in a log: one line, and no commands of a terminal. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, LONGEST);
}

/** Whether an error says that Telegram has ended the sign-in, and that its keys are void. */
export function isKeyVoid(errorMessage: string): boolean {
  return errorMessage === DUPLICATED;
}

type Advice = typeof import("./advice/mod.ts");

let advice: Advice | Promise<Advice | undefined> | undefined;

/**
 * Adds to the text of an error what to do about it. It is a promise until that is loaded, once.
 * Without the network it may not load: the text stays as it is then.
 */
export function withAdvice(error: RpcError): RpcError | Promise<RpcError> {
  advice ??= import("./advice/mod.ts").then(
    (loaded) => advice = loaded,
    () => advice = undefined,
  );
  if (advice instanceof Promise) return advice.then((loaded) => advised(error, loaded));
  return advised(error, advice);
}

function advised(error: RpcError, loaded: Advice | undefined): RpcError {
  const text = loaded?.adviceFor(error);
  if (text !== undefined && !error.message.endsWith(text)) error.message += `: ${text}`;
  return error;
}
