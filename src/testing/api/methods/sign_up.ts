/**
 * Signing up: https://core.telegram.org/method/auth.signUp
 * A number without an account signs up after it has entered its code.
 */
import { keyOf } from "../caller.ts";
import { badRequest } from "../failure.ts";
import { digitsOf } from "../phone_number.ts";
import { signIn } from "./login.ts";
import type { Methods } from "./method.ts";

const NAME_LENGTH = 64;

/** Signing up. */
export const signUpMethods: Methods = {
  "auth.signUp": {
    callers: "anyone but bots",
    answer(request, { state, caller }) {
      const phone = digitsOf(request.phoneNumber);
      const sent = state.codes.get(keyOf(caller), phone, request.phoneCodeHash);
      if (!sent.entered) throw badRequest("PHONE_CODE_INVALID");
      if (state.directory.byPhone(phone) !== undefined) throw badRequest("PHONE_NUMBER_OCCUPIED");
      const { firstName, lastName } = request;
      if (firstName.trim() === "" || firstName.length > NAME_LENGTH) {
        throw badRequest("FIRSTNAME_INVALID");
      }
      if (lastName.length > NAME_LENGTH) throw badRequest("LASTNAME_INVALID");
      const account = state.directory.addAccount({
        phone,
        firstName,
        lastName: lastName === "" ? undefined : lastName,
        dcId: caller.dcId,
      });
      state.codes.drop(keyOf(caller), phone);
      return signIn({ state, caller }, account);
    },
  },
};
