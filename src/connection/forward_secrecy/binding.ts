/**
 * The call that binds a temporary key, and the one that tries the permanent key.
 * https://core.telegram.org/method/auth.bindTempAuthKey
 */
import { bindingMessage, keyIdAsLong } from "../../mtproto/binding/mod.ts";
import type { AuthKey, ClientEvent, ClientSession } from "../../mtproto/mod.ts";
import { type Random, randomLong } from "../../runtime/mod.ts";
import { apiSchema } from "../../tl/mod.ts";
import { AUTH_KEY_NOT_FOUND, TransportError } from "../../transport/mod.ts";
import type { KeyOpening } from "../connection_key.ts";
import type { DcKeyState } from "../dc_key.ts";
import { type CallEnd, firstCall } from "./first_call.ts";

/** A temporary key to bind. */
export interface Binder {
  /** The session of the temporary key. */
  readonly session: ClientSession;
  readonly permanent: AuthKey;
  /** When the temporary key expires, in Unix seconds of Telegram. */
  readonly expiresAt: number;
  /** Takes the other events of the session. */
  readonly events: ClientEvent[];
  readonly opening: KeyOpening;
  readonly random: Random;
}

/** How often a binding is tried in one session: some data centers demand initConnection first. */
const MAX_ATTEMPTS = 3;

/** Binds a temporary key. Returns the error of Telegram; undefined if there is none. */
export async function bind(binder: Binder): Promise<string | undefined> {
  const { session, permanent, expiresAt, events, opening, random } = binder;
  const nonce = randomLong(random);
  const temporaryKey = session.authKey;
  const { sessionId } = session;
  // A message that is sent again has another msg_id, so it is made anew.
  const request = (msgId: bigint): Uint8Array =>
    apiSchema().encode({
      _: "auth.bindTempAuthKey",
      permAuthKeyId: keyIdAsLong(permanent),
      nonce,
      expiresAt,
      encryptedMessage: bindingMessage(
        { nonce, temporaryKey, permanentKey: permanent, sessionId, expiresAt, msgId },
        random,
      ),
    });
  let end: CallEnd;
  for (let attempt = 1;; attempt++) {
    end = await firstCall(session, request, opening, events);
    const isEarly = end.type === "error" && end.message === "CONNECTION_NOT_INITED";
    if (!isEarly || attempt === MAX_ATTEMPTS) break;
    // A call in initConnection.
    await firstCall(session, apiSchema().encode({ _: "help.getNearestDc" }), opening, events);
  }
  if (end.type === "error") return end.message;
  if (end.type === "refused") return `bad_msg_notification ${end.errorCode}`;
  return apiSchema().decode(end.body, "Bool") === true ? undefined : "false";
}

/**
 * Returns whether the server knows a permanent key: it answers a call under it, be it with an
 * error. The call has no initConnection, and says nothing of the user.
 */
export async function isKnown(permanent: DcKeyState, opening: KeyOpening): Promise<boolean> {
  const session = opening.over.begin(permanent, { synchronized: false });
  try {
    await firstCall(session, () => apiSchema().encode({ _: "help.getNearestDc" }), opening);
    return true;
  } catch (error) {
    if (error instanceof TransportError && error.code === AUTH_KEY_NOT_FOUND) return false;
    throw error;
  }
}
