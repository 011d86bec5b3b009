/**
 * Tokens that sign an account in once without a code: future auth tokens, which an account with a
 * password gets when it signs out (https://core.telegram.org/api/auth#future-auth-tokens), and web
 * tokens (https://core.telegram.org/method/auth.importWebTokenAuthorization).
 */
import { bytesToHex } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";
import type { Account } from "./account.ts";

const FUTURE_TOKEN_LENGTH = 32;
const WEB_TOKEN_LENGTH = 16;

/** All future auth tokens. Each is valid once. */
export class FutureTokens {
  readonly #random: Random;
  readonly #owners = new Map<string, Account>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Returns a token for an account that signs out; undefined for one without a password. */
  issue(account: Account): Uint8Array | undefined {
    if (account.password === undefined) return undefined;
    const token = this.#random(FUTURE_TOKEN_LENGTH);
    this.#owners.set(bytesToHex(token), account);
    return token;
  }

  /** Returns whether one of these tokens belongs to the account, and voids that token. */
  take(tokens: readonly Uint8Array[], account: Account): boolean {
    const known = tokens.map(bytesToHex).find((token) => this.#owners.get(token) === account);
    if (known !== undefined) this.#owners.delete(known);
    return known !== undefined;
  }
}

/** All web tokens. Each is valid once. */
export class WebTokens {
  readonly #random: Random;
  readonly #owners = new Map<string, Account>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Returns a token for an account. */
  issue(account: Account): string {
    const token = bytesToHex(this.#random(WEB_TOKEN_LENGTH));
    this.#owners.set(token, account);
    return token;
  }

  /** Returns the account of a token. */
  owner(token: string): Account | undefined {
    return this.#owners.get(token);
  }

  /** Voids a token. */
  drop(token: string): void {
    this.#owners.delete(token);
  }
}
