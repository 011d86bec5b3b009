/**
 * The session that a token comes from: its data center and auth key. No other session can use the
 * token.
 */
import { authKeyId, encodeUtf8, equalBytes, hmacSha256 } from "../../crypto/entry.ts";
import { findDc, type SessionState } from "../../session/mod.ts";

/** The session that a token comes from. No other session can use it. */
export interface TokenOrigin {
  /** The data center that was asked. */
  readonly dcId: number;
  /** The id of the auth key that asked, 8 bytes. */
  readonly authKeyId: Uint8Array;
  /** The key that proves which session saved a token, 32 bytes. A secret. */
  readonly proofKey: Uint8Array;
}

/** Keeps this use of the auth key apart from all others. */
const PROOF = encodeUtf8("tessera saved token");

/**
 * Returns the origin of tokens that are made now: the home data center and its key, if there is
 * one.
 */
export function originOf(state: SessionState): TokenOrigin | undefined {
  const authKey = findDc(state)?.authKey;
  if (authKey === undefined) return undefined;
  const proofKey = hmacSha256(authKey, PROOF);
  return { dcId: state.dcId, authKeyId: authKeyId(authKey), proofKey };
}

/** Whether a token of this origin can be used with this session. */
export function isOrigin(
  origin: Pick<TokenOrigin, "dcId" | "authKeyId">,
  state: SessionState,
): boolean {
  const here = originOf(state);
  return here?.dcId === origin.dcId && equalBytes(here.authKeyId, origin.authKeyId);
}
