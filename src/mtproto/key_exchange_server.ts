/**
 * Creates an authorization key: the server's side, the other half of key_exchange.ts.
 * https://core.telegram.org/mtproto/auth_key
 *
 * It answers each request alone: a client may send `req_pq` again, and may make two keys at the
 * same time, a permanent and a temporary one. It reads both RSA schemes and all kinds of
 * p_q_inner_data. A request that no honest client sends is a SecurityError; the server then
 * disconnects.
 */
import {
  AUTH_KEY_LENGTH,
  bytesToBigInt,
  bytesToHex,
  equalBytes,
  modPow,
  rsaDecryptSha1,
  rsaUnpad,
  sha1,
  TELEGRAM_DH_PRIME,
} from "../crypto/mod.ts";
import type { RsaPrivateKey } from "../crypto/mod.ts";
import type { Random } from "../runtime/mod.ts";
import { mtprotoSchema, TlError, TlReader } from "../tl/mod.ts";
import type { TlObject } from "../tl/mod.ts";
import { AuthKey } from "./auth_key.ts";
import {
  bytesOf,
  checkNonces,
  checkPublicValue,
  decryptWithHash,
  encryptWithHash,
  firstServerSalt,
  newNonceHash,
  type Nonces,
  retryIdOf,
  temporaryAes,
} from "./key_exchange_crypto.ts";
import { forgetOldest } from "./forget_oldest.ts";
import { demand } from "./security_error.ts";

/** The last answer of an exchange. */
export type DhGenOutcome = "dh_gen_ok" | "dh_gen_retry" | "dh_gen_fail";

/** The choices of a server in a key exchange. */
export interface KeyExchangeBehaviour {
  /** The product of two primes for the client to factorise, at most 8 bytes. */
  readonly pq?: Uint8Array;
  /** The generator. It must be a good one for Telegram's prime, which the server always uses. */
  readonly g?: number;
  /** Returns the outcome of the nth attempt (from 0) at g_b; `dh_gen_ok` by default. */
  readonly outcome?: (attempt: number) => DhGenOutcome;
  /** Replaces objects before they are serialised, for tests of clients with a hostile server. */
  readonly tamper?: (object: TlObject) => TlObject;
}

/** The options of a {@linkcode KeyExchangeServer}. */
export interface KeyExchangeServerOptions extends KeyExchangeBehaviour {
  /** The server's RSA keys; it offers their fingerprints in this order. */
  readonly keys: readonly RsaPrivateKey[];
  readonly random: Random;
}

/** A created key, on the server's side. */
export interface AcceptedKey {
  readonly authKey: AuthKey;
  readonly serverSalt: bigint;
  /** For a temporary key: seconds until it expires. */
  readonly expiresIn?: number;
  /** The data center in the client's request, if it has one. */
  readonly dcId?: number;
}

/** The answer to one request; the last one has the key. */
export interface KeyExchangeReply {
  readonly body: Uint8Array;
  readonly accepted?: AcceptedKey;
}

/** The exchanges on one connection that may be under way at the same time. */
const MAX_EXCHANGES = 4;
/** 0x17ED48941A08F981, the pq of the page's sample. */
const DEFAULT_PQ = Uint8Array.of(0x17, 0xed, 0x48, 0x94, 0x1a, 0x08, 0xf9, 0x81);

interface Progress extends Nonces {
  newNonce?: Uint8Array;
  a?: Uint8Array;
  gA?: Uint8Array;
  expiresIn?: number;
  dcId?: number;
  attempts: number;
  retryId: bigint;
}

/** The server's side of the key exchanges of one connection. */
export class KeyExchangeServer {
  readonly #options: KeyExchangeServerOptions;
  /** The last exchanges that began, by their nonces. */
  readonly #progress = new Map<string, Progress>();

  constructor(options: KeyExchangeServerOptions) {
    this.#options = options;
  }

  /**
   * Answers one request, received at `now` (milliseconds since 1970).
   *
   * @throws {SecurityError} if a check fails
   * @throws {TlError} if the request is not a step of a key exchange
   */
  receive(body: Uint8Array, now: number): KeyExchangeReply {
    const request = mtprotoSchema().decode(body, "Object", { allowTrailing: true }) as TlObject;
    switch (request._) {
      case "req_pq":
      case "req_pq_multi":
        return { body: this.#resPQ(request) };
      case "req_DH_params":
        return { body: this.#serverDhParams(request, now) };
      case "set_client_DH_params":
        return this.#dhGen(request);
    }
    throw new TlError("answer", `the request "${request._}", expected a step of a key exchange`);
  }

  #write(object: TlObject): Uint8Array {
    return mtprotoSchema().encode(this.#options.tamper?.(object) ?? object);
  }

  #resPQ(request: TlObject): Uint8Array {
    const nonce = bytesOf(request, "nonce");
    const serverNonce = this.#options.random(16);
    this.#progress.set(bytesToHex(nonce), { nonce, serverNonce, attempts: 0, retryId: 0n });
    forgetOldest(this.#progress, MAX_EXCHANGES);
    return this.#write({
      _: "resPQ",
      nonce,
      serverNonce,
      pq: this.#options.pq ?? DEFAULT_PQ,
      serverPublicKeyFingerprints: this.#options.keys.map((key) => key.fingerprint),
    });
  }

  #serverDhParams(request: TlObject, now: number): Uint8Array {
    const progress = this.#continue(request);
    const { nonce, serverNonce } = progress;
    const key = this.#options.keys.find((key) => key.fingerprint === request.publicKeyFingerprint);
    const otherKey = (): string => "Cannot decrypt p_q_inner_data: its RSA key is not ours";
    demand(key !== undefined, "rsa_fingerprint", otherKey);
    const inner = readInnerData(bytesOf(request, "encryptedData"), key);
    checkNonces(inner, progress);
    const p = bytesToBigInt(bytesOf(inner, "p"));
    const q = bytesToBigInt(bytesOf(inner, "q"));
    const pq = bytesToBigInt(this.#options.pq ?? DEFAULT_PQ);
    demand(
      p * q === pq && p < q && p > 1n,
      "pq",
      () => "Cannot accept p and q: they are wrong, expected the prime factors of pq with p < q",
    );

    progress.newNonce = bytesOf(inner, "newNonce");
    progress.expiresIn = inner.expiresIn as number | undefined;
    progress.dcId = inner.dc as number | undefined;
    progress.a = this.#options.random(AUTH_KEY_LENGTH);
    const g = this.#options.g ?? 3;
    progress.gA = modPow(Uint8Array.of(g), progress.a, TELEGRAM_DH_PRIME);
    const answer = this.#write({
      _: "server_DH_inner_data",
      nonce,
      serverNonce,
      g,
      dhPrime: TELEGRAM_DH_PRIME,
      gA: progress.gA,
      serverTime: Math.floor(now / 1000),
    });
    const aes = temporaryAes(progress.newNonce, serverNonce);
    return this.#write({
      _: "server_DH_params_ok",
      nonce,
      serverNonce,
      encryptedAnswer: encryptWithHash(answer, aes, this.#options.random),
    });
  }

  #dhGen(request: TlObject): KeyExchangeReply {
    const progress = this.#continue(request);
    const { nonce, serverNonce, newNonce, a } = progress;
    demand(
      newNonce !== undefined && a !== undefined,
      "nonce",
      () => "Cannot finish a key exchange: expected req_DH_params first",
    );
    const inner = readClientDhInnerData(
      bytesOf(request, "encryptedData"),
      temporaryAes(newNonce, serverNonce),
    );
    checkNonces(inner, progress);
    demand(
      inner.retryId === progress.retryId,
      "dh_gen_retry",
      () =>
        "Cannot accept client_DH_inner_data: its retry_id is wrong, " +
        "expected the last auth_key_aux_hash",
    );
    const gB = bytesOf(inner, "gB");
    checkPublicValue("g_b", gB, TELEGRAM_DH_PRIME);

    const authKey = new AuthKey(modPow(gB, a, TELEGRAM_DH_PRIME));
    const outcome = this.#options.outcome?.(progress.attempts++) ?? "dh_gen_ok";
    const number = ({ dh_gen_ok: 1, dh_gen_retry: 2, dh_gen_fail: 3 } as const)[outcome];
    const hash = newNonceHash(newNonce, number, authKey.auxHash);
    const body = this.#write({ _: outcome, nonce, serverNonce, [`newNonceHash${number}`]: hash });
    if (outcome !== "dh_gen_ok") {
      progress.retryId = retryIdOf(authKey.auxHash);
      return { body };
    }
    this.#progress.delete(bytesToHex(nonce));
    const { expiresIn, dcId } = progress;
    const serverSalt = firstServerSalt(newNonce, serverNonce);
    return { body, accepted: { authKey, serverSalt, expiresIn, dcId } };
  }

  #continue(request: TlObject): Progress {
    const known = this.#progress.get(bytesToHex(bytesOf(request, "nonce")));
    const progress = known ?? [...this.#progress.values()].at(-1);
    demand(
      progress !== undefined,
      "nonce",
      () => `Cannot answer ${request._}: expected req_pq_multi first`,
    );
    checkNonces(request, progress);
    return progress;
  }
}

/** Decrypts p_q_inner_data: tries RSA_PAD, then the older scheme with SHA1(data) in front. */
function readInnerData(encrypted: Uint8Array, key: RsaPrivateKey): TlObject {
  demand(
    encrypted.length === 256,
    "message_length",
    () => `Cannot decrypt p_q_inner_data: it has ${encrypted.length} bytes, expected 256`,
  );
  const padded = tryToDecrypt(() => rsaUnpad(key, encrypted));
  if (padded !== undefined) return readData(padded, "p_q_inner_data");
  const decrypted = tryToDecrypt(() => rsaDecryptSha1(key, encrypted)) ?? new Uint8Array(0);
  return readData(decrypted.subarray(20), "p_q_inner_data", decrypted.subarray(0, 20));
}

/** Returns the result of an RSA scheme; undefined for bytes of another scheme. */
function tryToDecrypt(decrypt: () => Uint8Array): Uint8Array | undefined {
  try {
    return decrypt();
  } catch {
    return undefined;
  }
}

function readClientDhInnerData(
  encrypted: Uint8Array,
  aes: { key: Uint8Array; iv: Uint8Array },
): TlObject {
  const opened = decryptWithHash(encrypted, aes);
  demand(
    opened !== undefined,
    "dh_answer_hash",
    () =>
      `Cannot decrypt client_DH_inner_data: it has ${encrypted.length} bytes, ` +
      "expected whole blocks",
  );
  return readData(opened.padded, "client_DH_inner_data", opened.hash);
}

/** Reads the object in front of the padding, and compares its SHA1 with `hash`, if given. */
function readData(padded: Uint8Array, expected: string, hash?: Uint8Array): TlObject {
  const reader = new TlReader(padded);
  let object: TlObject | undefined;
  try {
    object = mtprotoSchema().read(reader) as TlObject;
  } catch (error) {
    if (!(error instanceof TlError)) throw error;
  }
  demand(
    object !== undefined && object._.startsWith(expected) &&
      (hash === undefined || equalBytes(sha1(padded.subarray(0, reader.position)), hash)),
    "dh_answer_hash",
    () => `Cannot accept ${expected}: it does not decrypt to an object with the right hash`,
  );
  return object;
}
