/**
 * Connects the two sides of a key exchange without a network. A test can change the objects of the
 * server, or the bytes in between.
 */
import { rsaPad, type RsaPublicKey } from "../../src/crypto/mod.ts";
import {
  type AcceptedKey,
  type AuthKeyResult,
  exchangeKeys,
  type KeyExchangeReply,
  KeyExchangeServer,
  type KeyExchangeServerOptions,
} from "../../src/mtproto/mod.ts";
import { encryptWithHash, temporaryAes } from "../../src/mtproto/key_exchange_crypto.ts";
import { testRsaKey } from "../../src/testing/api/mod.ts";
import { mtprotoSchema, type TlObject } from "../../src/tl/mod.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

/** The time of the server's answers, and the time of the client's clock. */
export const SERVER_TIME = 1_700_000_000_000;
export const CLIENT_TIME = SERVER_TIME - 42_000;

/** The options of an exchange, and the lies in it. */
export interface ExchangeOptions extends Partial<KeyExchangeServerOptions> {
  readonly seed?: number;
  readonly trusted?: readonly RsaPublicKey[];
  readonly expiresIn?: number;
  /** Changes an answer; `step` counts from 0. */
  readonly answer?: (body: Uint8Array, step: number) => Uint8Array;
  /** Changes a request; `step` counts from 0. */
  readonly request?: (body: Uint8Array, step: number) => Uint8Array;
  /** Stops after this many requests, without a result. */
  readonly requests?: number;
  /** The random bytes of the client, instead of the seeded ones. */
  readonly clientRandom?: (length: number) => Uint8Array;
}

/** The result of an exchange. */
export interface ExchangeOutcome {
  readonly result?: AuthKeyResult;
  readonly accepted?: AcceptedKey;
  readonly requests: readonly Uint8Array[];
}

/** Thrown when the server refuses a request; `cause` has its error. */
export class ServerRefusal extends Error {}

/** Runs a key exchange. Throws the client's error, or a {@linkcode ServerRefusal}. */
export function runExchange(options: ExchangeOptions = {}): ExchangeOutcome {
  const seed = options.seed ?? 1;
  const key = testRsaKey(2);
  const server = new KeyExchangeServer({
    keys: [key],
    random: seededRandom(seed + 1000),
    ...options,
  });
  const exchange = exchangeKeys({
    keys: options.trusted ?? [key],
    dcId: 2,
    random: options.clientRandom ?? seededRandom(seed),
    expiresIn: options.expiresIn,
  });
  const requests: Uint8Array[] = [];
  let accepted: AcceptedKey | undefined;
  let step = exchange.next();
  while (!step.done) {
    const index = requests.push(step.value) - 1;
    if (requests.length === options.requests) return { requests };
    const request = options.request?.(step.value, index) ?? step.value;
    const reply = receive(server, request);
    accepted = reply.accepted ?? accepted;
    const body = options.answer?.(reply.body, index) ?? reply.body;
    step = exchange.next({ body, now: CLIENT_TIME });
  }
  return { result: step.value, accepted, requests };
}

function receive(server: KeyExchangeServer, request: Uint8Array): KeyExchangeReply {
  try {
    return server.receive(request, SERVER_TIME);
  } catch (cause) {
    throw new ServerRefusal("Cannot go on: the server refused a request", { cause });
  }
}

/** Makes a `tamper` that changes fields of the objects with one name. */
export function lieIn(
  name: string,
  change: (object: TlObject) => Record<string, unknown>,
): (object: TlObject) => TlObject {
  return (object) => object._ === name ? { ...object, ...change(object) } : object;
}

/** Returns the bytes with one bit flipped, by default in the first byte. */
export function flipBit(bytes: Uint8Array, index = 0, bit = 0): Uint8Array {
  const copy = bytes.slice();
  copy[index] ^= 1 << bit;
  return copy;
}

/** The fields of a handmade client's requests; by default those of an honest client. */
export interface HandmadeClient {
  readonly server?: Partial<KeyExchangeServerOptions>;
  readonly encryptInner?: (inner: Uint8Array) => Uint8Array;
  readonly innerName?: string;
  readonly inner?: Record<string, unknown>;
  readonly reqDhParams?: Record<string, unknown>;
  readonly clientInner?: Record<string, unknown>;
  readonly setClientDhParams?: (encryptedData: Uint8Array) => Record<string, unknown>;
  readonly query?: "req_pq" | "req_pq_multi";
  /** The number of times that the last step is sent. */
  readonly attempts?: number;
}

const P = Uint8Array.of(0x49, 0x4c, 0x55, 0x3b); // the factors of the pq of the sample
const Q = Uint8Array.of(0x53, 0x91, 0x10, 0x73);

/** Sends handmade requests to a server, and returns its answers. Throws its errors. */
export function askByHand(client: HandmadeClient): TlObject[] {
  const schema = mtprotoSchema();
  const random = seededRandom(77);
  const key = testRsaKey(2);
  const server = new KeyExchangeServer({ keys: [key], random: seededRandom(78), ...client.server });
  const ask = (object: TlObject): TlObject => {
    const { body } = server.receive(schema.encode(object), SERVER_TIME);
    return schema.decode(body) as TlObject;
  };
  const nonce = random(16);
  const newNonce = random(32);
  const resPQ = ask({ _: client.query ?? "req_pq_multi", nonce });
  const nonces = { nonce, serverNonce: resPQ.serverNonce as Uint8Array };
  const inner = schema.encode({
    _: client.innerName ?? "p_q_inner_data_dc",
    pq: resPQ.pq,
    p: P,
    q: Q,
    ...nonces,
    newNonce,
    dc: 2,
    expiresIn: 3600,
    ...client.inner,
  });
  const encrypt = client.encryptInner ?? ((data: Uint8Array) => rsaPad(key, data, random));
  const parameters = ask({
    _: "req_DH_params",
    ...nonces,
    p: P,
    q: Q,
    publicKeyFingerprint: key.fingerprint,
    encryptedData: encrypt(inner),
    ...client.reqDhParams,
  });
  const answers = [resPQ, parameters];
  for (let attempt = 0; attempt < (client.attempts ?? 1); attempt++) {
    const clientInner = schema.encode({
      _: "client_DH_inner_data",
      ...nonces,
      retryId: 0n,
      gB: new Uint8Array(256).fill(0x5a),
      ...client.clientInner,
    });
    const encryptedData = encryptWithHash(
      clientInner,
      temporaryAes(newNonce, nonces.serverNonce),
      random,
    );
    answers.push(ask({
      _: "set_client_DH_params",
      ...nonces,
      encryptedData,
      ...client.setClientDhParams?.(encryptedData),
    }));
  }
  return answers;
}
