/**
 * The pending sign-in codes: https://core.telegram.org/api/auth
 *
 * A code belongs to one phone number and one auth key. It expires with time or after too many
 * wrong guesses, and resending moves it to its next delivery. Nothing is delivered: tests read the
 * code with `OfflineApi.lastCode()`.
 */
import { bytesToHex } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";
import { badRequest, RpcFailure } from "../failure.ts";
import { phoneDigits } from "../phone_number.ts";

/** How a code reaches its owner. `emailSetUpRequired` means that no code is sent yet. */
export type Delivery =
  | "app"
  | "sms"
  | "call"
  | "flashCall"
  | "missedCall"
  | "fragment"
  | "firebase"
  | "smsWord"
  | "smsPhrase"
  | "email"
  | "emailSetUpRequired";

/** A pending code. */
export interface SentCode {
  readonly phone: string;
  readonly hash: string;
  readonly code: string;
  readonly delivery: Delivery;
  /** The delivery that resending uses; undefined when there is none left. */
  readonly next?: Delivery;
  /** What the client learns of the email that received the code. */
  readonly email?: SentEmail;
  /** Whether the right code has been entered. */
  readonly entered: boolean;
}

/** What a client learns of the email that received a code, in the fields of the TL type. */
export interface SentEmail {
  readonly emailPattern: string;
  /** In seconds. */
  readonly resetAvailablePeriod?: number;
  /** In Unix seconds. */
  readonly resetPendingDate?: number;
}

interface Pending extends SentCode {
  delivery: Delivery;
  next: Delivery | undefined;
  remaining: readonly Delivery[];
  entered: boolean;
  readonly key: string;
  expiresAtSeconds: number;
  wrongGuesses: number;
}

/** How long a code is valid, and with how many wrong guesses it is void. */
export interface CodeLimits {
  readonly lifetimeSeconds: number;
  readonly guesses: number;
}

/** All pending codes. */
export class LoginCodes {
  readonly #random: Random;
  readonly #nowSeconds: () => number;
  readonly #limits: CodeLimits;
  readonly #pending = new Map<string, Pending>();
  readonly #last = new Map<string, string>();

  /** The clock counts Unix seconds. */
  constructor(random: Random, nowSeconds: () => number, limits: CodeLimits) {
    this.#random = random;
    this.#nowSeconds = nowSeconds;
    this.#limits = limits;
  }

  /** Returns the last code that went to a number, in any notation. */
  last(phone: string): string | undefined {
    return this.#last.get(phoneDigits(phone) ?? phone);
  }

  /**
   * Sends a code for an auth key by the first of these deliveries; resending uses the others.
   * An earlier code for the same number and key is void.
   */
  send(
    key: string,
    phone: string,
    code: string,
    [delivery, ...remaining]: readonly [Delivery, ...Delivery[]],
    email?: SentEmail,
  ): SentCode {
    this.drop(key, phone);
    const sent: Pending = {
      key,
      phone,
      hash: bytesToHex(this.#random(9)),
      code,
      delivery,
      remaining,
      next: remaining[0],
      email,
      entered: false,
      expiresAtSeconds: this.#newExpirySeconds(),
      wrongGuesses: 0,
    };
    this.#pending.set(sent.hash, sent);
    this.#last.set(phone, code);
    return sent;
  }

  /** Returns the code of a hash; refuses a hash that is not valid for this key and number. */
  get(key: string, phone: string, hash: string): SentCode {
    return this.#get(key, phone, hash);
  }

  /** Returns the code of a hash; undefined for one that is not valid for this key and number. */
  find(key: string, phone: string, hash: string): SentCode | undefined {
    return this.#find(key, phone, hash);
  }

  /** Sends a code again by its next delivery, with a new lifetime. */
  resend(key: string, phone: string, hash: string): SentCode {
    const sent = this.#get(key, phone, hash);
    if (sent.next === undefined) throw new RpcFailure(406, "SEND_CODE_UNAVAILABLE");
    sent.delivery = sent.next;
    sent.remaining = sent.remaining.slice(1);
    sent.next = sent.remaining[0];
    sent.expiresAtSeconds = this.#newExpirySeconds();
    return sent;
  }

  /** Checks a guess. The last wrong guess that is allowed voids the code. */
  enter(key: string, phone: string, hash: string, guess: string): void {
    const sent = this.#get(key, phone, hash);
    if (sent.code === "" || guess !== sent.code) {
      sent.wrongGuesses++;
      if (sent.wrongGuesses >= this.#limits.guesses) this.#pending.delete(hash);
      throw badRequest("PHONE_CODE_INVALID");
    }
    sent.entered = true;
  }

  /** Voids the codes of an auth key for a number. */
  drop(key: string, phone: string): void {
    for (const sent of this.#pending.values()) {
      if (sent.key === key && sent.phone === phone) this.#pending.delete(sent.hash);
    }
  }

  #get(key: string, phone: string, hash: string): Pending {
    const sent = this.#find(key, phone, hash);
    if (sent === undefined) throw badRequest("PHONE_CODE_EXPIRED");
    return sent;
  }

  #find(key: string, phone: string, hash: string): Pending | undefined {
    const sent = this.#pending.get(hash);
    const isValid = sent?.key === key && sent.phone === phone &&
      this.#nowSeconds() < sent.expiresAtSeconds;
    return isValid ? sent : undefined;
  }

  #newExpirySeconds(): number {
    return this.#nowSeconds() + this.#limits.lifetimeSeconds;
  }
}
