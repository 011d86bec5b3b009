// Who calls a method. The MTProto server says so; the API believes it.

import { bytesToHex } from "../../crypto/mod.ts";

/** What a client says of itself in `initConnection`; people see it in the list of their devices. */
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
  /** Hex of the id of the *permanent* key: authorizations hang on it. */
  readonly authKeyId: string;
  /** The MTProto session. */
  readonly sessionId: bigint;
  /** What `invokeWithLayer` said last in this session. */
  readonly layer: number;
  /** From `initConnection`. */
  readonly apiId?: number;
  /** What the client calls itself, from `initConnection`. */
  readonly device?: CallerDevice;
}

/** The id of an auth key that came as a `long`, in hex of its bytes. */
export function authKeyIdHex(id: bigint): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, id, true);
  return bytesToHex(bytes);
}
