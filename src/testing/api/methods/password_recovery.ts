/**
 * Recovering a forgotten password by email: https://core.telegram.org/api/srp#email-verification
 *
 * auth.requestPasswordRecovery, checkRecoveryPassword, recoverPassword. The caller is signed in, or
 * has entered the code.
 */
import { keyOf } from "../caller.ts";
import { badRequest } from "../failure.ts";
import { type Account, applyPasswordSettings } from "../state/account.ts";
import { emailPattern } from "../state/email_codes.ts";
import { accountOf } from "./caller_checks.ts";
import { signIn } from "./login.ts";
import type { Methods } from "./method.ts";
import { newSettings } from "./password_checks.ts";

const EXPIRED = "PASSWORD_RECOVERY_EXPIRED";

/** Recovering a forgotten password by email. */
export const passwordRecoveryMethods: Methods = {
  "auth.requestPasswordRecovery": {
    callers: "anyone but bots",
    answer(_request, call) {
      const account = accountOf(call);
      if (account.password === undefined) throw badRequest("PASSWORD_EMPTY");
      const { recoveryEmail } = account.twoFactor;
      if (recoveryEmail === undefined) throw badRequest("PASSWORD_RECOVERY_NA");
      call.state.emailCodes.send(recovering(account), recoveryEmail);
      return { _: "auth.passwordRecovery", emailPattern: emailPattern(recoveryEmail) };
    },
  },

  "auth.checkRecoveryPassword": {
    callers: "anyone but bots",
    answer(request, call) {
      call.state.emailCodes.check(recovering(accountOf(call)), request.code, EXPIRED);
      return true;
    },
  },

  "auth.recoverPassword": {
    callers: "anyone but bots",
    answer(request, call) {
      const { state, caller } = call;
      const account = accountOf(call);
      state.emailCodes.check(recovering(account), request.code, EXPIRED);
      const settings = request.newSettings === undefined
        ? { password: undefined, recoveryEmail: undefined }
        : newSettings(call, account, { ...request.newSettings, email: undefined });
      state.emailCodes.drop(recovering(account));
      applyPasswordSettings(account, settings);
      if (account.phone !== undefined) state.codes.drop(keyOf(caller), account.phone);
      return signIn(call, account);
    },
  },
};

function recovering({ id }: Account): string {
  return `recover/${id}`;
}
