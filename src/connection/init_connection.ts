/**
 * `initConnection`: the description of the client, wrapped around the first call of each
 * connection. https://core.telegram.org/api/invoking#saving-client-info
 */
import { API_LAYER } from "../tl/mod.ts";
import type { TlObject } from "../tl/mod.ts";

/** The description of this client. People see it in the list of their devices. */
export interface ClientInfo {
  readonly apiId: number;
  /** For example "PC 64bit". */
  readonly deviceModel: string;
  /** The operating system and its version. */
  readonly systemVersion: string;
  /** The version of the application. */
  readonly appVersion: string;
  /** The language of the system, as an ISO 639-1 code. */
  readonly systemLangCode: string;
  /** The language of the application, as an ISO 639-1 code. */
  readonly langCode: string;
}

/** Wraps `invokeWithLayer` and `initConnection` around a serialised request. */
export function wrapFirstCall(query: Uint8Array, info: ClientInfo): TlObject {
  return {
    _: "invokeWithLayer",
    layer: API_LAYER,
    query: { _: "initConnection", ...info, langPack: "", query },
  };
}
