// The sign-in codes that are under way: https://core.telegram.org/api/auth
// Each belongs to one phone number and one auth key, dies of age or of too many wrong guesses, and goes from one way
// of delivery to the next. Nothing is delivered: tests ask lastCode().

import { bytesToHex } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";
import { badRequest, RpcFailure } from "../failure.ts";

/** How a code reaches its owner. With `emailSetUpRequired` none is sent yet. */
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

/** A code under way. */
export interface SentCode {
  readonly phone: string;
  readonly hash: string;
  readonly code: string;
  readonly delivery: Delivery;
  /** The way that resending takes; undefined when there is none left. */
  readonly next?: Delivery;
  /** What is told of the email that it went to. */
  readonly email?: SentEmail;
  /** Whether somebody has entered it rightly. */
  readonly entered: boolean;
}

/** What is told of the email that a code went to. */
export interface SentEmail {
  readonly emailPattern: string;
  readonly resetAvailablePeriod?: number;
  readonly resetPendingDate?: number;
}

interface Pending extends SentCode {
  delivery: Delivery;
  next: Delivery | undefined;
  ways: readonly Delivery[];
  entered: boolean;
  readonly key: string;
  expires: number;
  wrong: number;
}

/** How long codes live, and how many wrong guesses they survive. */
export interface CodeLimits {
  /** Seconds. */
  readonly lifetime: number;
  readonly guesses: number;
}

/** All codes under way. */
export class LoginCodes {
  readonly #random: Random;
  readonly #now: () => number;
  readonly #limits: CodeLimits;
  readonly #pending = new Map<string, Pending>();
  readonly #last = new Map<string, string>();

  constructor(random: Random, now: () => number, limits: CodeLimits) {
    this.#random = random;
    this.#now = now;
    this.#limits = limits;
  }

  /** The code that went to that number last. */
  last(phone: string): string | undefined {
    return this.#last.get(phone);
  }

  /**
   * Sends a code for an auth key, by the first of these ways; the others are for resending it. An earlier one for the same
   * number and key is void.
   */
  send(
    key: string,
    phone: string,
    code: string,
    [delivery, ...ways]: readonly [Delivery, ...Delivery[]],
    email?: SentEmail,
  ): SentCode {
    this.drop(key, phone);
    const sent: Pending = {
      key,
      phone,
      hash: bytesToHex(this.#random(9)),
      code,
      delivery,
      ways,
      next: ways[0],
      email,
      entered: false,
      expires: this.#now() + this.#limits.lifetime,
      wrong: 0,
    };
    this.#pending.set(sent.hash, sent);
    this.#last.set(phone, code);
    return sent;
  }

  /** The code of that hash, as long as it is good for this auth key and number. */
  get(key: string, phone: string, hash: string): SentCode {
    return this.#get(key, phone, hash);
  }

  /** As `get`, but undefined if it is not good. */
  find(key: string, phone: string, hash: string): SentCode | undefined {
    const sent = this.#pending.get(hash);
    const isGood = sent?.key === key && sent.phone === phone && this.#now() < sent.expires;
    return isGood ? sent : undefined;
  }

  /** Sends a code again by its next way; its time starts anew. */
  resend(key: string, phone: string, hash: string): SentCode {
    const sent = this.#get(key, phone, hash);
    if (sent.next === undefined) throw new RpcFailure(406, "SEND_CODE_UNAVAILABLE");
    sent.delivery = sent.next;
    sent.ways = sent.ways.slice(1);
    sent.next = sent.ways[0];
    sent.expires = this.#now() + this.#limits.lifetime;
    return sent;
  }

  /** Takes a guess. The last wrong guess that is allowed voids the code: after it even the right one has expired. */
  enter(key: string, phone: string, hash: string, guess: string): void {
    const sent = this.#get(key, phone, hash);
    if (sent.code === "" || guess !== sent.code) {
      sent.wrong++;
      if (sent.wrong >= this.#limits.guesses) this.#pending.delete(hash);
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
    const sent = this.#pending.get(hash);
    if (sent?.key !== key || sent.phone !== phone || this.#now() >= sent.expires) {
      throw badRequest("PHONE_CODE_EXPIRED");
    }
    return sent;
  }
}
