// The tokens that somebody with a password gets when signing out. With one, the next sign-in needs no code, only the password:
// https://core.telegram.org/api/auth#future-auth-tokens

import { bytesToHex } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";
import type { Account } from "./account.ts";

const TOKEN_LENGTH = 32;

/** All future auth tokens. Each is good once. */
export class FutureTokens {
  readonly #random: Random;
  readonly #owners = new Map<string, Account>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A token for an account that signs out; only those with a password get one. */
  issue(account: Account): Uint8Array | undefined {
    if (account.password === undefined) return undefined;
    const token = this.#random(TOKEN_LENGTH);
    this.#owners.set(bytesToHex(token), account);
    return token;
  }

  /** Whether one of these is of the account; it is void then. */
  take(tokens: readonly Uint8Array[], account: Account): boolean {
    const known = tokens.map(bytesToHex).find((token) => this.#owners.get(token) === account);
    if (known !== undefined) this.#owners.delete(known);
    return known !== undefined;
  }
}
