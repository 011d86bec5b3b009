// Codes that go to email addresses: for setting up a login email, for confirming a recovery email, for recovering a
// password. Nothing is delivered: tests ask lastEmailCode().

import type { Random } from "../../../runtime/mod.ts";
import { badRequest } from "../failure.ts";

const LIFETIME = 3600;
const GUESSES = 5;
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;
/** Throw-away addresses, which Telegram does not take either. */
const NOT_ALLOWED = /@mailinator\.com$/i;

/** A code under way to an address. */
export interface EmailCode {
  readonly email: string;
  readonly code: string;
}

interface Pending extends EmailCode {
  readonly expires: number;
  wrong: number;
}

/** All email codes under way, each by what it is for and whom. */
export class EmailCodes {
  readonly #random: Random;
  readonly #now: () => number;
  readonly #pending = new Map<string, Pending>();
  readonly #last = new Map<string, string>();

  constructor(random: Random, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  /** The code that went to that address last. */
  last(email: string): string | undefined {
    return this.#last.get(email);
  }

  /** Notes a code that went to an address, and is checked elsewhere. */
  note(email: string, code: string): void {
    this.#last.set(email, code);
  }

  /** Sends a code. An earlier one for the same thing is void. */
  send(purpose: string, email: string): EmailCode {
    const number = this.#random(4).reduce((sum, byte) => sum * 256 + byte, 0);
    const code = String(number % 1_000_000).padStart(6, "0");
    this.#pending.set(purpose, { email, code, expires: this.#now() + LIFETIME, wrong: 0 });
    this.note(email, code);
    return { email, code };
  }

  /** The code for that, as long as it is good. */
  get(purpose: string): EmailCode | undefined {
    const sent = this.#pending.get(purpose);
    return sent !== undefined && this.#now() < sent.expires ? sent : undefined;
  }

  /** Takes a guess; refuses it if it is not right, and with `expired` if there is no code. It stays good for another call. */
  check(purpose: string, guess: string, expired: string): EmailCode {
    if (guess === "") throw badRequest("CODE_EMPTY");
    const sent = this.get(purpose) && this.#pending.get(purpose);
    if (sent === undefined) throw badRequest(expired);
    if (guess === sent.code) return sent;
    sent.wrong++;
    if (sent.wrong >= GUESSES) this.drop(purpose);
    throw badRequest("CODE_INVALID");
  }

  /** Voids the code for that. */
  drop(purpose: string): void {
    this.#pending.delete(purpose);
  }
}

/** Refuses what is not an email address, or not one that Telegram takes. */
export function checkEmail(email: string): void {
  if (!EMAIL.test(email)) throw badRequest("EMAIL_INVALID");
  if (NOT_ALLOWED.test(email)) throw badRequest("EMAIL_NOT_ALLOWED");
}

/** The address with most of it hidden: https://core.telegram.org/api/pattern */
export function emailPattern(email: string): string {
  const at = email.indexOf("@");
  return `${email[0]}${"*".repeat(Math.max(at - 1, 1))}${email.slice(at)}`;
}
