/**
 * How a data center of the offline Telegram answers a call: it removes the wrappers, decodes the
 * request in any layer, carries it out, and encodes the answer in the caller's layer.
 * https://core.telegram.org/api/invoking
 *
 * The methods are in api/, except two that change the keys of the data center and so are here:
 * https://core.telegram.org/method/auth.bindTempAuthKey
 * https://core.telegram.org/method/auth.dropTempAuthKeys
 */
import { openBindingMessage } from "../mtproto/binding/mod.ts";
import { type AuthKey, type Message, type MsgIds, packGzip } from "../mtproto/mod.ts";
import type { Clock } from "../runtime/mod.ts";
import { apiSchema, mtprotoSchema, TlError, type TlObject, TlReader } from "../tl/mod.ts";
import {
  type Caller,
  type CallerDevice,
  type OfflineApi,
  RpcFailure,
  unknownMethod,
} from "./api/mod.ts";
import { authKeyIdHex } from "./api/caller.ts";
import type { ParallelUse, Use } from "./parallel_use.ts";
import type { SaltSchedule } from "./salt_schedule.ts";
import type { ServerSession } from "./server_session.ts";
import type { Troubles } from "./troubles.ts";
import { unwrap, type Unwrapped } from "./call_wrappers.ts";

/** An auth key of this data center, with the state that belongs to it. */
export interface KnownKey {
  readonly authKey: AuthKey;
  readonly salts: SaltSchedule;
  readonly msgIds: MsgIds;
  readonly sessions: Map<bigint, ServerSession>;
  /** For a permanent key: its last calls, and those of its temporary keys. */
  readonly use: ParallelUse;
  /** For a temporary key: when it expires, in Unix seconds. */
  expiresAtSeconds?: number;
  /** For a temporary key: the permanent key to which it is bound. */
  permanentId?: string;
  layer?: number;
  apiId?: number;
  device?: CallerDevice;
}

/** The parts of a data center that answering needs. */
export interface CallAnswererOptions {
  /** The number of the data center. */
  readonly id: number;
  readonly api: OfflineApi;
  /** The keys of the data center, by the hex of their ids. */
  readonly keys: Map<string, KnownKey>;
  readonly clock: Clock;
  readonly troubles: Troubles;
  /** Compresses answers for `gzip_packed`; without it no answer is compressed. */
  readonly gzip?: (bytes: Uint8Array) => Uint8Array;
}

/** The connection over which a call came. */
export interface CallConnection {
  /** Whether it is still open. */
  readonly isOpen: () => boolean;
  /** Whether its address is for files only. */
  readonly mediaOnly: boolean;
}

/** The methods that an address for files takes: those of files, of keys and of configuration. */
const FOR_FILES = /^(upload|auth|help)\./;

/** The methods that a temporary key may call before it is bound. */
const FOR_UNBOUND = /^(help\.|upload\.getCdnFile$)/;
/** By how many seconds a binding may outlast its key: clients round up. */
const EXPIRY_TOLERANCE = 60;

/** Shorter answers are not compressed. */
const MIN_COMPRESSED_BYTES = 512;

/** Answers the calls to one data center. */
export class CallAnswerer {
  readonly #options: CallAnswererOptions;

  constructor(options: CallAnswererOptions) {
    this.#options = options;
  }

  /**
   * Answers a serialised call with a serialised result, or `rpc_error`. Never throws or rejects for
   * a wrong call.
   */
  answer(
    { msgId, body }: Message,
    session: ServerSession,
    key: KnownKey,
    { isOpen, mediaOnly }: CallConnection,
  ): Uint8Array | Promise<Uint8Array> {
    try {
      const call = unwrap(body);
      session.layer = key.layer = call.layer ?? session.layer ?? key.layer;
      session.apiId = key.apiId = call.apiId ?? session.apiId ?? key.apiId;
      key.device = call.device ?? key.device;
      checkPredecessors(call, session);
      const cameAt = this.#options.clock.monotonic();
      const use = { sessionId: session.sessionId, msgId, cameAt, isOpen };
      const result = this.#call(call, session, key, { ...use, mediaOnly });
      if (result instanceof Uint8Array) return this.#compress(result);
      return result.then((late) => this.#compress(late)).catch(refusal);
    } catch (error) {
      return refusal(error);
    }
  }

  #call(
    call: Unwrapped,
    session: ServerSession,
    key: KnownKey,
    { mediaOnly, ...use }: Use & Pick<CallConnection, "mediaOnly">,
  ): Uint8Array | Promise<Uint8Array> {
    const { api, id } = this.#options;
    const request = this.#read(call.query);
    if (mediaOnly && !FOR_FILES.test(request._)) {
      throw new RpcFailure(400, "MTPROTO_CLUSTER_INVALID");
    }
    // A CDN takes no other wrappers than invokeWithLayer and initConnection.
    if (api.isCdn(id) && (call.withoutUpdates || call.after.length > 0)) {
      throw new RpcFailure(400, "CDN_METHOD_INVALID");
    }
    // Clients bind a key before they send initConnection: https://core.telegram.org/api/pfs
    if (request._ === "auth.bindTempAuthKey") return this.#bind(request, session, key, use.msgId);
    const isUnbound = key.expiresAtSeconds !== undefined && key.permanentId === undefined;
    if (isUnbound && !FOR_UNBOUND.test(request._)) {
      throw new RpcFailure(401, "AUTH_KEY_PERM_EMPTY");
    }
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
    this.#refuseParallelUse(call, request._, caller, use);
    if (!call.withoutUpdates) session.wantsUpdates = true;
    const schema = api.schemaFor(layer);
    const type = schema.resultType(request._);
    const result = api.handle(request, caller);
    if (request._ === "auth.logOut") this.#dropAll(caller.authKeyId);
    if (result instanceof Promise) return result.then((late) => schema.encode(late, type));
    return schema.encode(result, type);
  }

  /**
   * Refuses a call with a key that two programs use, and voids the key. Calls that Telegram takes
   * from several connections at once do not count: of files, and those that want no updates.
   */
  #refuseParallelUse(
    { withoutUpdates }: Unwrapped,
    method: string,
    caller: Caller,
    use: Use,
  ): void {
    const { api, keys } = this.#options;
    const counts = !withoutUpdates && !method.startsWith("upload.") && api.needsUser(method);
    if (counts && api.isSignedIn(caller) && keys.get(caller.authKeyId)?.use.note(use)) {
      api.voidAuthKeys(caller);
    }
    if (api.isVoid(caller)) throw new RpcFailure(406, "AUTH_KEY_DUPLICATED");
  }

  #read(query: Uint8Array): TlObject {
    const schema = this.#options.api.requestSchema();
    const id = query.length >= 4 ? new TlReader(query).uint32() : 0;
    const name = schema.nameOf(id);
    if (name === undefined || !schema.isMethod(name)) throw unknownMethod(id);
    return schema.decode(query, undefined, { allowTrailing: true }) as TlObject;
  }

  /** Binds the key of the session to a permanent one, by the message `msgId`. */
  #bind(request: TlObject, session: ServerSession, key: KnownKey, msgId: bigint): Uint8Array {
    const { troubles, clock } = this.#options;
    if (troubles.take("refuseBinding") !== undefined) {
      throw new RpcFailure(400, "ENCRYPTED_MESSAGE_INVALID");
    }
    const permanentId = authKeyIdHex(request.permAuthKeyId as bigint);
    const permanent = this.#options.keys.get(permanentId);
    if (permanent === undefined || permanent.expiresAtSeconds !== undefined) {
      throw new RpcFailure(400, "ENCRYPTED_MESSAGE_INVALID");
    }
    if (key.expiresAtSeconds === undefined) throw new RpcFailure(400, "TEMP_AUTH_KEY_EMPTY");
    const message = openBindingMessage(request.encryptedMessage as Uint8Array, permanent.authKey);
    const inner = message?.inner;
    const expiresAt = Number(request.expiresAt);
    const isValid = inner !== undefined && inner.nonce === request.nonce &&
      message?.msgId === msgId && expiresAt > clock.now() / 1000 &&
      expiresAt <= key.expiresAtSeconds + EXPIRY_TOLERANCE &&
      authKeyIdHex(inner.tempAuthKeyId as bigint) === key.authKey.idHex &&
      authKeyIdHex(inner.permAuthKeyId as bigint) === permanentId &&
      inner.tempSessionId === session.sessionId && inner.expiresAt === request.expiresAt;
    if (!isValid) throw new RpcFailure(400, "ENCRYPTED_MESSAGE_INVALID");
    if (key.permanentId !== undefined && key.permanentId !== permanentId) {
      throw new RpcFailure(400, "TEMP_AUTH_KEY_ALREADY_BOUND");
    }
    key.permanentId = permanentId;
    key.expiresAtSeconds = Math.min(key.expiresAtSeconds, expiresAt);
    return apiSchema().encode(true, "Bool");
  }

  /** Drops temporary keys. The key that asks stays, because TDLib does not always name it. */
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

  /** Drops all temporary keys of a permanent one. */
  #dropAll(permanentId: string): void {
    const { keys } = this.#options;
    for (const [id, one] of keys) {
      if (one.permanentId === permanentId) keys.delete(id);
    }
  }

  #compress(result: Uint8Array): Uint8Array {
    const { gzip } = this.#options;
    if (gzip === undefined || result.length < MIN_COMPRESSED_BYTES) return result;
    const packed = packGzip(gzip(result));
    return packed.length < result.length ? packed : result;
  }
}

/**
 * Refuses a call whose predecessors did not succeed. Telegram documents the two errors; that it
 * waits for a predecessor that is not there yet follows from the second one. Here nothing can be
 * under way, so a predecessor that this session does not know will not come: no call waits.
 */
function checkPredecessors({ after }: Unwrapped, session: ServerSession): void {
  for (const msgId of after) {
    const succeeded = session.hasSucceeded(msgId);
    if (succeeded === undefined) throw new RpcFailure(400, "MSG_WAIT_TIMEOUT");
    if (!succeeded) throw new RpcFailure(400, "MSG_WAIT_FAILED");
  }
}

/** Returns the answer to a call that failed; throws an error of the offline Telegram itself. */
function refusal(error: unknown): Uint8Array {
  if (error instanceof RpcFailure) return rpcError(error.code, error.errorMessage);
  if (error instanceof TlError) return rpcError(400, "INPUT_FETCH_ERROR");
  throw error;
}

/** Encodes an error. It is never compressed: clients look for it before they look for gzip. */
function rpcError(errorCode: number, errorMessage: string): Uint8Array {
  return mtprotoSchema().encode({ _: "rpc_error", errorCode, errorMessage });
}
