/**
 * Sessions of gotd, the library for Go: JSON, `{"Version": 1, "Data": {"Config", "DC", "Addr",
 * "AuthKey", "AuthKeyID", "Salt"}}` with bytes in base64. Import only: `Config` is Telegram's whole
 * `config`, which a session does not hold.
 */
import { AUTH_KEY_LENGTH, authKeyId, decodeBase64, equalBytes } from "../../crypto/mod.ts";
import { addressOf, damaged, type ForeignSession, stateAt } from "./foreign_session.ts";

/** The fields that are read. */
interface GotdData {
  readonly Config?: { readonly TestMode?: boolean };
  readonly DC?: number;
  readonly Addr?: string;
  readonly AuthKey?: string;
  readonly AuthKeyID?: string;
}

/**
 * Reads the session of gotd; returns `undefined` for another text.
 *
 * @throws {SessionError} if the session is damaged.
 */
export function readGotd(text: string): ForeignSession | undefined {
  if (!text.startsWith("{")) return undefined;
  let data: GotdData | undefined;
  try {
    data = JSON.parse(text).Data;
  } catch {
    return undefined;
  }
  if (data?.AuthKey === undefined) return undefined;
  const { Config, DC: id = 0, Addr: address = "" } = data;
  const authKey = bytesOf(data.AuthKey);
  if (authKey.length !== AUTH_KEY_LENGTH) throw damaged(`its key has ${authKey.length} bytes`);
  if (!equalBytes(authKeyId(authKey), bytesOf(data.AuthKeyID))) {
    throw damaged("its key is not the one that it names");
  }
  const state = stateAt(id, authKey, Config?.TestMode === true);
  return { format: "gotd", state: { ...state, dcs: [{ ...state.dcs[0], ...addressOf(address) }] } };
}

function bytesOf(base64 = ""): Uint8Array {
  try {
    return decodeBase64(base64);
  } catch {
    return new Uint8Array();
  }
}
