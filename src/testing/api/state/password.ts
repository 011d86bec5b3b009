// 2FA on the server's side: https://core.telegram.org/api/srp
// The password of an account, and the challenges that are open. The arithmetic is in crypto.

import { bytesToBigInt, concatBytes, TELEGRAM_DH_PRIME } from "../../../crypto/mod.ts";
import {
  type SrpParameters,
  srpServerChallenge,
  srpServerCheck,
  srpVerifier,
} from "../../../crypto/entry.ts";
import type { Random } from "../../../runtime/mod.ts";
import { badRequest } from "../failure.ts";

const G = 3;
const CHALLENGE_SECONDS = 600;
/** How much of salt1 the server says, in bytes. */
const SERVER_SALT_LENGTH = 8;
/** How much of it the client adds, in bytes. */
export const CLIENT_SALT_LENGTH = 32;

/** The password of an account. What takes long (100,000 rounds of PBKDF2) is done when it is first needed. */
export class AccountPassword {
  readonly hint: string | undefined;
  readonly parameters: SrpParameters;
  readonly #makeVerifier: () => Uint8Array;
  #verifier: Uint8Array | undefined;

  /** A password of which the verifier is known, as a client sends it. */
  constructor(parameters: SrpParameters, makeVerifier: () => Uint8Array, hint?: string) {
    this.parameters = parameters;
    this.#makeVerifier = makeVerifier;
    this.hint = hint;
  }

  /** A password that is known itself, with parameters of its own. */
  static of(password: string, hint: string | undefined, random: Random): AccountPassword {
    const parameters = newParameters(random);
    return new AccountPassword(parameters, () => srpVerifier(password, parameters), hint);
  }

  /** v = g^x mod p. */
  get verifier(): Uint8Array {
    this.#verifier ??= this.#makeVerifier();
    return this.#verifier;
  }
}

/** What hangs on a password, or on one that is to be. */
export interface TwoFactor {
  /** By which the password can be recovered. */
  recoveryEmail?: string;
  /** Settings that wait for their recovery email to be confirmed. */
  unconfirmed?: PasswordSettings;
  /** When the password is removed, in Unix seconds, as somebody asked who has forgotten it. */
  resetDate?: number;
  /** When that may be asked for again, after it was declined. */
  resetRetryDate?: number;
}

/** The password and the recovery email of an account. */
export interface PasswordSettings {
  readonly password: AccountPassword | undefined;
  readonly recoveryEmail: string | undefined;
}

/** Fresh parameters for a password: the server's half of salt1 and 32 bytes as from a client, and salt2. */
function newParameters(random: Random): SrpParameters {
  return {
    g: G,
    p: TELEGRAM_DH_PRIME,
    salt1: concatBytes(random(SERVER_SALT_LENGTH), random(CLIENT_SALT_LENGTH)),
    salt2: random(16),
  };
}

/** A challenge that a client has been given, to prove that it knows the password. */
export interface Challenge {
  readonly srpId: bigint;
  readonly srpB: Uint8Array;
}

interface OpenChallenge extends Challenge {
  readonly b: Uint8Array;
  readonly password: AccountPassword;
  readonly expires: number;
}

/** The open challenges: one for each auth key, each good for one answer. */
export class Challenges {
  readonly #random: Random;
  readonly #now: () => number;
  readonly #open = new Map<string, OpenChallenge>();
  readonly #offered = new Map<string, SrpParameters>();

  constructor(random: Random, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  /** Offers parameters for a new password: the client adds to salt1. Those before them are void. */
  offer(key: string): SrpParameters {
    const parameters = newParameters(this.#random);
    const offered = { ...parameters, salt1: parameters.salt1.slice(0, SERVER_SALT_LENGTH) };
    this.#offered.set(key, offered);
    return offered;
  }

  /** The parameters that were offered last. */
  offered(key: string): SrpParameters | undefined {
    return this.#offered.get(key);
  }

  /** Gives a new challenge. The one before it is void. */
  open(key: string, password: AccountPassword): Challenge {
    const { b, srpB } = srpServerChallenge(password.parameters, password.verifier, this.#random);
    const srpId = BigInt.asIntN(64, bytesToBigInt(this.#random(8)));
    const expires = this.#now() + CHALLENGE_SECONDS;
    this.#open.set(key, { srpId, srpB, b, password, expires });
    return { srpId, srpB };
  }

  /** Takes the answer to a challenge; refuses it if it is not right. */
  answer(
    key: string,
    password: AccountPassword,
    srpId: bigint,
    A: Uint8Array,
    M1: Uint8Array,
  ): void {
    const challenge = this.#open.get(key);
    if (challenge?.srpId !== srpId || this.#now() >= challenge.expires) {
      throw badRequest("SRP_ID_INVALID");
    }
    if (challenge.password !== password) throw badRequest("SRP_PASSWORD_CHANGED");
    this.#open.delete(key);
    const { parameters, verifier } = password;
    if (!srpServerCheck({ parameters, verifier, b: challenge.b, srpB: challenge.srpB, A, M1 })) {
      throw badRequest("PASSWORD_HASH_INVALID");
    }
  }
}
