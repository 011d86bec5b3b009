/**
 * Transport obfuscation: a header of 64 random bytes with the keys of both directions, then
 * AES-256-CTR over everything, so that the stream looks like noise. It hides the protocol from
 * simple filters. It protects nothing, because the header contains the keys (unless a proxy's
 * secret is mixed in). WebSocket and MTProxy require it.
 * https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
 */
import { AesCtr, sha256 } from "../crypto/mod.ts";
import type { Random } from "../runtime/mod.ts";
import type { Packet, PackOptions, Transport } from "./transport.ts";

/** The length of the header, bytes. */
export const HEADER_LENGTH = 64;
const KEY_OFFSET = 8;
const IV_OFFSET = 40;
const TAG_OFFSET = 56;
const DC_OFFSET = 60;

/** The first numbers, little-endian, that a header must not have: servers read them as these. */
const FORBIDDEN_STARTS: ReadonlyMap<number, string> = new Map([
  [0x44414548, "an HTTP request (HEAD)"],
  [0x54534f50, "an HTTP request (POST)"],
  [0x20544547, "an HTTP request (GET)"],
  [0x4954504f, "an HTTP request (OPTIONS)"],
  [0x02010316, "a TLS handshake"],
  [0xdddddddd, "padded intermediate"],
  [0xeeeeeeee, "intermediate"],
]);

/** Returns the protocol of a stream with this first number, if no obfuscated header may have it. */
export function forbiddenStart(first: number): string | undefined {
  return FORBIDDEN_STARTS.get(first);
}

/** The ciphers of the two directions of a connection. */
export interface ObfuscationCiphers {
  readonly clientToServer: AesCtr;
  readonly serverToClient: AesCtr;
}

/** Returns the ciphers for the first 56 bytes of a header, and the secret of an MTProxy. */
export function obfuscationCiphers(header: Uint8Array, secret?: Uint8Array): ObfuscationCiphers {
  const cipher = (keyAndIv: Uint8Array): AesCtr => {
    const key = keyAndIv.subarray(0, IV_OFFSET - KEY_OFFSET);
    return new AesCtr(
      secret ? sha256(key, secret) : key,
      keyAndIv.subarray(IV_OFFSET - KEY_OFFSET),
    );
  };
  const keyAndIv = header.slice(KEY_OFFSET, TAG_OFFSET);
  return {
    clientToServer: cipher(keyAndIv),
    serverToClient: cipher(keyAndIv.slice().reverse()),
  };
}

/** Throws a `RangeError` if `secret` is not the 16 bytes of an MTProxy. */
export function checkSecret(secret: Uint8Array | undefined): void {
  if (secret !== undefined && secret.length !== 16) {
    throw new RangeError(
      `Cannot use the secret of a proxy: it has ${secret.length} bytes, expected 16. ` +
        "Remove a dd or ee in front of them.",
    );
  }
}

/** Returns 64 random bytes that a server can only read as an obfuscated header. */
function randomHeader(random: Random): Uint8Array {
  for (let attempt = 0; attempt < 100; attempt++) {
    const header = random(HEADER_LENGTH).slice();
    const view = new DataView(header.buffer);
    if (header[0] === 0xef || view.getUint32(4, true) === 0) continue;
    if (forbiddenStart(view.getUint32(0, true)) === undefined) return header;
  }
  throw new RangeError(
    "Cannot make an obfuscated header: 100 random headers in a row were not usable. " +
      "Use a random source that does not repeat.",
  );
}

/** The options of {@linkcode obfuscated}. */
export interface ObfuscationOptions {
  /** The source of the header. */
  readonly random: Random;
  /**
   * For an MTProxy: the data center to connect to. Test servers have their id plus 10000; media
   * data centers have a negative id. Random bytes by default.
   */
  readonly dcId?: number;
  /** For an MTProxy: its secret, 16 bytes. */
  readonly secret?: Uint8Array;
}

/** The client's side of an obfuscated connection. */
class ObfuscatedTransport implements Transport {
  readonly name: string;
  readonly #inner: Transport;
  readonly #options: ObfuscationOptions;
  #ciphers: ObfuscationCiphers | undefined;

  constructor(inner: Transport, options: ObfuscationOptions) {
    this.name = `obfuscated ${inner.name}`;
    this.#inner = inner;
    this.#options = options;
  }

  start(): Uint8Array {
    if (this.#ciphers) {
      throw new TypeError(
        `Cannot start the transport "${this.name}": it was started before. ` +
          "Make a new one for each connection.",
      );
    }
    const { random, dcId, secret } = this.#options;
    const tag = this.#inner.start();
    const header = randomHeader(random);
    for (let index = 0; index < 4; index++) header[TAG_OFFSET + index] = tag[index % tag.length];
    if (dcId !== undefined) new DataView(header.buffer).setInt16(DC_OFFSET, dcId, true);
    this.#ciphers = obfuscationCiphers(header, secret);
    // The cipher must encrypt the whole header, to continue at byte 64. Only the last 8 bytes are
    // sent encrypted.
    header.set(
      this.#ciphers.clientToServer.apply(header).subarray(TAG_OFFSET),
      TAG_OFFSET,
    );
    return header;
  }

  pack(payload: Uint8Array, options?: PackOptions): Uint8Array {
    const { clientToServer } = this.#started();
    return clientToServer.apply(this.#inner.pack(payload, options));
  }

  packError(code: number): Uint8Array {
    const { clientToServer } = this.#started();
    return clientToServer.apply(this.#inner.packError(code));
  }

  packQuickAck(token: Uint8Array): Uint8Array {
    const { clientToServer } = this.#started();
    return clientToServer.apply(this.#inner.packQuickAck(token));
  }

  receive(chunk: Uint8Array): Packet[] {
    return this.#inner.receive(this.#started().serverToClient.apply(chunk));
  }

  #started(): ObfuscationCiphers {
    if (this.#ciphers) return this.#ciphers;
    throw new TypeError(
      `Cannot use the transport "${this.name}": it was not started. Send the result of start().`,
    );
  }
}

/**
 * Makes the client's side of an obfuscated connection over abridged, intermediate or padded
 * intermediate.
 *
 * @param inner The transport to obfuscate; it serves this connection only.
 * @param options `random` for the header; `dcId` and `secret` for an MTProxy.
 */
export function obfuscated(inner: Transport, options: ObfuscationOptions): Transport {
  if (inner.name !== "abridged" && inner.name !== "intermediate" && inner.name !== "padded") {
    throw new RangeError(
      `Cannot obfuscate the transport "${inner.name}": servers cannot recognise it, ` +
        "expected abridged, intermediate or padded",
    );
  }
  checkSecret(options.secret);
  const { dcId } = options;
  if (dcId !== undefined && (!Number.isInteger(dcId) || dcId < -0x8000 || dcId > 0x7fff)) {
    throw new RangeError(
      `Cannot use the data center id "${dcId}": expected a signed number of 16 bits`,
    );
  }
  return new ObfuscatedTransport(inner, options);
}
