/**
 * The server's side of the obfuscation of an MTProxy: the client's header, and the stream behind
 * it, which a proxy passes on to a data center. The client's side is obfuscated.ts.
 * https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
 */
import { type AesCtr, concatBytes } from "../../crypto/mod.ts";
import { ByteQueue } from "../byte_queue.ts";
import { FramingError } from "../errors.ts";
import { HEADER_LENGTH, obfuscationCiphers } from "../obfuscated.ts";
import type { ProxySecret } from "./secret.ts";

const TAG_OFFSET = 56;
const DC_OFFSET = 60;
/** The tags of the transports, and what a client sends first without obfuscation. */
const TAGS: ReadonlyMap<number, readonly number[]> = new Map([
  [0xefefefef, [0xef]],
  [0xeeeeeeee, [0xee, 0xee, 0xee, 0xee]],
  [0xdddddddd, [0xdd, 0xdd, 0xdd, 0xdd]],
]);
const PADDED = 0xdddddddd;

/** The client's stream. */
export class ProxiedStream {
  readonly #secret: ProxySecret;
  readonly #wasSeen: (header: Uint8Array) => boolean;
  readonly #queue = new ByteQueue();
  #ciphers: { readonly receive: AesCtr; readonly send: AesCtr } | undefined;
  #dcId = 0;

  /** `wasSeen` returns whether a header was seen before; it counts it as seen from now on. */
  constructor(secret: ProxySecret, wasSeen: (header: Uint8Array) => boolean) {
    this.#secret = secret;
    this.#wasSeen = wasSeen;
  }

  /**
   * The data center that the client wants: negative for its servers for files, 10000 away from 0
   * for test servers. Undefined until the header is here.
   */
  get dcId(): number | undefined {
    return this.#ciphers && this.#dcId;
  }

  /**
   * Takes the next received bytes, cut anywhere, and returns them without the obfuscation, with
   * the tag of the transport before the first.
   *
   * @throws {FramingError} if the header is wrong, or was made with another secret
   */
  receive(chunk: Uint8Array): Uint8Array {
    if (this.#ciphers !== undefined) return this.#ciphers.receive.apply(chunk);
    this.#queue.push(chunk);
    if (this.#queue.length < HEADER_LENGTH) return new Uint8Array(0);
    const header = this.#queue.take(HEADER_LENGTH);
    const { clientToServer, serverToClient } = obfuscationCiphers(header, this.#secret.key);
    const plain = new DataView(clientToServer.apply(header).slice().buffer);
    const tag = plain.getUint32(TAG_OFFSET, true);
    const start = TAGS.get(tag);
    if (start === undefined) throw refused("it was not made with the secret of this proxy");
    if (this.#secret.kind !== "plain" && tag !== PADDED) {
      throw refused("this secret demands the padded intermediate transport");
    }
    if (this.#wasSeen(header)) throw refused("it was sent before");
    this.#ciphers = { receive: clientToServer, send: serverToClient };
    this.#dcId = plain.getInt16(DC_OFFSET, true);
    const rest = this.#ciphers.receive.apply(this.#queue.take(this.#queue.length));
    return concatBytes(Uint8Array.from(start), rest);
  }

  /** Returns bytes for the client, obfuscated. */
  pack(bytes: Uint8Array): Uint8Array {
    if (this.#ciphers === undefined) {
      throw new TypeError("Cannot send to the client of an MTProxy: it has sent no header yet");
    }
    return this.#ciphers.send.apply(bytes);
  }
}

function refused(what: string): FramingError {
  return new FramingError(`Cannot accept the header of a client: ${what}`);
}
