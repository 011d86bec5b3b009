/**
 * The application and the store, from the environment: API_ID and API_HASH from
 * https://my.telegram.org. To try it without Telegram, set TELEGRAM to the output of
 * `deno task serve --json` in a checkout of the library.
 */
import process from "node:process";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";
import type { Settings, Store } from "./sign_in.ts";

/** Only to try it: this process remembers. Use Redis or a database, which all processes share. */
const kept = new Map<string, string>();

const store: Store = {
  get: (id) => Promise.resolve(kept.get(id)),
  set: (id, value, seconds) => {
    kept.set(id, value);
    const time = Math.min(seconds * 1000, 2 ** 31 - 1);
    const timer: unknown = setTimeout(() => kept.get(id) === value && kept.delete(id), time);
    (timer as { unref?: () => void }).unref?.();
    return Promise.resolve();
  },
  delete: (id) => Promise.resolve(void kept.delete(id)),
};

export function settings(): Settings {
  const { API_ID, API_HASH = "", TELEGRAM } = process.env;
  if (!TELEGRAM) return { apiId: Number(API_ID), apiHash: API_HASH, store };
  const { apiId, apiHash, dcs, publicKeyPem } = JSON.parse(TELEGRAM);
  const clientOptions = { dcs, keys: [parseRsaPublicKey(publicKeyPem)] };
  return { apiId, apiHash, store, clientOptions };
}
