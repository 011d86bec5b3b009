/**
 * Creates an authorization key: the client's side, in the steps of its page.
 * https://core.telegram.org/mtproto/auth_key
 *
 * A generator: it yields each request as a serialised TL object, and receives the answer. It has no
 * sockets and no clock; the caller wraps requests in plain messages and unwraps answers. Every
 * failed check of the page and of the security guidelines throws a SecurityError.
 */
import {
  AUTH_KEY_LENGTH,
  bigIntToBytes,
  bytesToBigInt,
  checkDhGroup,
  equalBytes,
  factorizePq,
  modPow,
  rsaPad,
  sha1,
} from "../crypto/mod.ts";
import type { RsaPublicKey } from "../crypto/mod.ts";
import type { Random } from "../runtime/mod.ts";
import { mtprotoSchema, TlError, TlReader } from "../tl/mod.ts";
import type { TlObject } from "../tl/mod.ts";
import { AuthKey } from "./auth_key.ts";
import {
  bytesOf,
  checkNonce,
  checkNonces,
  checkPublicValue,
  decryptWithHash,
  encryptWithHash,
  firstServerSalt,
  newNonceHash,
  retryIdOf,
  type TemporaryAes,
  temporaryAes,
} from "./key_exchange_crypto.ts";
import { demand, SecurityError } from "./security_error.ts";

/** The options of {@linkcode exchangeKeys}. */
export interface KeyExchangeOptions {
  /** The RSA keys of trusted servers. */
  readonly keys: readonly RsaPublicKey[];
  /** The id of the data center; plus 10000 for a test one, negative for a media one. */
  readonly dcId: number;
  readonly random: Random;
  /** For a temporary key (perfect forward secrecy): its life in seconds. */
  readonly expiresIn?: number;
}

/** An answer of the server, and the local time of its arrival, milliseconds since 1970. */
export interface KeyExchangeAnswer {
  readonly body: Uint8Array;
  readonly now: number;
}

/** The result of a key exchange. */
export interface AuthKeyResult {
  readonly authKey: AuthKey;
  /** The first server salt, signed 64 bits. */
  readonly serverSalt: bigint;
  /** Milliseconds to add to the local clock to get the server's. */
  readonly timeOffset: number;
}

/** A key exchange: a generator that yields requests and receives answers. */
export type KeyExchange = Generator<Uint8Array, AuthKeyResult, KeyExchangeAnswer>;

/** The most attempts at g_b: a server that asks for more (dh_gen_retry) is hostile. */
const MAX_DH_ATTEMPTS = 5;

/**
 * Creates an authorization key with the server that answers the yielded requests.
 *
 * @throws {SecurityError} if a check fails
 * @throws {TlError} if an answer is not the expected object
 */
export function* exchangeKeys(options: KeyExchangeOptions): KeyExchange {
  const { random } = options;

  // 1) The client sends a query to the server.
  const nonce = random(16);
  const resPQ = read(yield write({ _: "req_pq_multi", nonce }), "resPQ");

  // 2) The server's answer: server_nonce, pq, and the fingerprints of its RSA keys.
  checkNonce(resPQ, nonce);
  const serverNonce = bytesOf(resPQ, "serverNonce");
  const nonces = { nonce, serverNonce };
  const publicKey = chooseKey(resPQ.serverPublicKeyFingerprints, options.keys);

  // 3) The client decomposes pq into prime factors p < q.
  const pq = bytesOf(resPQ, "pq");
  const [p, q] = factorize(pq);

  // 4) The client sends p, q and new_nonce, encrypted with the server's RSA key.
  const newNonce = random(32);
  const innerData = mtprotoSchema().encode({
    _: options.expiresIn === undefined ? "p_q_inner_data_dc" : "p_q_inner_data_temp_dc",
    pq,
    p,
    q,
    nonce,
    serverNonce,
    newNonce,
    dc: options.dcId,
    expiresIn: options.expiresIn,
  });
  const answer = yield write({
    _: "req_DH_params",
    nonce,
    serverNonce,
    p,
    q,
    publicKeyFingerprint: publicKey.fingerprint,
    encryptedData: rsaPad(publicKey, innerData, random),
  });

  // 5) The server's answer, encrypted with a key from new_nonce and server_nonce.
  const parameters = read(answer, "server_DH_params_ok", "server_DH_params_fail");
  checkNonces(parameters, nonces);
  if (parameters._ === "server_DH_params_fail") throw dhParamsFailed(parameters, newNonce);
  const aes = temporaryAes(newNonce, serverNonce);
  const inner = openDhInnerData(bytesOf(parameters, "encryptedAnswer"), aes);
  checkNonces(inner, nonces);
  const { g, dhPrime, gA } = checkDh(inner, random);
  const timeOffset = Number(inner.serverTime) * 1000 - answer.now;

  // 6) The client computes a random b and g_b. 7) Both compute auth_key = g_ab. The server may ask
  // for another b.
  let retryId = 0n;
  for (let attempt = 0; attempt < MAX_DH_ATTEMPTS; attempt++) {
    const b = random(AUTH_KEY_LENGTH);
    const gB = modPow(Uint8Array.of(g), b, dhPrime);
    checkPublicValue("g_b", gB, dhPrime);
    // modPow() keeps leading zeros: the key is always as long as the prime.
    const authKey = new AuthKey(modPow(gA, b, dhPrime));
    b.fill(0);

    const clientInner = mtprotoSchema().encode({
      _: "client_DH_inner_data",
      nonce,
      serverNonce,
      retryId,
      gB,
    });
    const encryptedData = encryptWithHash(clientInner, aes, random);
    const outcome = read(
      yield write({ _: "set_client_DH_params", nonce, serverNonce, encryptedData }),
      "dh_gen_ok",
      "dh_gen_retry",
      "dh_gen_fail",
    );

    // 8) The server has verified g_b and that the key is unique. 9) It answers ok, retry or fail,
    // each with a hash as proof.
    checkNonces(outcome, nonces);
    checkNewNonceHash(outcome, newNonce, authKey);
    if (outcome._ === "dh_gen_ok") {
      return { authKey, serverSalt: firstServerSalt(newNonce, serverNonce), timeOffset };
    }
    demand(
      outcome._ === "dh_gen_retry",
      "dh_gen_fail",
      () => "Cannot create an auth key: the server answered dh_gen_fail. Connect again.",
    );
    retryId = retryIdOf(authKey.auxHash);
  }
  throw new SecurityError(
    "dh_gen_retry",
    `Cannot create an auth key: the server answered dh_gen_retry ${MAX_DH_ATTEMPTS} times. ` +
      "Connect again.",
  );
}

function write(request: TlObject): Uint8Array {
  return mtprotoSchema().encode(request);
}

/** Reads an answer. Throws if it is not one of the expected objects. */
function read({ body }: KeyExchangeAnswer, ...expected: string[]): TlObject {
  const object = mtprotoSchema().decode(body, "Object", { allowTrailing: true }) as TlObject;
  if (!expected.includes(object._)) {
    throw new TlError("read", `the answer "${object._}", expected ${expected.join(" or ")}`);
  }
  return object;
}

function chooseKey(fingerprints: unknown, keys: readonly RsaPublicKey[]): RsaPublicKey {
  const offered = fingerprints as readonly bigint[];
  const key = keys.find((key) => offered.includes(key.fingerprint));
  demand(
    key !== undefined,
    "rsa_fingerprint",
    () =>
      `Cannot trust this server: none of its ${offered.length} RSA fingerprints is among the ` +
      `${keys.length} trusted keys. Connect to a server of Telegram, or add the key of another ` +
      "server to the option keys.",
  );
  return key;
}

function factorize(pq: Uint8Array): [p: Uint8Array, q: Uint8Array] {
  const tooLong = (): string => `Cannot factorise pq: it has ${pq.length} bytes, expected 8`;
  demand(pq.length <= 8, "pq", tooLong);
  let factors: [p: bigint, q: bigint];
  try {
    factors = factorizePq(bytesToBigInt(pq));
  } catch (cause) {
    throw new SecurityError("pq", "Cannot factorise pq: it is not a product of two primes", {
      cause,
    });
  }
  const [p, q] = factors;
  demand(p < q, "pq", () => "Cannot use pq: it is a square, expected two different primes");
  return [shortestBytes(p), shortestBytes(q)];
}

function dhParamsFailed(answer: TlObject, newNonce: Uint8Array): SecurityError {
  demand(
    equalBytes(bytesOf(answer, "newNonceHash"), sha1(newNonce).subarray(4, 20)),
    "new_nonce_hash",
    () => "Cannot accept server_DH_params_fail: its new_nonce_hash is wrong",
  );
  return new SecurityError(
    "server_DH_params_fail",
    "Cannot create an auth key: the server answered server_DH_params_fail. Connect again.",
  );
}

/** Decrypts server_DH_inner_data, and compares the SHA1 of exactly its bytes. */
function openDhInnerData(encrypted: Uint8Array, aes: TemporaryAes): TlObject {
  const opened = decryptWithHash(encrypted, aes);
  demand(
    opened !== undefined,
    "dh_answer_hash",
    () => `Cannot decrypt the DH answer: it has ${encrypted.length} bytes, expected whole blocks`,
  );
  const reader = new TlReader(opened.padded);
  let inner: TlObject | undefined;
  try {
    inner = mtprotoSchema().read(reader) as TlObject;
  } catch (error) {
    if (!(error instanceof TlError)) throw error; // with unreadable bytes, the check below fails
  }
  const hashed = opened.padded.subarray(0, reader.position);
  demand(
    inner?._ === "server_DH_inner_data" && equalBytes(sha1(hashed), opened.hash) &&
      reader.remaining < 16,
    "dh_answer_hash",
    () => "Cannot accept the DH answer: its SHA1 does not match",
  );
  return inner;
}

function checkDh(
  inner: TlObject,
  random: Random,
): { g: number; dhPrime: Uint8Array; gA: Uint8Array } {
  const g = Number(inner.g);
  const dhPrime = bytesOf(inner, "dhPrime");
  const gA = bytesOf(inner, "gA");
  const fault = dhPrime.length > AUTH_KEY_LENGTH
    ? `p has ${dhPrime.length} bytes, expected ${AUTH_KEY_LENGTH}`
    : checkDhGroup(dhPrime, g, random);
  demand(fault === undefined, "dh_prime", () => `Cannot use the DH group: ${fault}`);
  checkPublicValue("g_a", gA, dhPrime);
  return { g, dhPrime, gA };
}

const HASHES = {
  dh_gen_ok: [1, "newNonceHash1"],
  dh_gen_retry: [2, "newNonceHash2"],
  dh_gen_fail: [3, "newNonceHash3"],
} as const;

function checkNewNonceHash(outcome: TlObject, newNonce: Uint8Array, authKey: AuthKey): void {
  const [number, field] = HASHES[outcome._ as keyof typeof HASHES];
  demand(
    equalBytes(bytesOf(outcome, field), newNonceHash(newNonce, number, authKey.auxHash)),
    "new_nonce_hash",
    () => `Cannot accept ${outcome._}: its new_nonce_hash${number} is wrong`,
  );
}

/** Returns a number as big-endian bytes without leading zeros. */
function shortestBytes(value: bigint): Uint8Array {
  return bigIntToBytes(value, Math.ceil(value.toString(16).length / 2));
}
