/**
 * Removing a forgotten password after a week: https://core.telegram.org/api/srp#password-reset
 *
 * account.resetPassword and declinePasswordReset. The caller is signed in.
 */
import { badRequest } from "../failure.ts";
import { removeDuePassword } from "../state/account.ts";
import type { Methods } from "./method.ts";

/** After a declined reset, a new one is refused for this time. */
const RETRY_AFTER_SECONDS = 86_400;

/** Removing a forgotten password after a week. */
export const passwordResetMethods: Methods = {
  "account.resetPassword": {
    callers: "users",
    answer(_request, { state, account }) {
      if (account.password === undefined) throw badRequest("PASSWORD_EMPTY");
      if (removeDuePassword(account, state.nowSeconds())) return { _: "account.resetPasswordOk" };
      const { twoFactor } = account;
      const { resetRetryAtSeconds } = twoFactor;
      if (resetRetryAtSeconds !== undefined && state.nowSeconds() < resetRetryAtSeconds) {
        return { _: "account.resetPasswordFailedWait", retryDate: resetRetryAtSeconds };
      }
      twoFactor.resetAtSeconds ??= state.nowSeconds() + state.resetPeriodSeconds;
      return { _: "account.resetPasswordRequestedWait", untilDate: twoFactor.resetAtSeconds };
    },
  },

  "account.declinePasswordReset": {
    callers: "users",
    answer(_request, { state, account }) {
      if (account.twoFactor.resetAtSeconds === undefined) throw badRequest("RESET_REQUEST_MISSING");
      account.twoFactor.resetAtSeconds = undefined;
      account.twoFactor.resetRetryAtSeconds = state.nowSeconds() + RETRY_AFTER_SECONDS;
      return true;
    },
  },
};
