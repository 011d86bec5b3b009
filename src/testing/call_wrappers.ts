/**
 * The wrappers around a call, in any nesting: the client's layer and description, messages to wait
 * for, compression. https://core.telegram.org/api/invoking
 */
import { asMsgId, constructorId, GZIP_PACKED, Unpacker } from "../mtproto/mod.ts";
import { apiSchema, type Schema, type TlObject, TlReader } from "../tl/mod.ts";
import type { CallerDevice } from "./api/mod.ts";

/** A call without its wrappers, and the values of the wrappers. */
export interface Unwrapped {
  /** The serialised call itself. */
  readonly query: Uint8Array;
  /** From `invokeWithLayer`. */
  readonly layer?: number;
  /** From `initConnection`. */
  readonly apiId?: number;
  /** The client's description of itself, from `initConnection`. */
  readonly device?: CallerDevice;
  /** From `invokeAfterMsg` and `invokeAfterMsgs`: the msg_ids of calls that must succeed before. */
  readonly after: readonly bigint[];
  /** `invokeWithoutUpdates`: this connection wants no updates. */
  readonly withoutUpdates: boolean;
}

type WrapperValues = Omit<Unwrapped, "query">;

/** The fields of `initConnection`. */
const CLIENT = "flags:# api_id:int device_model:string system_version:string app_version:string " +
  "system_lang_code:string lang_pack:string lang_code:string proxy:flags.0?InputClientProxy " +
  "params:flags.1?JSONValue = X";

/**
 * The wrappers, each without its query: the query is the rest of the bytes. `initConnection` has
 * two ids, because TDLib used the older one for long.
 */
const HEADS = `
invokeAfterMsg#cb9f372d msg_id:long = X
invokeAfterMsgs#3dc4b4f0 msg_ids:Vector<long> = X
initConnection#785188b8 ${CLIENT}
initConnection#c1cd5ea9 ${CLIENT}
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

/** Removes the wrappers from a call. Throws `TlError` or `SecurityError` for malformed bytes. */
export function unwrap(body: Uint8Array): Unwrapped {
  schema ??= apiSchema().extend(HEADS);
  let query = body;
  let values: WrapperValues = { after: [], withoutUpdates: false };
  const unpacker = new Unpacker();
  for (let depth = 0; depth < MAX_WRAPPERS; depth++) {
    const id = constructorId(query);
    if (id === GZIP_PACKED) {
      query = unpacker.object(query);
      continue;
    }
    if (id === undefined || !headIds().has(id)) break;
    const reader = new TlReader(query);
    const head = schema.read(reader) as TlObject;
    values = withWrapper(values, head);
    query = reader.raw(reader.remaining);
  }
  return { query, ...values };
}

function deviceOf({ deviceModel, systemVersion, appVersion }: TlObject): CallerDevice {
  return {
    deviceModel: String(deviceModel),
    systemVersion: String(systemVersion),
    appVersion: String(appVersion),
  };
}

function withWrapper(values: WrapperValues, head: TlObject): WrapperValues {
  switch (head._) {
    case "invokeAfterMsg":
      return { ...values, after: [...values.after, asMsgId(head.msgId)] };
    case "invokeAfterMsgs":
      return { ...values, after: [...values.after, ...(head.msgIds as bigint[]).map(asMsgId)] };
    case "invokeWithLayer":
      return { ...values, layer: head.layer as number };
    case "initConnection":
      return { ...values, apiId: head.apiId as number, device: deviceOf(head) };
    case "invokeWithoutUpdates":
      return { ...values, withoutUpdates: true };
  }
  return values;
}
