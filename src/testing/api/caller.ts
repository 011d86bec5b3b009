/**
 * The caller of a method. The MTProto server identifies it, and the API trusts the server.
 */
import { bytesToHex } from "../../crypto/mod.ts";

/** A client's description of itself in `initConnection`; people see it in their device list. */
export interface CallerDevice {
  /** For example `PC 64bit`. */
  readonly deviceModel: string;
  /** The operating system and its version. */
  readonly systemVersion: string;
  /** The version of the application. */
  readonly appVersion: string;
}

/** One MTProto session of one auth key on one data center. */
export interface Caller {
  /** The data center that is called. */
  readonly dcId: number;
  /** Hex of the id of the *permanent* key: authorizations belong to it. */
  readonly authKeyId: string;
  /** The MTProto session. */
  readonly sessionId: bigint;
  /** The layer of the last `invokeWithLayer` in this session. */
  readonly layer: number;
  /** From `initConnection`. */
  readonly apiId?: number;
  /** The client's description of itself, from `initConnection`. */
  readonly device?: CallerDevice;
}

/** Returns the name of an auth key on a data center, under which the state is kept. */
export function keyOf(caller: Pick<Caller, "dcId" | "authKeyId">): string {
  return `${caller.dcId}/${caller.authKeyId}`;
}

/** Returns the hex form of an auth key id that arrived as a `long`. */
export function authKeyIdHex(id: bigint): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, id, true);
  return bytesToHex(bytes);
}
