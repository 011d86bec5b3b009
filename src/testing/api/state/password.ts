/**
 * The 2FA password of an account, as the server stores it: https://core.telegram.org/api/srp
 *
 * The arithmetic is in crypto/; the challenges to prove the password are in password_challenges.ts.
 */
import { concatBytes, TELEGRAM_DH_PRIME } from "../../../crypto/mod.ts";
import { type SrpParameters, srpVerifier } from "../../../crypto/entry.ts";
import type { Random } from "../../../runtime/mod.ts";

const G = 3;
/** The bytes of salt1 that the server chooses. */
export const SERVER_SALT_LENGTH = 8;
/** The bytes that the client appends to them. */
export const CLIENT_SALT_LENGTH = 32;

/** The password of an account. The verifier (100,000 rounds of PBKDF2) is made on first use. */
export class AccountPassword {
  readonly hint: string | undefined;
  readonly parameters: SrpParameters;
  readonly #makeVerifier: () => Uint8Array;
  #verifier: Uint8Array | undefined;

  /** A password whose verifier is known: the form in which clients send a new one. */
  constructor(parameters: SrpParameters, makeVerifier: () => Uint8Array, hint?: string) {
    this.parameters = parameters;
    this.#makeVerifier = makeVerifier;
    this.hint = hint;
  }

  /** Makes a password of its text, with new parameters. */
  static of(password: string, hint: string | undefined, random: Random): AccountPassword {
    const parameters = newSrpParameters(random);
    return new AccountPassword(parameters, () => srpVerifier(password, parameters), hint);
  }

  /** v = g^x mod p. */
  get verifier(): Uint8Array {
    this.#verifier ??= this.#makeVerifier();
    return this.#verifier;
  }
}

/** The recovery and the reset of a password. */
export interface TwoFactor {
  /** The email that recovers the password. */
  recoveryEmail?: string;
  /** Settings that wait until their recovery email is confirmed. */
  unconfirmed?: PasswordSettings;
  /** When the requested reset removes the password, in Unix seconds. */
  resetAtSeconds?: number;
  /** When a reset may be requested again after a declined one, in Unix seconds. */
  resetRetryAtSeconds?: number;
}

/** A password and its recovery email. */
export interface PasswordSettings {
  readonly password: AccountPassword | undefined;
  readonly recoveryEmail: string | undefined;
}

/** Returns new parameters; both halves of salt1, the server's and the client's, are random. */
export function newSrpParameters(random: Random): SrpParameters {
  return {
    g: G,
    p: TELEGRAM_DH_PRIME,
    salt1: concatBytes(random(SERVER_SALT_LENGTH), random(CLIENT_SALT_LENGTH)),
    salt2: random(16),
  };
}
