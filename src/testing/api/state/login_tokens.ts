/**
 * The pending login tokens, which devices show as QR codes: https://core.telegram.org/api/qr-login
 *
 * A token is made for one auth key and accepted by one account within 30 seconds. It signs in one
 * key once: the key it was made for, or one on the account's own data center.
 */
import { bytesToHex } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";
import { type Caller, keyOf } from "../caller.ts";
import { badRequest } from "../failure.ts";
import type { Account } from "./account.ts";

/** A token that an account has accepted. */
export interface AcceptedToken {
  readonly bytes: Uint8Array;
  readonly account: Account;
  /** The hash of the device that signs in with it. */
  readonly hash: bigint;
}

interface LoginToken {
  readonly bytes: Uint8Array;
  /** The device that shows it. */
  readonly caller: Caller;
  /** The accounts that are on that device already. */
  readonly exceptIds: readonly bigint[];
  /** The auth key that may sign in with it. */
  key: string;
  expiresAtSeconds: number;
  accepted?: AcceptedToken;
  /** Whether a device has signed in with it. */
  used: boolean;
}

const TOKEN_LENGTH = 32;
const TOKEN_LIFETIME_SECONDS = 30;
/** How long an accepted token waits for the device, and for the password. */
const ACCEPTED_LIFETIME_SECONDS = 300;

/** All login tokens. */
export class LoginTokens {
  readonly #random: Random;
  readonly #nowSeconds: () => number;
  readonly #tokens = new Map<string, LoginToken>();

  /** The clock counts Unix seconds. */
  constructor(random: Random, nowSeconds: () => number) {
    this.#random = random;
    this.#nowSeconds = nowSeconds;
  }

  /** Makes a token for the caller's key. Earlier ones stay valid until they expire. */
  create(
    caller: Caller,
    exceptIds: readonly bigint[],
  ): { readonly bytes: Uint8Array; readonly expiresAtSeconds: number } {
    this.#forgetOld();
    const bytes = this.#random(TOKEN_LENGTH);
    const expiresAtSeconds = Math.floor(this.#nowSeconds()) + TOKEN_LIFETIME_SECONDS;
    const key = keyOf(caller);
    const token = { bytes, caller, exceptIds, key, expiresAtSeconds, used: false };
    this.#tokens.set(bytesToHex(bytes), token);
    return { bytes, expiresAtSeconds };
  }

  /** Returns the accepted token of the caller's key, if there is one. */
  acceptedFor(caller: Caller): AcceptedToken | undefined {
    for (const token of this.#tokens.values()) {
      const isValid = !token.used && this.#nowSeconds() < token.expiresAtSeconds;
      if (isValid && token.key === keyOf(caller) && token.accepted) return token.accepted;
    }
    return undefined;
  }

  /** Accepts a token for an account. Returns the device that shows it. */
  accept(bytes: Uint8Array, account: Account, hash: bigint): Caller {
    const token = this.#get(bytes);
    if (token.accepted !== undefined) throw badRequest("AUTH_TOKEN_ALREADY_ACCEPTED");
    if (token.exceptIds.includes(account.id)) throw badRequest("AUTH_TOKEN_EXCEPTION");
    token.accepted = { bytes: token.bytes, account, hash };
    token.expiresAtSeconds = this.#nowSeconds() + ACCEPTED_LIFETIME_SECONDS;
    return token.caller;
  }

  /** Reserves an accepted token of another data center for the caller's key. */
  import(bytes: Uint8Array, caller: Caller): AcceptedToken {
    const token = this.#get(bytes);
    if (token.accepted === undefined) throw badRequest("AUTH_TOKEN_INVALID");
    const owner = keyOf(token.caller);
    if (token.used || (token.key !== owner && token.key !== keyOf(caller))) {
      throw badRequest("AUTH_TOKEN_ALREADY_ACCEPTED");
    }
    token.key = keyOf(caller);
    return token.accepted;
  }

  /** Voids the tokens of the caller's key, which has signed in. Returns the accepted one. */
  take(caller: Caller): AcceptedToken | undefined {
    const accepted = this.acceptedFor(caller);
    for (const [hex, token] of this.#tokens) {
      if (token.key !== keyOf(caller)) continue;
      if (token.accepted === undefined) this.#tokens.delete(hex);
      else token.used = true; // kept, so that a second use gets the right error
    }
    return accepted;
  }

  #get(bytes: Uint8Array): LoginToken {
    const token = this.#tokens.get(bytesToHex(bytes));
    if (token === undefined) throw badRequest("AUTH_TOKEN_INVALIDX");
    if (this.#nowSeconds() >= token.expiresAtSeconds) throw badRequest("AUTH_TOKEN_EXPIRED");
    return token;
  }

  /** Forgets tokens some time after they expire: until then their use gets the right error. */
  #forgetOld(): void {
    for (const [hex, { expiresAtSeconds }] of this.#tokens) {
      if (this.#nowSeconds() >= expiresAtSeconds + ACCEPTED_LIFETIME_SECONDS) {
        this.#tokens.delete(hex);
      }
    }
  }
}
