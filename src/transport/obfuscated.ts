/**
 * Transport obfuscation: a header of 64 random bytes that holds the keys of both directions, and AES-256-CTR over everything
 * after it, so that the stream looks like noise. It hides the protocol from simple filters; it protects nothing, as the keys
 * travel with it (unless a proxy's secret is mixed in). WebSocket and MTProxy require it.
 *
 * https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
 */
import { AesCtr, sha256 } from "../crypto/mod.ts";
import type { Random } from "../runtime/mod.ts";
import type { Packet, Transport } from "./transport.ts";

/** The length of the header. */
export const HEADER_LENGTH = 64;
const KEY_OFFSET = 8;
const IV_OFFSET = 40;
const TAG_OFFSET = 56;
const DC_OFFSET = 60;

/** What a header may not begin with, as servers take it for something else: little-endian numbers, and what they are. */
const FORBIDDEN_STARTS: ReadonlyMap<number, string> = new Map([
  [0x44414548, "an HTTP request (HEAD)"],
  [0x54534f50, "an HTTP request (POST)"],
  [0x20544547, "an HTTP request (GET)"],
  [0x4954504f, "an HTTP request (OPTIONS)"],
  [0x02010316, "a TLS handshake"],
  [0xdddddddd, "padded intermediate"],
  [0xeeeeeeee, "intermediate"],
]);

/** What a stream whose first number is `first` is, if it is one of the things that no obfuscated header begins with. */
export function forbiddenStart(first: number): string | undefined {
  return FORBIDDEN_STARTS.get(first);
}

/** The ciphers of one connection, as the client sees it; the server swaps them. */
export interface ObfuscationCiphers {
  readonly clientToServer: AesCtr;
  readonly serverToClient: AesCtr;
}

/** The ciphers that belong to the first 56 bytes of a header, and to the secret of an MTProxy. */
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

/** Throws unless `secret` is what an MTProxy has, without the byte that some write before it to name a transport. */
export function checkSecret(secret: Uint8Array | undefined): void {
  if (secret !== undefined && secret.length !== 16) {
    throw new RangeError(
      `Cannot use the secret of a proxy "(not shown)": it has ${secret.length} bytes, expected 16 (without a dd or ee before)`,
    );
  }
}

/** 64 random bytes that no server takes for anything but an obfuscated header. */
function randomHeader(random: Random): Uint8Array {
  for (let attempt = 0; attempt < 100; attempt++) {
    const header = random(HEADER_LENGTH).slice();
    const view = new DataView(header.buffer);
    if (header[0] === 0xef || view.getUint32(4, true) === 0) continue;
    if (forbiddenStart(view.getUint32(0, true)) === undefined) return header;
  }
  throw new RangeError(
    'Cannot make an obfuscated header "of 64 random bytes": 100 attempts in a row were not usable, expected random bytes',
  );
}

/** What the client's side of an obfuscated connection is made with. */
export interface ObfuscationOptions {
  /** Where the header comes from. */
  readonly random: Random;
  /**
   * For an MTProxy: the data center it shall connect to. 10000 is added to the id for the test servers, and the whole is
   * negative for media data centers. Random bytes take its place where it is not given.
   */
  readonly dcId?: number;
  /** For an MTProxy: its secret, 16 bytes. */
  readonly secret?: Uint8Array;
}

/** The client's side of a connection whose bytes are obfuscated. */
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
        `Cannot start a transport "${this.name}": it has been started, expected a new one for a new connection`,
      );
    }
    const { random, dcId, secret } = this.#options;
    const tag = this.#inner.start();
    const header = randomHeader(random);
    for (let index = 0; index < 4; index++) header[TAG_OFFSET + index] = tag[index % tag.length];
    if (dcId !== undefined) new DataView(header.buffer).setInt16(DC_OFFSET, dcId, true);
    this.#ciphers = obfuscationCiphers(header, secret);
    // The whole header goes through the cipher, which thereby stands at byte 64; only its last 8 bytes are sent encrypted.
    header.set(
      this.#ciphers.clientToServer.apply(header).subarray(TAG_OFFSET),
      TAG_OFFSET,
    );
    return header;
  }

  pack(payload: Uint8Array, options?: { quickAck?: boolean }): Uint8Array {
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

  takeQuickAcks(): Uint8Array[] {
    return this.#inner.takeQuickAcks();
  }

  #started(): ObfuscationCiphers {
    if (this.#ciphers) return this.#ciphers;
    throw new TypeError(
      `Cannot use a transport "${this.name}": it has not been started, expected start() to be sent first`,
    );
  }
}

/**
 * The client's side of an obfuscated connection over abridged, intermediate or padded intermediate.
 *
 * @param inner The transport whose packets are obfuscated; it serves this connection only.
 * @param options `random` for the header; `dcId` and `secret` when this goes to an MTProxy.
 */
export function obfuscated(inner: Transport, options: ObfuscationOptions): Transport {
  if (inner.name !== "abridged" && inner.name !== "intermediate" && inner.name !== "padded") {
    throw new RangeError(
      `Cannot obfuscate a transport "${inner.name}": servers cannot recognise it, ` +
        "expected abridged, intermediate or padded",
    );
  }
  checkSecret(options.secret);
  const { dcId } = options;
  if (dcId !== undefined && (!Number.isInteger(dcId) || dcId < -0x8000 || dcId > 0x7fff)) {
    throw new RangeError(
      `Cannot name a data center "${dcId}": it does not fit, expected a signed number of 16 bits`,
    );
  }
  return new ObfuscatedTransport(inner, options);
}
