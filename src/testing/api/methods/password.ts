// The password of an account: https://core.telegram.org/api/srp
// account.getPassword and auth.checkPassword, for somebody who has entered the code, or is signed in. Setting,
// recovering and resetting a password have files of their own.

import type { SrpParameters } from "../../../crypto/entry.ts";
import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import { signIn } from "./sign_in.ts";
import { keyOf } from "../state/authorizations.ts";
import { emailPattern } from "../state/email_codes.ts";
import { badRequest, RpcFailure } from "../failure.ts";
import type { Call, Methods } from "./method.ts";
import { removeDuePassword } from "./password_reset.ts";

const SECURE_RANDOM_LENGTH = 256;

/** Asking for the password's parameters, and proving that one knows it. */
export const passwordMethods: Methods = {
  "account.getPassword": {
    who: "anyone but bots",
    answer(_request, call) {
      const { world, caller } = call;
      const account = accountOf(call);
      removeDuePassword(world, account);
      const { password, loginEmail, twoFactor: { unconfirmed, recoveryEmail, resetDate } } =
        account;
      const parts: Api.account.Password = {
        _: "account.password",
        newAlgo: algorithm(world.challenges.offer(keyOf(caller))),
        emailUnconfirmedPattern: unconfirmed?.recoveryEmail &&
          emailPattern(unconfirmed.recoveryEmail),
        loginEmailPattern: loginEmail && emailPattern(loginEmail),
        pendingResetDate: resetDate,
        newSecureAlgo: {
          _: "securePasswordKdfAlgoPBKDF2HMACSHA512iter100000",
          salt: world.random(8),
        },
        secureRandom: world.random(SECURE_RANDOM_LENGTH),
      };
      if (password === undefined) return parts;
      const { srpId, srpB } = world.challenges.open(keyOf(caller), password);
      return {
        ...parts,
        hasPassword: true,
        hasRecovery: recoveryEmail !== undefined || undefined,
        currentAlgo: algorithm(password.parameters),
        srpB,
        srpId,
        hint: password.hint,
      };
    },
  },

  "auth.checkPassword": {
    who: "anyone but bots",
    answer(request, call) {
      const { world, caller } = call;
      const account = accountOf(call);
      if (account.password === undefined) throw badRequest("PASSWORD_HASH_INVALID");
      checkProof(call, account, request.password);
      if (account.phone !== undefined) world.codes.drop(keyOf(caller), account.phone);
      return signIn(call, account);
    },
  },
};

/** Refuses whoever does not know the password; an account without one is proved with nothing. */
export function checkProof(
  { world, caller }: Call,
  { password }: Account,
  proof: Api.InputCheckPasswordSRP,
): void {
  if (proof._ === "inputCheckPasswordSRP" && password !== undefined) {
    return world.challenges.answer(keyOf(caller), password, proof.srpId, proof.A, proof.M1);
  }
  if (proof._ === "inputCheckPasswordSRP" || password !== undefined) {
    throw badRequest("PASSWORD_HASH_INVALID");
  }
}

/** Whose password it is about. */
export function accountOf({ world, caller }: Call): Account {
  const account = world.authorizations.awaitingPassword(caller) ??
    world.authorizations.get(caller)?.account;
  if (account === undefined) throw new RpcFailure(401, "AUTH_KEY_UNREGISTERED");
  return account;
}

function algorithm({ salt1, salt2, g, p }: SrpParameters): Api.PasswordKdfAlgo {
  return {
    _: "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow",
    salt1,
    salt2,
    g,
    p,
  };
}
