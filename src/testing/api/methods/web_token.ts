// Signing in with a token that another client was given for the web: https://core.telegram.org/method/auth.importWebTokenAuthorization
// Its page names one refusal of a token: here each that was never handed out, or was used, gets it.

import { bytesToHex } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";
import type { Account } from "../state/account.ts";
import { checkClient, signIn } from "./sign_in.ts";
import { badRequest, migrate, RpcFailure } from "../failure.ts";
import type { Methods } from "./method.ts";

/** The web tokens that were handed out. Each is good once. */
export class WebTokens {
  readonly #random: Random;
  readonly #owners = new Map<string, Account>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A token for an account. */
  issue(account: Account): string {
    const token = bytesToHex(this.#random(16));
    this.#owners.set(token, account);
    return token;
  }

  /** Whose token it is. */
  owner(token: string): Account | undefined {
    return this.#owners.get(token);
  }

  /** Voids a token. */
  drop(token: string): void {
    this.#owners.delete(token);
  }
}

/** Signing in with a web token. */
export const webTokenMethods: Methods = {
  "auth.importWebTokenAuthorization": {
    who: "anyone but bots",
    answer(request, call) {
      const { world, caller } = call;
      checkClient(call, request);
      const account = world.webTokens.owner(request.webAuthToken);
      if (account === undefined) throw badRequest("WEBAUTH_TOKEN_EXPIRED");
      if (account.dcId !== caller.dcId) throw migrate("USER", account.dcId);
      world.webTokens.drop(request.webAuthToken);
      if (account.password === undefined) return signIn(call, account);
      world.authorizations.awaitPassword(caller, account);
      throw new RpcFailure(401, "SESSION_PASSWORD_NEEDED");
    },
  },
};
