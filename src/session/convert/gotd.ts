/**
 * The session of gotd, the library for Go: JSON, `{"Version": 1, "Data": {"Config", "DC", "Addr", "AuthKey", "AuthKeyID",
 * "Salt"}}` with bytes in base64. Only read: its configuration is Telegram's whole `config`, which is not kept here.
 */
import { AUTH_KEY_LENGTH, authKeyId, decodeBase64, equalBytes } from "../../crypto/mod.ts";
import { addressOf, damaged, type ForeignSession, stateAt } from "./foreign.ts";

/** What is used of it. */
interface GotdData {
  readonly Config?: { readonly TestMode?: boolean };
  readonly DC?: number;
  readonly Addr?: string;
  readonly AuthKey?: string;
  readonly AuthKeyID?: string;
}

/** Reads what gotd kept; undefined if it is something else. */
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
