/**
 * The secret of an MTProxy: 16 bytes, and how to disguise the connection. It censors itself in
 * printed text. https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
 *
 * | bytes                           | kind   | on the wire                                        |
 * |---------------------------------|--------|----------------------------------------------------|
 * | 16                              | plain  | obfuscated, any transport inside                   |
 * | dd, then 16                     | padded | obfuscated padded intermediate                     |
 * | ee, then 16, then a domain      | tls    | the same in records of TLS, as if to that domain   |
 */
import {
  bytesToHex,
  concatBytes,
  decodeBase64,
  decodeUtf8,
  encodeBase64Url,
  encodeUtf8,
  hexToBytes,
} from "../../crypto/mod.ts";
import { censorAsText } from "../../runtime/mod.ts";

/** The disguise that a secret asks for. */
export type SecretKind = "plain" | "padded" | "tls";

const KEY_LENGTH = 16;
const PADDED = 0xdd;
const TLS = 0xee;
/** The longest domain, in bytes, as other clients have it. */
export const MAX_DOMAIN_LENGTH = 182;

/** A secret of an MTProxy. */
export class ProxySecret {
  static {
    censorAsText(this.prototype);
  }

  readonly #key: Uint8Array;
  /** The disguise. */
  readonly kind: SecretKind;
  /** The domain that the connection seems to lead to; undefined unless the kind is `tls`. */
  readonly domain: string | undefined;

  /**
   * Makes a secret of its parts.
   *
   * @param key 16 bytes.
   * @param kind The disguise.
   * @param domain For `tls`: 1 to 182 bytes.
   * @throws {TypeError} if a part is wrong
   */
  constructor(key: Uint8Array, kind: SecretKind = "plain", domain?: string) {
    if (key.length !== KEY_LENGTH) throw wrong(`its key has ${key.length} bytes, expected 16`);
    if ((kind === "tls") !== (domain !== undefined)) {
      throw wrong("a domain belongs to the kind tls, and to no other");
    }
    this.#key = new Uint8Array(key);
    this.kind = kind;
    this.domain = domain === undefined ? undefined : checkedDomain(domain);
  }

  /**
   * Reads a secret, as links have it: hexadecimal digits, or base64 of either alphabet, padded or
   * not; or its bytes.
   *
   * @throws {TypeError} if it is none. The error does not quote it.
   */
  static parse(secret: string | Uint8Array): ProxySecret {
    const bytes = typeof secret === "string" ? bytesOf(secret) : secret;
    const { length } = bytes;
    if (length < KEY_LENGTH) {
      throw wrong(`it has ${length} bytes, expected at least ${KEY_LENGTH}. Copy all of it`);
    }
    if (length === KEY_LENGTH) return new ProxySecret(bytes);
    const [first] = bytes;
    const key = bytes.subarray(1, 1 + KEY_LENGTH);
    const rest = bytes.subarray(1 + KEY_LENGTH);
    if (first === PADDED && rest.length === 0) return new ProxySecret(key, "padded");
    if (first === TLS && rest.length > 0) return new ProxySecret(key, "tls", decodeUtf8(rest));
    if (first === TLS) throw wrong("it begins with ee, and has no domain. Copy all of it");
    throw wrong(
      `it has ${length} bytes of an unknown kind, expected 16, dd and 16, or ee, 16 and a domain`,
    );
  }

  /** The secret itself: 16 bytes. */
  get key(): Uint8Array {
    return this.#key;
  }

  /** The whole secret as links have it: base64 with a domain, or else hexadecimal digits. */
  get text(): string {
    if (this.domain !== undefined) {
      return encodeBase64Url(concatBytes(Uint8Array.of(TLS), this.#key, encodeUtf8(this.domain)));
    }
    return (this.kind === "padded" ? "dd" : "") + bytesToHex(this.#key);
  }

  /** Returns the kind only. */
  toString(): string {
    return `ProxySecret(${this.kind})`;
  }
}

/** Hexadecimal first: 32 of its digits are base64, too. */
function bytesOf(text: string): Uint8Array {
  const given = text.trim();
  if (/^(?:[0-9a-f]{2})+$/i.test(given)) return hexToBytes(given);
  try {
    // Pasted from a link, where a plus sign means a space.
    return decodeBase64(given.replaceAll(" ", "+"));
  } catch {
    throw wrong("it is neither hexadecimal nor base64. Copy all of it");
  }
}

function checkedDomain(domain: string): string {
  const { length } = encodeUtf8(domain);
  if (length === 0 || length > MAX_DOMAIN_LENGTH) {
    throw wrong(`its domain has ${length} bytes, expected 1 to ${MAX_DOMAIN_LENGTH}`);
  }
  // Control characters and U+FFFD, which stands for bytes that are no text.
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x20\x7f\ufffd]/.test(domain)) throw wrong("its domain is no text. Copy all of it");
  return domain;
}

function wrong(what: string): TypeError {
  return new TypeError(`Cannot use the secret of an MTProxy: ${what}.`);
}
