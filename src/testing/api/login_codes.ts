// The sign-in codes that are under way: https://core.telegram.org/api/auth
// Each belongs to one phone number and one auth key, dies of age or of too many wrong guesses, and goes from one way
// of delivery to the next. Nothing is delivered: tests ask lastCode().

import { bytesToHex, type Random } from "../../crypto/mod.ts";
import { badRequest, RpcFailure } from "./failure.ts";

/** How a code reaches its owner. */
export type Delivery = "app" | "sms" | "call";

const WAYS: readonly Delivery[] = ["app", "sms", "call"];

/** A code under way. */
export interface SentCode {
  readonly phone: string;
  readonly hash: string;
  readonly code: string;
  readonly delivery: Delivery;
  /** The way that resending takes; undefined when there is none left. */
  readonly next?: Delivery;
  /** Whether somebody has entered it rightly. */
  readonly entered: boolean;
}

interface Pending extends SentCode {
  delivery: Delivery;
  next: Delivery | undefined;
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

  /** Sends a code for an auth key. An earlier one for the same number and key is void. */
  send(key: string, phone: string, code: string, delivery: Delivery): SentCode {
    this.drop(key, phone);
    const sent: Pending = {
      key,
      phone,
      hash: bytesToHex(this.#random(9)),
      code,
      delivery,
      next: wayAfter(delivery),
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

  /** Sends a code again by its next way; its time starts anew. */
  resend(key: string, phone: string, hash: string): SentCode {
    const sent = this.#get(key, phone, hash);
    if (sent.next === undefined) throw new RpcFailure(406, "SEND_CODE_UNAVAILABLE");
    sent.delivery = sent.next;
    sent.next = wayAfter(sent.delivery);
    sent.expires = this.#now() + this.#limits.lifetime;
    return sent;
  }

  /** Takes a guess. The last wrong guess that is allowed voids the code: after it even the right one has expired. */
  enter(key: string, phone: string, hash: string, guess: string): void {
    const sent = this.#get(key, phone, hash);
    if (guess !== sent.code) {
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

function wayAfter(delivery: Delivery): Delivery | undefined {
  return WAYS[WAYS.indexOf(delivery) + 1];
}
