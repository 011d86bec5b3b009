// Signing up: https://core.telegram.org/method/auth.signUp, for a number that has entered its code and has no account.

import { signIn } from "./sign_in.ts";
import { keyOf } from "../state/authorizations.ts";
import { badRequest } from "../failure.ts";
import type { Methods } from "./method.ts";
import { digitsOf } from "../phone_number.ts";

const NAME_LENGTH = 64;

/** Signing up. */
export const signUpMethods: Methods = {
  "auth.signUp": {
    who: "anyone but bots",
    answer(request, { world, caller }) {
      const phone = digitsOf(request.phoneNumber);
      const sent = world.codes.get(keyOf(caller), phone, request.phoneCodeHash);
      if (!sent.entered) throw badRequest("PHONE_CODE_INVALID");
      if (world.directory.byPhone(phone) !== undefined) throw badRequest("PHONE_NUMBER_OCCUPIED");
      const { firstName, lastName } = request;
      if (firstName.trim() === "" || firstName.length > NAME_LENGTH) {
        throw badRequest("FIRSTNAME_INVALID");
      }
      if (lastName.length > NAME_LENGTH) throw badRequest("LASTNAME_INVALID");
      const account = world.directory.addAccount({
        phone,
        firstName,
        lastName: lastName === "" ? undefined : lastName,
        dcId: caller.dcId,
      });
      world.codes.drop(keyOf(caller), phone);
      return signIn({ world, caller }, account);
    },
  },
};
