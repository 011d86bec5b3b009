/**
 * The application and the store, from the environment: API_ID and API_HASH from
 * https://my.telegram.org. To try it without Telegram, set TELEGRAM to the output of
 * `deno task serve --json` in a checkout of the library.
 */
import type { ClientOptions } from "@tessera/mtproto";
import { webSocketDial } from "@tessera/mtproto";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";
import type { Settings, Store } from "./sign_in.ts";

/** The application, and what a client needs to find Telegram. */
export interface Application {
  readonly apiId: number;
  readonly apiHash: string;
  readonly clientOptions: ClientOptions;
}

/** Reads the application. `edge` is for a runtime that has WebSocket and no TCP. */
export function applicationFromEnvironment(edge = false): Application {
  const { API_ID, API_HASH = "", TELEGRAM } = process.env;
  const useWSS = edge;
  if (!TELEGRAM) return { apiId: Number(API_ID), apiHash: API_HASH, clientOptions: { useWSS } };
  const { apiId, apiHash, dcs, webSockets, publicKeyPem } = JSON.parse(TELEGRAM);
  const keys = [parseRsaPublicKey(publicKeyPem)];
  const clientOptions = edge
    ? { useWSS, dial: webSocketDial({ tls: false }), dcs: webSockets, keys }
    : { dcs, keys };
  return { apiId, apiHash, clientOptions };
}

/** Only to try it: one process remembers. Use Redis or a database, which all processes share. */
const shared = globalThis as { signIns?: Map<string, string> };

export function settings(): Settings {
  const kept = shared.signIns ??= new Map();
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
  return { ...applicationFromEnvironment(), store };
}

/** The options of the cookie that names an account: scripts of the page cannot read it. */
export const ACCOUNT_COOKIE = {
  httpOnly: true,
  secure: true,
  sameSite: "lax",
  path: "/",
  maxAge: 30 * 24 * 60 * 60,
} as const;

/** The address of a person, as the proxy in front of Next.js names it. */
export function addressIn(headers: Headers): string {
  return headers.get("x-forwarded-for")?.split(",")[0].trim() ?? "";
}
