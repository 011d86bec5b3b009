// The password of an account: https://core.telegram.org/api/srp
// account.getPassword and auth.checkPassword, for somebody who has entered the code, or is signed in. Setting,
// changing and recovering a password are not here yet.

import type { SrpParameters } from "../../crypto/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { Account } from "./account.ts";
import { signIn } from "./auth.ts";
import { keyOf } from "./authorizations.ts";
import { badRequest, RpcFailure } from "./failure.ts";
import type { Call, Methods } from "./method.ts";
import { newParameters } from "./password.ts";

const SECURE_RANDOM_LENGTH = 256;

/** Asking for the password's parameters, and proving that one knows it. */
export const passwordMethods: Methods = {
  "account.getPassword": {
    who: "anyone but bots",
    answer(_request, call) {
      const { world, caller } = call;
      const { password } = accountOf(call);
      const { salt1, salt2, ...rest } = newParameters(world.random);
      const parts: Api.account.Password = {
        _: "account.password",
        // The server says 8 bytes of salt1, and the client adds its own when it sets a password.
        newAlgo: algorithm({ ...rest, salt1: salt1.slice(0, 8), salt2 }),
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
      const proof = request.password;
      if (account.password === undefined || proof._ !== "inputCheckPasswordSRP") {
        throw badRequest("PASSWORD_HASH_INVALID");
      }
      world.challenges.answer(keyOf(caller), account.password, proof.srpId, proof.A, proof.M1);
      if (account.phone !== undefined) world.codes.drop(keyOf(caller), account.phone);
      return signIn(call, account);
    },
  },
};

/** Whose password it is about. */
function accountOf({ world, caller }: Call): Account {
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
