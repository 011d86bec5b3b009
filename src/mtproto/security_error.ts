/**
 * The error of a broken security rule: an honest Telegram would not have sent these bytes. The
 * rules are on core.telegram.org: "Creating an authorization key" (mtproto/auth_key), "Security
 * guidelines" (mtproto/security_guidelines) and "Detailed description" (mtproto/description).
 */
import { isInstance } from "../runtime/mod.ts";

/** The name of a broken rule. */
export type SecurityCheck =
  | "nonce"
  | "server_nonce"
  | "new_nonce_hash"
  | "rsa_fingerprint"
  | "pq"
  | "server_DH_params_fail"
  | "dh_answer_hash"
  | "dh_prime"
  | "g_a"
  | "g_b"
  | "dh_gen_retry"
  | "dh_gen_fail"
  | "auth_key_id"
  | "msg_key"
  | "padding"
  | "message_length"
  | "session_id"
  | "msg_id_parity"
  | "msg_id_seen"
  | "msg_id_too_low"
  | "msg_id_too_high"
  | "msg_id_too_old"
  | "seq_no_parity"
  | "seq_no_too_low"
  | "seq_no_too_high"
  | "container"
  | "gzip_packed"
  | "srp"
  | "file_hash"
  | "proxy_secret";

/**
 * Thrown when the other side breaks a security rule of the protocol. `check` names the rule.
 *
 * In the key exchange it fails the calls at once. Later it closes the connection, and the calls go
 * on over a new one; they fail with it when rules are broken again and again. Wrong bytes of a CDN
 * (`file_hash`) end the download.
 *
 * @example
 * ```ts
 * import { SecurityError } from "@tessera/mtproto";
 *
 * const error = new SecurityError("msg_key", "Cannot accept a message: its msg_key differs");
 * console.log(error.check); // "msg_key"
 * ```
 */
export class SecurityError extends Error {
  /** Makes `instanceof` true for the errors of another copy of this library, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(value, this, SecurityError, ["SecurityError"]);
  }
  /** Always `SecurityError`. */
  override readonly name = "SecurityError";

  /** The broken rule. */
  readonly check: SecurityCheck;

  /**
   * Makes the error of a broken rule.
   *
   * @param check The rule.
   * @param message The text.
   * @param options The usual options of an `Error`.
   */
  constructor(check: SecurityCheck, message: string, options?: ErrorOptions) {
    super(message, options);
    this.check = check;
  }
}

/**
 * The rules after which a client ignores the message, by "Checking msg_id" of the guidelines. After
 * any other rule it closes the connection.
 */
const IGNORABLE: readonly SecurityCheck[] = [
  "msg_id_seen",
  "msg_id_too_old",
  "msg_id_too_low",
  "msg_id_too_high",
];

/** Returns whether to ignore the message that broke the rule, and to keep the connection. */
export function isIgnorable(error: unknown): error is SecurityError {
  return error instanceof SecurityError && IGNORABLE.includes(error.check);
}

/** Returns whether a message was refused for its time alone: a wrong clock may be the reason. */
export function isUntimely({ check }: SecurityError): boolean {
  return check === "msg_id_too_low" || check === "msg_id_too_high";
}

/** The checks of the key exchange: https://core.telegram.org/mtproto/auth_key */
const OF_KEY_EXCHANGE: readonly SecurityCheck[] = [
  "nonce",
  "server_nonce",
  "new_nonce_hash",
  "rsa_fingerprint",
  "pq",
  "server_DH_params_fail",
  "dh_answer_hash",
  "dh_prime",
  "g_a",
  "g_b",
  "dh_gen_retry",
  "dh_gen_fail",
  "proxy_secret", // it ends a connection before the exchange
];

/**
 * Returns whether the packet is not for our key, and so no message of Telegram: of the page of a
 * captive portal, as a rule.
 */
export function isOfStranger({ check }: SecurityError): boolean {
  return check === "auth_key_id";
}

/** Returns whether the rule is one of the key exchange: the other side is not Telegram. */
export function isOfKeyExchange({ check }: SecurityError): boolean {
  return OF_KEY_EXCHANGE.includes(check);
}

/**
 * Throws the {@linkcode SecurityError} of `check` if `condition` is false. Only then calls `text`.
 */
export function demand(
  condition: boolean,
  check: SecurityCheck,
  text: () => string,
): asserts condition {
  if (!condition) throw new SecurityError(check, text());
}
