/**
 * The error of this floor: bytes or a value that the schema does not allow. It names the path of
 * the field, never its value: the value may be a secret.
 */
import { isInstance } from "../runtime/mod.ts";

/**
 * Thrown when bytes cannot be decoded, a value cannot be encoded, or a schema's text cannot be
 * parsed.
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
  /** Makes `instanceof` true for the errors of another copy of this library, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(value, this, TlError, ["TlError"]);
  }
  /** Always `TlError`. */
  override readonly name = "TlError";
  readonly #action: string;
  readonly #problem: string;
  /**
   * The path of the field, such as `messages.messages.users[3].username`. Empty for an error of a
   * reader or writer alone.
   */
  readonly path: string; // no getter of a private field: connections give each call a copy

  /**
   * Makes an error with the text `Cannot <action> "<path>": <problem>`.
   *
   * @param action The failed action: `decode`, `encode`, `parse`, `find`.
   * @param problem The fault, and what was expected: `an object, expected a string`.
   * @param path The path of the field; {@linkcode within} can add to it later.
   * @param options The usual options of an `Error`.
   */
  constructor(action: string, problem: string, path = "", options?: ErrorOptions) {
    super("", options);
    this.#action = action;
    this.#problem = problem;
    this.path = path;
    this.message = this.#text();
  }

  /**
   * Adds an outer step in front of the path, as the error travels outwards.
   *
   * @param step `.users`, `[3]`, or the name of the outermost object.
   */
  within(step: string): this {
    (this as { path: string }).path = step + this.path;
    this.message = this.#text();
    return this;
  }

  #text(): string {
    const what = this.path === "" ? "TL" : `"${this.path}"`;
    return `Cannot ${this.#action} ${what}: ${this.#problem}`;
  }
}

/** Describes a value without showing it: a code or a password may be in the wrong field. */
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
