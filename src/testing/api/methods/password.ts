/**
 * The password of an account: https://core.telegram.org/api/srp
 *
 * account.getPassword and auth.checkPassword. The caller is signed in, or has entered the code.
 * Setting, recovering and resetting a password have files of their own.
 */
import type { SrpParameters } from "../../../crypto/entry.ts";
import type { Api } from "../../../tl/mod.ts";
import { keyOf } from "../caller.ts";
import { badRequest } from "../failure.ts";
import { removeDuePassword } from "../state/account.ts";
import { emailPattern } from "../state/email_codes.ts";
import { accountOf } from "./caller_checks.ts";
import { signIn } from "./login.ts";
import type { Methods } from "./method.ts";
import { checkProof } from "./password_checks.ts";

const SECURE_RANDOM_LENGTH = 256;

/** Reading the parameters of a password, and proving the password. */
export const passwordMethods: Methods = {
  "account.getPassword": {
    callers: "anyone but bots",
    answer(_request, call) {
      const { state, caller } = call;
      const account = accountOf(call);
      removeDuePassword(account, state.nowSeconds());
      const { password, loginEmail, twoFactor } = account;
      const unconfirmedEmail = twoFactor.unconfirmed?.recoveryEmail;
      const parts: Api.account.Password = {
        _: "account.password",
        newAlgo: algorithm(state.passwordChallenges.offer(keyOf(caller))),
        emailUnconfirmedPattern: unconfirmedEmail && emailPattern(unconfirmedEmail),
        loginEmailPattern: loginEmail && emailPattern(loginEmail),
        pendingResetDate: twoFactor.resetAtSeconds,
        newSecureAlgo: {
          _: "securePasswordKdfAlgoPBKDF2HMACSHA512iter100000",
          salt: state.random(8),
        },
        secureRandom: state.random(SECURE_RANDOM_LENGTH),
      };
      if (password === undefined) return parts;
      const { srpId, srpB } = state.passwordChallenges.open(keyOf(caller), password);
      return {
        ...parts,
        hasPassword: true,
        hasRecovery: twoFactor.recoveryEmail !== undefined || undefined,
        currentAlgo: algorithm(password.parameters),
        srpB,
        srpId,
        hint: password.hint,
      };
    },
  },

  "auth.checkPassword": {
    callers: "anyone but bots",
    answer(request, call) {
      const { state, caller } = call;
      const account = accountOf(call);
      if (account.password === undefined) throw badRequest("PASSWORD_HASH_INVALID");
      checkProof(call, account, request.password);
      if (account.phone !== undefined) state.codes.drop(keyOf(caller), account.phone);
      return signIn(call, account);
    },
  },
};

function algorithm({ salt1, salt2, g, p }: SrpParameters): Api.PasswordKdfAlgo {
  return {
    _: "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow",
    salt1,
    salt2,
    g,
    p,
  };
}
