/**
 * The language of ClientHellos: what a browser sends at the beginning of a TLS connection, as a
 * list of operations. client_hello.ts carries it out; profiles.ts has the browsers.
 * https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2
 */

/** One piece of a ClientHello. */
export type HelloOperation =
  /** Bytes that are the same in each connection, as hexadecimal digits; spaces do not count. */
  | string
  /** So many random bytes. */
  | { readonly random: number }
  /** Random bytes, as many as one of these numbers. */
  | { readonly randomOf: readonly number[] }
  /** One of these, at random. */
  | { readonly oneOf: readonly Hello[] }
  /** The value of GREASE with this index, twice: RFC 8701. */
  | { readonly grease: number }
  /** The domain. */
  | { readonly domain: true }
  /** A length in two bytes, and the pieces that it counts. */
  | { readonly sized: Hello }
  /** The pieces in an order of this connection's own. */
  | { readonly shuffled: readonly Hello[] }
  /** An X25519 public key; the same name is the same key. */
  | { readonly x25519: string }
  /** A point on P-256, uncompressed. */
  | { readonly p256: true }
  /** An ML-KEM-768 public key. */
  | { readonly mlKem768: true };

/** The pieces of a ClientHello, one after the other. */
export type Hello = readonly HelloOperation[];

/** A browser, as it begins TLS connections. */
export interface HelloProfile {
  /** The browser, and its versions that send this. */
  readonly browser: string;
  /** From the list of cipher suites on: https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2 */
  readonly ciphers: Hello;
  /** The extensions. */
  readonly extensions: Hello;
}
