/**
 * What clients put around their calls: the layer they speak, who they are, what to wait for, compression; in any nesting.
 * https://core.telegram.org/api/invoking
 */
import { constructorId, GZIP_PACKED, unpackGzip } from "../mtproto/mod.ts";
import { apiSchema, type Schema, type TlObject, TlReader } from "../tl/mod.ts";
import type { CallerDevice } from "./api/mod.ts";

/** A call without its wrappers, and what they said. */
export interface Unwrapped {
  /** The serialised call itself. */
  readonly query: Uint8Array;
  /** From `invokeWithLayer`. */
  readonly layer?: number;
  /** From `initConnection`. */
  readonly apiId?: number;
  /** What the client calls itself, from `initConnection`. */
  readonly device?: CallerDevice;
  /** `invokeWithoutUpdates`: this connection wants no updates. */
  readonly withoutUpdates: boolean;
}

/** The wrappers, each up to its query: the bytes that are left are the query. `initConnection` has two ids: TDLib long used the older. */
const HEADS = `
invokeAfterMsg#cb9f372d msg_id:long = X
invokeAfterMsgs#3dc4b4f0 msg_ids:Vector<long> = X
initConnection#785188b8 flags:# api_id:int device_model:string system_version:string app_version:string system_lang_code:string lang_pack:string lang_code:string proxy:flags.0?InputClientProxy params:flags.1?JSONValue = X
initConnection#c1cd5ea9 flags:# api_id:int device_model:string system_version:string app_version:string system_lang_code:string lang_pack:string lang_code:string proxy:flags.0?InputClientProxy params:flags.1?JSONValue = X
invokeWithLayer#da9b0d0d layer:int = X
invokeWithoutUpdates#bf9459b7 = X
invokeWithMessagesRange#365275f2 range:MessageRange = X
invokeWithTakeout#aca9fd2e takeout_id:long = X
invokeWithBusinessConnection#dd289f8e connection_id:string = X
invokeWithGooglePlayIntegrity#1df92984 nonce:string token:string = X
invokeWithApnsSecret#0dae54f8 nonce:string secret:string = X
invokeWithReCaptcha#adbb0f94 token:string = X
`;

const MAX_WRAPPERS = 16;

let schema: Schema | undefined;
let ids: ReadonlySet<number> | undefined;

function headIds(): ReadonlySet<number> {
  return ids ??= new Set(
    Array.from(HEADS.matchAll(/#([0-9a-f]{8})/g), (match) => parseInt(match[1], 16)),
  );
}

/** Takes the wrappers off a call. Throws `TlError` or `SecurityError` for bytes that are none. */
export function unwrap(body: Uint8Array): Unwrapped {
  schema ??= apiSchema().extend(HEADS);
  let query = body;
  let said: Omit<Unwrapped, "query"> = { withoutUpdates: false };
  for (let depth = 0; depth < MAX_WRAPPERS; depth++) {
    const id = constructorId(query);
    if (id === GZIP_PACKED) {
      query = unpackGzip(query);
      continue;
    }
    if (id === undefined || !headIds().has(id)) break;
    const reader = new TlReader(query);
    const head = schema.read(reader) as TlObject;
    said = listen(head, said);
    query = reader.raw(reader.remaining);
  }
  return { query, ...said };
}

function deviceOf({ deviceModel, systemVersion, appVersion }: TlObject): CallerDevice {
  return {
    deviceModel: String(deviceModel),
    systemVersion: String(systemVersion),
    appVersion: String(appVersion),
  };
}

function listen(head: TlObject, said: Omit<Unwrapped, "query">): Omit<Unwrapped, "query"> {
  switch (head._) {
    case "invokeWithLayer":
      return { ...said, layer: head.layer as number };
    case "initConnection":
      return { ...said, apiId: head.apiId as number, device: deviceOf(head) };
    case "invokeWithoutUpdates":
      return { ...said, withoutUpdates: true };
  }
  return said;
}
