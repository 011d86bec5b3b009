// 2FA on the server's side: https://core.telegram.org/api/srp
// The password of an account, and the challenges that are open. The arithmetic is in crypto.

import {
  bytesToBigInt,
  concatBytes,
  type Random,
  type SrpParameters,
  srpServerChallenge,
  srpServerCheck,
  srpVerifier,
  TELEGRAM_DH_PRIME,
} from "../../crypto/mod.ts";
import { badRequest } from "./failure.ts";

const G = 3;
const CHALLENGE_SECONDS = 600;

/** The password of an account. What takes long (100,000 rounds of PBKDF2) is done when it is first needed. */
export class AccountPassword {
  readonly hint: string | undefined;
  readonly parameters: SrpParameters;
  readonly #password: string;
  #verifier: Uint8Array | undefined;

  constructor(password: string, hint: string | undefined, random: Random) {
    this.#password = password;
    this.hint = hint;
    this.parameters = newParameters(random);
  }

  /** v = g^x mod p. */
  get verifier(): Uint8Array {
    this.#verifier ??= srpVerifier(this.#password, this.parameters);
    return this.#verifier;
  }
}

/** Fresh parameters for a password: the server's half of salt1 and 32 bytes as from a client, and salt2. */
export function newParameters(random: Random): SrpParameters {
  return {
    g: G,
    p: TELEGRAM_DH_PRIME,
    salt1: concatBytes(random(8), random(32)),
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

  constructor(random: Random, now: () => number) {
    this.#random = random;
    this.#now = now;
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
    if (
      challenge?.srpId !== srpId || challenge.password !== password ||
      this.#now() >= challenge.expires
    ) {
      throw badRequest("SRP_ID_INVALID");
    }
    this.#open.delete(key);
    const { parameters, verifier } = password;
    if (!srpServerCheck({ parameters, verifier, b: challenge.b, srpB: challenge.srpB, A, M1 })) {
      throw badRequest("PASSWORD_HASH_INVALID");
    }
  }
}
