/**
 * Signing in with a web token, which another client of the account has received:
 * https://core.telegram.org/method/auth.importWebTokenAuthorization
 *
 * A token that does not exist, or is used, is refused as WEBAUTH_TOKEN_EXPIRED.
 */
import { badRequest, migrate } from "../failure.ts";
import { checkClient } from "./caller_checks.ts";
import { signInOrAskPassword } from "./login.ts";
import type { Methods } from "./method.ts";

/** Signing in with a web token. */
export const webTokenMethods: Methods = {
  "auth.importWebTokenAuthorization": {
    callers: "anyone but bots",
    answer(request, call) {
      const { state, caller } = call;
      checkClient(call, request);
      const account = state.webTokens.owner(request.webAuthToken);
      if (account === undefined) throw badRequest("WEBAUTH_TOKEN_EXPIRED");
      if (account.dcId !== caller.dcId) throw migrate("USER", account.dcId);
      state.webTokens.drop(request.webAuthToken);
      return signInOrAskPassword(call, account);
    },
  },
};
