/**
 * initConnection: what the server wants to know of a client, wrapped around its first call on each
 * connection. https://core.telegram.org/api/invoking#saving-client-info
 */
import { API_LAYER } from "../tl/mod.ts";
import type { TlObject } from "../tl/mod.ts";

/** What the server is told of this client; people see it in the list of their devices. */
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

/** The serialised request with `invokeWithLayer` and `initConnection` around it. */
export function wrapFirstCall(query: Uint8Array, info: ClientInfo): TlObject {
  return {
    _: "invokeWithLayer",
    layer: API_LAYER,
    query: { _: "initConnection", ...info, langPack: "", query },
  };
}
