// Setting, changing and removing a password, and its recovery email: https://core.telegram.org/api/srp
// account.updatePasswordSettings, getPasswordSettings, confirmPasswordEmail, resendPasswordEmail, cancelPasswordEmail.

import { bytesToBigInt, equalBytes } from "../../../crypto/mod.ts";
import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import { keyOf } from "../state/authorizations.ts";
import { checkEmail } from "../state/email_codes.ts";
import { badRequest } from "../failure.ts";
import type { Call, Methods } from "./method.ts";
import { AccountPassword, CLIENT_SALT_LENGTH, type PasswordSettings } from "../state/password.ts";
import { checkProof } from "./password.ts";

const VERIFIER_LENGTH = 256;

/** Setting, changing and removing a password, and its recovery email. */
export const passwordSettingsMethods: Methods = {
  "account.updatePasswordSettings": {
    who: "users",
    answer(request, call) {
      const { world, account } = call;
      checkProof(call, account, request.password);
      const settings = newSettings(call, account, request.newSettings);
      const { recoveryEmail } = settings;
      if (recoveryEmail === undefined || recoveryEmail === account.twoFactor.recoveryEmail) {
        applySettings(account, settings);
        return true;
      }
      // Nothing of it holds until the email is confirmed.
      account.twoFactor.unconfirmed = settings;
      const { code } = world.emailCodes.send(confirming(account), recoveryEmail);
      throw badRequest(`EMAIL_UNCONFIRMED_${code.length}`);
    },
  },

  "account.getPasswordSettings": {
    who: "users",
    answer(request, call) {
      if (call.account.password === undefined) throw badRequest("PASSWORD_HASH_INVALID");
      checkProof(call, call.account, request.password);
      return { _: "account.passwordSettings", email: call.account.twoFactor.recoveryEmail };
    },
  },

  "account.confirmPasswordEmail": {
    who: "users",
    answer(request, { world, account }) {
      const purpose = confirming(account);
      world.emailCodes.check(purpose, request.code, "EMAIL_HASH_EXPIRED");
      const { unconfirmed } = account.twoFactor;
      if (unconfirmed === undefined) throw badRequest("EMAIL_HASH_EXPIRED");
      world.emailCodes.drop(purpose);
      applySettings(account, unconfirmed);
      return true;
    },
  },

  "account.resendPasswordEmail": {
    who: "users",
    answer(_request, { world, account }) {
      const email = account.twoFactor.unconfirmed?.recoveryEmail;
      if (email === undefined) throw badRequest("EMAIL_HASH_EXPIRED");
      world.emailCodes.send(confirming(account), email);
      return true;
    },
  },

  "account.cancelPasswordEmail": {
    who: "users",
    answer(_request, { world, account }) {
      if (account.twoFactor.unconfirmed === undefined) throw badRequest("EMAIL_HASH_EXPIRED");
      account.twoFactor.unconfirmed = undefined;
      world.emailCodes.drop(confirming(account));
      return true;
    },
  },
};

/** Makes settings those of the account. */
export function applySettings(
  account: Account,
  { password, recoveryEmail }: PasswordSettings,
): void {
  account.password = password;
  account.twoFactor.recoveryEmail = password && recoveryEmail;
  account.twoFactor.unconfirmed = undefined;
  account.twoFactor.resetDate = undefined;
}

/** What a client wants the settings to be, checked. */
export function newSettings(
  call: Call,
  account: Account,
  input: Api.account.passwordInputSettings,
): PasswordSettings {
  if (input.newSecureSettings !== undefined) throw badRequest("NEW_SETTINGS_INVALID");
  const password = newPassword(call, account.password, input);
  if (input.email === undefined) {
    return { password, recoveryEmail: account.twoFactor.recoveryEmail };
  }
  if (input.email === "") return { password, recoveryEmail: undefined };
  if (password === undefined) throw badRequest("NEW_SETTINGS_INVALID");
  checkEmail(input.email);
  return { password, recoveryEmail: input.email };
}

function newPassword(
  { world, caller }: Call,
  old: AccountPassword | undefined,
  { newAlgo, newPasswordHash, hint }: Api.account.passwordInputSettings,
): AccountPassword | undefined {
  if (newAlgo === undefined || newPasswordHash === undefined) {
    if (old === undefined) throw badRequest("NEW_SETTINGS_EMPTY");
    return old;
  }
  // The page has passwordKdfAlgoUnknown beside an empty hash; Telethon, GramJS and gogram remove passwords with the offered one.
  if (newPasswordHash.length === 0) {
    if (old === undefined) throw badRequest("NEW_SETTINGS_EMPTY");
    return undefined;
  }
  if (newAlgo._ === "passwordKdfAlgoUnknown") throw badRequest("NEW_SETTINGS_INVALID");
  const offered = world.challenges.offered(keyOf(caller));
  const { g, p, salt1, salt2 } = newAlgo;
  if (
    offered === undefined || salt1.length !== offered.salt1.length + CLIENT_SALT_LENGTH ||
    !equalBytes(salt1.subarray(0, offered.salt1.length), offered.salt1)
  ) {
    throw badRequest("NEW_SALT_INVALID");
  }
  const sameGroup = g === offered.g && equalBytes(p, offered.p) &&
    equalBytes(salt2, offered.salt2);
  const verifier = bytesToBigInt(newPasswordHash);
  if (
    !sameGroup || newPasswordHash.length !== VERIFIER_LENGTH || verifier <= 1n ||
    verifier >= bytesToBigInt(p)
  ) {
    throw badRequest("NEW_SETTINGS_INVALID");
  }
  return new AccountPassword({ g, p, salt1, salt2 }, () => newPasswordHash, hint || undefined);
}

function confirming({ id }: Account): string {
  return `confirm/${id}`;
}
