/**
 * Setting, changing and removing a password and its recovery email:
 * https://core.telegram.org/api/srp
 *
 * account.updatePasswordSettings, getPasswordSettings, confirmPasswordEmail, resendPasswordEmail,
 * cancelPasswordEmail.
 */
import { badRequest } from "../failure.ts";
import { type Account, applyPasswordSettings } from "../state/account.ts";
import type { Methods } from "./method.ts";
import { checkProof, newSettings } from "./password_checks.ts";

/** Setting, changing and removing a password, and its recovery email. */
export const passwordSettingsMethods: Methods = {
  "account.updatePasswordSettings": {
    callers: "users",
    answer(request, call) {
      const { state, account } = call;
      checkProof(call, account, request.password);
      const settings = newSettings(call, account, request.newSettings);
      const { recoveryEmail } = settings;
      if (recoveryEmail === undefined || recoveryEmail === account.twoFactor.recoveryEmail) {
        applyPasswordSettings(account, settings);
        return true;
      }
      // No part of the settings takes effect before the email is confirmed.
      account.twoFactor.unconfirmed = settings;
      const { code } = state.emailCodes.send(confirming(account), recoveryEmail);
      throw badRequest(`EMAIL_UNCONFIRMED_${code.length}`);
    },
  },

  "account.getPasswordSettings": {
    callers: "users",
    answer(request, call) {
      if (call.account.password === undefined) throw badRequest("PASSWORD_HASH_INVALID");
      checkProof(call, call.account, request.password);
      return { _: "account.passwordSettings", email: call.account.twoFactor.recoveryEmail };
    },
  },

  "account.confirmPasswordEmail": {
    callers: "users",
    answer(request, { state, account }) {
      const purpose = confirming(account);
      state.emailCodes.check(purpose, request.code, "EMAIL_HASH_EXPIRED");
      const { unconfirmed } = account.twoFactor;
      if (unconfirmed === undefined) throw badRequest("EMAIL_HASH_EXPIRED");
      state.emailCodes.drop(purpose);
      applyPasswordSettings(account, unconfirmed);
      return true;
    },
  },

  "account.resendPasswordEmail": {
    callers: "users",
    answer(_request, { state, account }) {
      const email = account.twoFactor.unconfirmed?.recoveryEmail;
      if (email === undefined) throw badRequest("EMAIL_HASH_EXPIRED");
      state.emailCodes.send(confirming(account), email);
      return true;
    },
  },

  "account.cancelPasswordEmail": {
    callers: "users",
    answer(_request, { state, account }) {
      if (account.twoFactor.unconfirmed === undefined) throw badRequest("EMAIL_HASH_EXPIRED");
      account.twoFactor.unconfirmed = undefined;
      state.emailCodes.drop(confirming(account));
      return true;
    },
  },
};

function confirming({ id }: Account): string {
  return `confirm/${id}`;
}
