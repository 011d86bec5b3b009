// Recovering a forgotten password by email: https://core.telegram.org/api/srp#email-verification
// auth.requestPasswordRecovery, checkRecoveryPassword, recoverPassword, for somebody who has entered the code, or is
// signed in.

import type { Account } from "../state/account.ts";
import { signIn } from "./sign_in.ts";
import { keyOf } from "../state/authorizations.ts";
import { emailPattern } from "../state/email_codes.ts";
import { badRequest } from "../failure.ts";
import type { Methods } from "./method.ts";
import { accountOf } from "./password.ts";
import { applySettings, newSettings } from "./password_settings.ts";

const EXPIRED = "PASSWORD_RECOVERY_EXPIRED";

/** Recovering a forgotten password by email. */
export const passwordRecoveryMethods: Methods = {
  "auth.requestPasswordRecovery": {
    who: "anyone but bots",
    answer(_request, call) {
      const account = accountOf(call);
      if (account.password === undefined) throw badRequest("PASSWORD_EMPTY");
      const { recoveryEmail } = account.twoFactor;
      if (recoveryEmail === undefined) throw badRequest("PASSWORD_RECOVERY_NA");
      call.world.emailCodes.send(recovering(account), recoveryEmail);
      return { _: "auth.passwordRecovery", emailPattern: emailPattern(recoveryEmail) };
    },
  },

  "auth.checkRecoveryPassword": {
    who: "anyone but bots",
    answer(request, call) {
      call.world.emailCodes.check(recovering(accountOf(call)), request.code, EXPIRED);
      return true;
    },
  },

  "auth.recoverPassword": {
    who: "anyone but bots",
    answer(request, call) {
      const { world, caller } = call;
      const account = accountOf(call);
      world.emailCodes.check(recovering(account), request.code, EXPIRED);
      const settings = request.newSettings === undefined
        ? { password: undefined, recoveryEmail: undefined }
        : newSettings(call, account, { ...request.newSettings, email: undefined });
      world.emailCodes.drop(recovering(account));
      applySettings(account, settings);
      if (account.phone !== undefined) world.codes.drop(keyOf(caller), account.phone);
      return signIn(call, account);
    },
  },
};

function recovering({ id }: Account): string {
  return `recover/${id}`;
}
