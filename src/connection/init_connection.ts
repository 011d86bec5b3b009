/**
 * `initConnection`: the description of the client, wrapped around the first call of each
 * connection. https://core.telegram.org/api/invoking#saving-client-info
 */
import { type Api, API_LAYER, apiSchema } from "../tl/mod.ts";

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
  /** The MTProxy in between. Telegram may show a channel of its owner. */
  readonly proxy?: Api.InputClientProxy;
}

/** Returns the bytes of `invokeWithLayer` and `initConnection` that stand before the query. */
export function initConnectionHead(info: ClientInfo): Uint8Array {
  return apiSchema().encode({
    _: "invokeWithLayer",
    layer: API_LAYER,
    query: { _: "initConnection", ...info, langPack: "", query: new Uint8Array(0) },
  });
}
