/**
 * The error of a broken security rule: what the other side sent cannot come from an honest Telegram.
 * The rules are those of "Creating an authorization key", "MTProto security guidelines" and "Mobile Protocol: detailed
 * description" on core.telegram.org. A connection on which one is broken is closed; the call is never tried again by itself.
 */

/** The rule that was broken, one name for each row of the protocol's security checks. */
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
  | "srp";

/**
 * Thrown when a security rule of the protocol is broken. `check` names the rule. Never retried by the library.
 *
 * @example
 * ```ts
 * import { SecurityError } from "@tessera/mtproto";
 *
 * const error = new SecurityError("msg_key", "Cannot accept a message: its msg_key does not match");
 * console.log(error.check); // "msg_key"
 * ```
 */
export class SecurityError extends Error {
  /** Always `SecurityError`. */
  override readonly name = "SecurityError";

  /** Which rule was broken. */
  readonly check: SecurityCheck;

  /** An error that says that the rule `check` was broken, in plain words. */
  constructor(check: SecurityCheck, message: string, options?: ErrorOptions) {
    super(message, options);
    this.check = check;
  }
}

/** What "Checking msg_id" of the guidelines has a client ignore; after anything else they have it close the connection. */
const IGNORABLE: readonly SecurityCheck[] = [
  "msg_id_seen",
  "msg_id_too_old",
  "msg_id_too_low",
  "msg_id_too_high",
];

/** Whether the message that broke the rule is to be ignored, and the connection may go on. */
export function isIgnorable(error: unknown): error is SecurityError {
  return error instanceof SecurityError && IGNORABLE.includes(error.check);
}

/** Throws the {@linkcode SecurityError} of `check` unless `condition` holds. The text is only made when it fails. */
export function demand(
  condition: boolean,
  check: SecurityCheck,
  text: () => string,
): asserts condition {
  if (!condition) throw new SecurityError(check, text());
}
