// The one error of this floor: bytes that are not what the schema says, or a value that the schema does not allow.
// It names the place inside of the object, never the value that stood there: it may have been a secret.

/**
 * Thrown when TL cannot be decoded, encoded, or (a schema's text) read.
 *
 * @example
 * ```ts
 * import { apiSchema, TlError } from "@tessera/mtproto/tl";
 *
 * try {
 *   apiSchema().encode({ _: "inputPeerChat", chatId: 5 });
 * } catch (error) {
 *   if (error instanceof TlError) console.log(error.path, error.message); // inputPeerChat.chatId …
 * }
 * ```
 */
export class TlError extends Error {
  /** Always `TlError`. */
  override readonly name = "TlError";
  readonly #action: string;
  readonly #problem: string;
  #path: string;

  /**
   * Reads as `Cannot <action> "<path>": <problem>`.
   *
   * @param action what was being done: `decode`, `encode`, `parse`
   * @param problem what is and what was expected: `the number 1.5, expected a 32-bit integer`
   * @param path the place, when it is known already
   * @param options the usual options of an `Error`
   */
  constructor(action: string, problem: string, path = "", options?: ErrorOptions) {
    super("", options);
    this.#action = action;
    this.#problem = problem;
    this.#path = path;
    this.message = this.#text();
  }

  /** Where in the object it happened: `messages.messages.users[3].username`. Empty for a bare reader or writer. */
  get path(): string {
    return this.#path;
  }

  /** Puts an outer step in front of the path (`.users`, `[3]`, a root's name), as the error travels outwards. */
  within(step: string): this {
    this.#path = step + this.#path;
    this.message = this.#text();
    return this;
  }

  #text(): string {
    const what = this.#path === "" ? "TL" : `"${this.#path}"`;
    return `Cannot ${this.#action} ${what}: ${this.#problem}`;
  }
}

/** Names what a value is without showing it: a code or a password may stand in the wrong field. */
export function describe(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object") return `a ${typeof value}`;
  const name = (value as { _?: unknown })._;
  return typeof name === "string" ? `an object "${name.slice(0, 80)}"` : "an object without a name";
}
