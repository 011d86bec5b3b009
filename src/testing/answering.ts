/**
 * How a data center of the offline Telegram answers a call: unwrap, decode in any layer, carry out, encode in the caller's
 * layer. https://core.telegram.org/api/invoking. What the methods do is in api/; but binding and dropping temporary keys is here,
 * as the keys are.
 */
import { type AuthKey, type MsgIds, packGzip } from "../mtproto/mod.ts";
import { apiSchema, mtprotoSchema, TlError, type TlObject, TlReader } from "../tl/mod.ts";
import {
  type Caller,
  type CallerDevice,
  type OfflineApi,
  RpcFailure,
  unknownMethod,
} from "./api/mod.ts";
import { authKeyIdHex } from "./api/caller.ts";
import { openBinding } from "./bind_temp_auth_key.ts";
import type { SaltSchedule } from "./salt_schedule.ts";
import type { ServerSession } from "./server_session.ts";
import { unwrap, type Unwrapped } from "./unwrap.ts";

/** An auth key that this data center made, and what hangs on it. */
export interface KnownKey {
  readonly authKey: AuthKey;
  readonly salts: SaltSchedule;
  readonly msgIds: MsgIds;
  readonly sessions: Map<bigint, ServerSession>;
  /** For a temporary key: when it expires, in Unix seconds. */
  readonly expiresAt?: number;
  /** For a temporary key: the permanent one that it was bound to. */
  permanentId?: string;
  layer?: number;
  apiId?: number;
  device?: CallerDevice;
}

/** What answers are made with. */
export interface AnsweringOptions {
  /** The number of the data center. */
  readonly id: number;
  readonly api: OfflineApi;
  /** The keys of the data center, by the hex of their ids. */
  readonly keys: Map<string, KnownKey>;
  /** Compresses answers for `gzip_packed`; none is compressed without it. */
  readonly gzip?: (bytes: Uint8Array) => Uint8Array;
}

const COMPRESS_FROM = 512; // bytes

/** Answers the calls that come to one data center. */
export class Answering {
  readonly #options: AnsweringOptions;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  /** Answers a serialised call with a serialised result, or `rpc_error`. */
  answer(body: Uint8Array, session: ServerSession, key: KnownKey): Uint8Array {
    try {
      const call = unwrap(body);
      session.layer = key.layer = call.layer ?? session.layer ?? key.layer;
      session.apiId = key.apiId = call.apiId ?? session.apiId ?? key.apiId;
      key.device = call.device ?? key.device;
      return this.#compress(this.#call(call, session, key));
    } catch (error) {
      if (error instanceof RpcFailure) return rpcError(error.code, error.errorMessage);
      if (error instanceof TlError) return rpcError(400, "INPUT_FETCH_ERROR");
      throw error;
    }
  }

  #call({ query }: Unwrapped, session: ServerSession, key: KnownKey): Uint8Array {
    const { api, id } = this.#options;
    const request = this.#read(query);
    // A key is bound first; who they are, clients say after it: https://core.telegram.org/api/pfs
    if (request._ === "auth.bindTempAuthKey") return this.#bind(request, session, key);
    const { layer, apiId } = session;
    if (layer === undefined || apiId === undefined) {
      throw new RpcFailure(400, "CONNECTION_NOT_INITED");
    }
    if (request._ === "auth.dropTempAuthKeys") return this.#drop(request, key);
    const caller: Caller = {
      dcId: id,
      authKeyId: key.permanentId ?? key.authKey.idHex,
      sessionId: session.sessionId,
      layer,
      apiId,
      device: key.device,
    };
    const schema = api.schemaFor(layer);
    return schema.encode(api.handle(request, caller), schema.resultType(request._));
  }

  #read(query: Uint8Array): TlObject {
    const schema = this.#options.api.requestSchema();
    const id = query.length >= 4 ? new TlReader(query).uint32() : 0;
    const name = schema.nameOf(id);
    if (name === undefined || !schema.isMethod(name)) throw unknownMethod(id);
    return schema.decode(query, undefined, { allowTrailing: true }) as TlObject;
  }

  /** https://core.telegram.org/method/auth.bindTempAuthKey */
  #bind(request: TlObject, session: ServerSession, key: KnownKey): Uint8Array {
    const permanentId = authKeyIdHex(request.permAuthKeyId as bigint);
    const permanent = this.#options.keys.get(permanentId);
    if (permanent === undefined || permanent.expiresAt !== undefined) {
      throw new RpcFailure(400, "ENCRYPTED_MESSAGE_INVALID");
    }
    const inner = openBinding(request.encryptedMessage as Uint8Array, permanent.authKey);
    const isRight = inner !== undefined && inner.nonce === request.nonce &&
      authKeyIdHex(inner.tempAuthKeyId as bigint) === key.authKey.idHex &&
      authKeyIdHex(inner.permAuthKeyId as bigint) === permanentId &&
      inner.tempSessionId === session.sessionId && inner.expiresAt === request.expiresAt;
    if (!isRight) throw new RpcFailure(400, "ENCRYPTED_MESSAGE_INVALID");
    if (key.expiresAt === undefined) throw new RpcFailure(400, "TEMP_AUTH_KEY_EMPTY");
    key.permanentId = permanentId;
    return apiSchema().encode(true, "Bool");
  }

  /** https://core.telegram.org/method/auth.dropTempAuthKeys; the key that asks stays: TDLib does not always name it. */
  #drop(request: TlObject, key: KnownKey): Uint8Array {
    const { keys } = this.#options;
    const permanentId = key.permanentId ?? key.authKey.idHex;
    const kept = new Set((request.exceptAuthKeys as bigint[]).map(authKeyIdHex)).add(
      key.authKey.idHex,
    );
    for (const [id, one] of keys) {
      if (one.permanentId === permanentId && !kept.has(id)) keys.delete(id);
    }
    return apiSchema().encode(true, "Bool");
  }

  #compress(result: Uint8Array): Uint8Array {
    const { gzip } = this.#options;
    if (gzip === undefined || result.length < COMPRESS_FROM) return result;
    const packed = packGzip(gzip(result));
    return packed.length < result.length ? packed : result;
  }
}

/** Never compressed: clients look for it before they look for gzip. */
function rpcError(errorCode: number, errorMessage: string): Uint8Array {
  return mtprotoSchema().encode({ _: "rpc_error", errorCode, errorMessage });
}
