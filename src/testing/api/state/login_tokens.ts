// The login tokens under way, which are shown as QR codes: https://core.telegram.org/api/qr-login
// Each is made for one auth key, accepted by one account within 30 seconds, and taken once, by that key or by one on
// the account's own data center.

import { bytesToHex } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";
import type { Account } from "./account.ts";
import { keyOf } from "./authorizations.ts";
import type { Caller } from "../caller.ts";
import { badRequest } from "../failure.ts";

/** A token that somebody has accepted. */
export interface AcceptedToken {
  readonly bytes: Uint8Array;
  readonly account: Account;
  /** Names the device that signs in with it. */
  readonly hash: bigint;
}

interface LoginToken {
  readonly bytes: Uint8Array;
  /** Who shows it. */
  readonly caller: Caller;
  /** Whose accounts are on that device already. */
  readonly exceptIds: readonly bigint[];
  /** The auth key that may take it. */
  key: string;
  expires: number;
  accepted?: AcceptedToken;
  /** Whether somebody has signed in with it. */
  taken: boolean;
}

const TOKEN_LENGTH = 32;
const TOKEN_SECONDS = 30;
/** How long a device has for taking what was accepted, and for the password. */
const ACCEPTED_SECONDS = 300;

/** All login tokens. */
export class LoginTokens {
  readonly #random: Random;
  readonly #now: () => number;
  readonly #tokens = new Map<string, LoginToken>();

  constructor(random: Random, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  /** A new token for the caller's key. Those before it stay good until they expire. */
  create(
    caller: Caller,
    exceptIds: readonly bigint[],
  ): { readonly bytes: Uint8Array; readonly expires: number } {
    this.#forgetOld();
    const bytes = this.#random(TOKEN_LENGTH);
    const expires = Math.floor(this.#now()) + TOKEN_SECONDS;
    const key = keyOf(caller);
    const token = { bytes, caller, exceptIds, key, expires, taken: false };
    this.#tokens.set(bytesToHex(bytes), token);
    return { bytes, expires };
  }

  /** What somebody has accepted for the caller's key, if anything. */
  acceptedFor(caller: Caller): AcceptedToken | undefined {
    for (const token of this.#tokens.values()) {
      const isGood = !token.taken && this.#now() < token.expires;
      if (isGood && token.key === keyOf(caller) && token.accepted) return token.accepted;
    }
    return undefined;
  }

  /** Accepts a token for an account. Gives who showed it. */
  accept(bytes: Uint8Array, account: Account, hash: bigint): Caller {
    const token = this.#get(bytes);
    if (token.accepted !== undefined) throw badRequest("AUTH_TOKEN_ALREADY_ACCEPTED");
    if (token.exceptIds.includes(account.id)) throw badRequest("AUTH_TOKEN_EXCEPTION");
    token.accepted = { bytes: token.bytes, account, hash };
    token.expires = this.#now() + ACCEPTED_SECONDS;
    return token.caller;
  }

  /** Lets the caller's key take an accepted token of another data center. */
  import(bytes: Uint8Array, caller: Caller): AcceptedToken {
    const token = this.#get(bytes);
    if (token.accepted === undefined) throw badRequest("AUTH_TOKEN_INVALID");
    const owner = keyOf(token.caller);
    if (token.taken || (token.key !== owner && token.key !== keyOf(caller))) {
      throw badRequest("AUTH_TOKEN_ALREADY_ACCEPTED");
    }
    token.key = keyOf(caller);
    return token.accepted;
  }

  /** Voids the tokens of the caller's key, which has signed in. Gives what had been accepted for it. */
  take(caller: Caller): AcceptedToken | undefined {
    const accepted = this.acceptedFor(caller);
    for (const [hex, token] of this.#tokens) {
      if (token.key !== keyOf(caller)) continue;
      if (token.accepted === undefined) this.#tokens.delete(hex);
      else token.taken = true; // it is remembered, so that it can be said of it
    }
    return accepted;
  }

  #get(bytes: Uint8Array): LoginToken {
    const token = this.#tokens.get(bytesToHex(bytes));
    if (token === undefined) throw badRequest("AUTH_TOKEN_INVALIDX");
    if (this.#now() >= token.expires) throw badRequest("AUTH_TOKEN_EXPIRED");
    return token;
  }

  /** Tokens are remembered a while after they expired, so that it can be said of them. */
  #forgetOld(): void {
    for (const [hex, { expires }] of this.#tokens) {
      if (this.#now() >= expires + ACCEPTED_SECONDS) this.#tokens.delete(hex);
    }
  }
}
