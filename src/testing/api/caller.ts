// Who calls a method. The MTProto server says so; the API believes it.

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
}
