// Removing a forgotten password after a week, by somebody who is signed in: https://core.telegram.org/api/srp#password-reset
// account.resetPassword and declinePasswordReset.

import type { Account } from "../state/account.ts";
import { badRequest } from "../failure.ts";
import type { Methods } from "./method.ts";
import type { World } from "../state/server_state.ts";

/** How long nobody can ask again after a reset was declined, in seconds. */
const RETRY_AFTER = 86_400;

/** Removing a forgotten password after a week. */
export const passwordResetMethods: Methods = {
  "account.resetPassword": {
    who: "users",
    answer(_request, { world, account }) {
      if (account.password === undefined) throw badRequest("PASSWORD_EMPTY");
      if (removeDuePassword(world, account)) return { _: "account.resetPasswordOk" };
      const { twoFactor } = account;
      const { resetRetryDate } = twoFactor;
      if (resetRetryDate !== undefined && world.now() < resetRetryDate) {
        return { _: "account.resetPasswordFailedWait", retryDate: resetRetryDate };
      }
      twoFactor.resetDate ??= world.now() + world.resetPeriod;
      return { _: "account.resetPasswordRequestedWait", untilDate: twoFactor.resetDate };
    },
  },

  "account.declinePasswordReset": {
    who: "users",
    answer(_request, { world, account }) {
      if (account.twoFactor.resetDate === undefined) throw badRequest("RESET_REQUEST_MISSING");
      account.twoFactor.resetDate = undefined;
      account.twoFactor.resetRetryDate = world.now() + RETRY_AFTER;
      return true;
    },
  },
};

/** Removes the password if the time of its reset has come; says whether it was so. */
export function removeDuePassword(world: World, account: Account): boolean {
  const { twoFactor } = account;
  if (twoFactor.resetDate === undefined || world.now() < twoFactor.resetDate) return false;
  account.password = undefined;
  twoFactor.recoveryEmail = twoFactor.unconfirmed = twoFactor.resetDate = undefined;
  return true;
}
