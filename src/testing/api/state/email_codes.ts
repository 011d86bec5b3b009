/**
 * The codes that go to email addresses: to set up a login email, to confirm a recovery email, to
 * recover a password. No email is sent: tests read the code with `OfflineApi.lastEmailCode()`.
 */
import type { Random } from "../../../runtime/mod.ts";
import { badRequest } from "../failure.ts";
import { randomDigits } from "./random_values.ts";

const LIFETIME_SECONDS = 3600;
const CODE_LENGTH = 6;
const GUESSES = 5;
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;
/** Throw-away addresses, which Telegram refuses too. */
const NOT_ALLOWED = /@mailinator\.com$/i;

/** A pending code to an address. */
export interface EmailCode {
  readonly email: string;
  readonly code: string;
}

interface Pending extends EmailCode {
  readonly expiresAtSeconds: number;
  wrongGuesses: number;
}

/** All pending email codes, by purpose. A purpose names the task and the account. */
export class EmailCodes {
  readonly #random: Random;
  readonly #nowSeconds: () => number;
  readonly #pending = new Map<string, Pending>();
  readonly #last = new Map<string, string>();

  /** The clock counts Unix seconds. */
  constructor(random: Random, nowSeconds: () => number) {
    this.#random = random;
    this.#nowSeconds = nowSeconds;
  }

  /** Returns the last code that went to an address. */
  last(email: string): string | undefined {
    return this.#last.get(email);
  }

  /** Records a code that went to an address and is checked elsewhere. */
  note(email: string, code: string): void {
    this.#last.set(email, code);
  }

  /** Sends a code. An earlier one for the same purpose is void. */
  send(purpose: string, email: string): EmailCode {
    const code = randomDigits(this.#random, CODE_LENGTH);
    const expiresAtSeconds = this.#nowSeconds() + LIFETIME_SECONDS;
    this.#pending.set(purpose, { email, code, expiresAtSeconds, wrongGuesses: 0 });
    this.note(email, code);
    return { email, code };
  }

  /**
   * Checks a guess. The right guess leaves the code valid for another call.
   *
   * @param expired The error to throw where no code is pending
   */
  check(purpose: string, guess: string, expired: string): EmailCode {
    if (guess === "") throw badRequest("CODE_EMPTY");
    const sent = this.#pending.get(purpose);
    if (sent === undefined || this.#nowSeconds() >= sent.expiresAtSeconds) {
      throw badRequest(expired);
    }
    if (guess === sent.code) return sent;
    sent.wrongGuesses++;
    if (sent.wrongGuesses >= GUESSES) this.drop(purpose);
    throw badRequest("CODE_INVALID");
  }

  /** Voids the code for a purpose. */
  drop(purpose: string): void {
    this.#pending.delete(purpose);
  }
}

/** Refuses a string that is not an email address, and an address that Telegram does not allow. */
export function checkEmail(email: string): void {
  if (!EMAIL.test(email)) throw badRequest("EMAIL_INVALID");
  if (NOT_ALLOWED.test(email)) throw badRequest("EMAIL_NOT_ALLOWED");
}

/** Returns the address with most of it hidden: https://core.telegram.org/api/pattern */
export function emailPattern(email: string): string {
  const at = email.indexOf("@");
  return `${email[0]}${"*".repeat(Math.max(at - 1, 1))}${email.slice(at)}`;
}
