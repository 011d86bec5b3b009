/**
 * The open SRP challenges, with which clients prove that they know a password, and the parameters
 * that were offered for new passwords: https://core.telegram.org/api/srp
 */
import { type SrpParameters, srpServerChallenge, srpServerCheck } from "../../../crypto/entry.ts";
import { type Random, randomLong } from "../../../runtime/mod.ts";
import { badRequest } from "../failure.ts";
import { type AccountPassword, newSrpParameters, SERVER_SALT_LENGTH } from "./password.ts";

const LIFETIME_SECONDS = 600;

/** The public part of a challenge. */
export interface PasswordChallenge {
  readonly srpId: bigint;
  readonly srpB: Uint8Array;
}

interface OpenChallenge extends PasswordChallenge {
  readonly b: Uint8Array;
  readonly password: AccountPassword;
  readonly expiresAtSeconds: number;
}

/** The open challenges: one for each auth key, each valid for one answer. */
export class PasswordChallenges {
  readonly #random: Random;
  readonly #nowSeconds: () => number;
  readonly #open = new Map<string, OpenChallenge>();
  readonly #offered = new Map<string, SrpParameters>();

  /** The clock counts Unix seconds. */
  constructor(random: Random, nowSeconds: () => number) {
    this.#random = random;
    this.#nowSeconds = nowSeconds;
  }

  /** Offers parameters for a new password, in place of those offered before. */
  offer(key: string): SrpParameters {
    const parameters = newSrpParameters(this.#random);
    const offered = { ...parameters, salt1: parameters.salt1.slice(0, SERVER_SALT_LENGTH) };
    this.#offered.set(key, offered);
    return offered;
  }

  /** Returns the parameters that were offered last. */
  offered(key: string): SrpParameters | undefined {
    return this.#offered.get(key);
  }

  /** Opens a challenge in place of the one before it. */
  open(key: string, password: AccountPassword): PasswordChallenge {
    const { b, srpB } = srpServerChallenge(password.parameters, password.verifier, this.#random);
    const srpId = randomLong(this.#random);
    const expiresAtSeconds = this.#nowSeconds() + LIFETIME_SECONDS;
    this.#open.set(key, { srpId, srpB, b, password, expiresAtSeconds });
    return { srpId, srpB };
  }

  /** Checks the answer to a challenge, which is void after it. */
  answer(
    key: string,
    password: AccountPassword,
    srpId: bigint,
    A: Uint8Array,
    M1: Uint8Array,
  ): void {
    const challenge = this.#open.get(key);
    if (challenge?.srpId !== srpId || this.#nowSeconds() >= challenge.expiresAtSeconds) {
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
