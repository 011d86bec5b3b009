/**
 * Signing in as a bot: https://core.telegram.org/method/auth.importBotAuthorization
 */
import { badRequest, migrate } from "../failure.ts";
import { checkClient } from "./caller_checks.ts";
import { signIn } from "./login.ts";
import type { Methods } from "./method.ts";

/** Signing in as a bot. */
export const botSignInMethods: Methods = {
  "auth.importBotAuthorization": {
    callers: "anyone",
    answer(request, call) {
      checkClient(call, request);
      const bot = call.state.directory.byToken(request.botAuthToken);
      if (bot === undefined) throw badRequest("ACCESS_TOKEN_INVALID");
      if (bot.dcId !== call.caller.dcId) throw migrate("USER", bot.dcId);
      return signIn(call, bot);
    },
  },
};
