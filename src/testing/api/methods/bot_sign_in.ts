// Signing in as a bot: https://core.telegram.org/method/auth.importBotAuthorization

import { checkClient, signIn } from "./sign_in.ts";
import { badRequest, migrate } from "../failure.ts";
import type { Methods } from "./method.ts";

/** Signing in as a bot. */
export const botMethods: Methods = {
  "auth.importBotAuthorization": {
    who: "anyone",
    answer(request, call) {
      checkClient(call, request);
      const bot = call.world.directory.byToken(request.botAuthToken);
      if (bot === undefined) throw badRequest("ACCESS_TOKEN_INVALID");
      if (bot.dcId !== call.caller.dcId) throw migrate("USER", bot.dcId);
      return signIn(call, bot);
    },
  },
};
