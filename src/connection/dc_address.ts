/** An address of a data center, as all that know addresses name it. */

/** An address of a data center, with the flags of `dcOption` that matter for calls. */
export interface DcAddress {
  readonly host: string;
  readonly port: number;
  /** Only for files. */
  readonly mediaOnly?: boolean;
  /** For WebSocket and HTTP: whether to use TLS. */
  readonly tls?: boolean;
  /** Only for obfuscated transports. */
  readonly tcpoOnly?: boolean;
  /** No other port of this host leads to Telegram. */
  readonly thisPortOnly?: boolean;
  /** The secret of the MTProxy that is there. */
  readonly secret?: Uint8Array;
}
