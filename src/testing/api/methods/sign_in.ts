/**
 * Signing in with a phone number and a code: https://core.telegram.org/api/auth
 *
 * auth.sendCode and auth.signIn, each with the refusals that its page names. A pending code is in
 * codes.ts; the other ways to sign in have files of their own.
 */
import type { Api } from "../../../tl/mod.ts";
import { keyOf } from "../caller.ts";
import { badRequest, migrate } from "../failure.ts";
import { paymentRequired } from "../objects/sent_code.ts";
import { digitsOf } from "../phone_number.ts";
import { type Account, removeDuePassword } from "../state/account.ts";
import type { SentCode } from "../state/login_codes.ts";
import { checkClient } from "./caller_checks.ts";
import { signInOrAskPassword } from "./login.ts";
import type { Call, Methods } from "./method.ts";
import { sendCodeTo } from "./send_code.ts";

/** The first layer with auth.sentCodeSuccess; clients of older layers get a code. */
const SINCE_CODE_SUCCESS = 152;

/** Signing in with a phone number and a code. */
export const signInMethods: Methods = {
  "auth.sendCode": {
    callers: "anyone but bots",
    answer(request, call) {
      checkClient(call, request);
      const { state, caller } = call;
      const phone = digitsOf(request.phoneNumber);
      const account = state.directory.byPhone(phone);
      if (account?.banned) throw badRequest("PHONE_NUMBER_BANNED");
      if (account !== undefined && account.dcId !== caller.dcId) {
        throw migrate("PHONE", account.dcId);
      }
      if (account !== undefined && caller.layer >= SINCE_CODE_SUCCESS) {
        const { logoutTokens = [] } = request.settings;
        if (state.futureTokens.take(logoutTokens, account)) return withoutCode(call, account);
      }
      if (account?.codePrice !== undefined && account.paidForm === undefined) {
        return paymentRequired(
          state.codes.send(keyOf(caller), phone, "", ["sms"]),
          account.codePrice,
        );
      }
      return sendCodeTo(call, phone, account);
    },
  },

  "auth.signIn": {
    callers: "anyone but bots",
    answer(request, call) {
      const { state, caller } = call;
      const phone = digitsOf(request.phoneNumber);
      const sent = state.codes.get(keyOf(caller), phone, request.phoneCodeHash);
      state.codes.enter(keyOf(caller), phone, request.phoneCodeHash, guessOf(request, sent));
      const account = state.directory.byPhone(phone);
      if (account === undefined) return signUpRequired();
      removeDuePassword(account, state.nowSeconds());
      const answer = signInOrAskPassword(call, account);
      // Until the password is entered the code stays valid: a client that lost the answer may
      // repeat the call.
      state.codes.drop(keyOf(caller), phone);
      return answer;
    },
  },
};

/** Signs in a caller with a future auth token: no code is needed, but the password still is. */
function withoutCode(call: Call, account: Account): Api.auth.sentCodeSuccess {
  removeDuePassword(account, call.state.nowSeconds());
  return { _: "auth.sentCodeSuccess", authorization: signInOrAskPassword(call, account) };
}

/** Returns the code in a request. A code that went by email has a field of its own. */
function guessOf(
  { phoneCode, emailVerification }: Api.Methods["auth.signIn"]["params"],
  { delivery }: SentCode,
): string {
  if (delivery === "email" && emailVerification?._ === "emailVerificationCode") {
    if (emailVerification.code !== "") return emailVerification.code;
  }
  if (!phoneCode) throw badRequest("PHONE_CODE_EMPTY");
  // A code that went by email is wrong in the field of phone codes.
  return delivery === "email" ? "" : phoneCode;
}

/** Returns the answer to the right code of a number without an account. */
function signUpRequired(): Api.auth.authorizationSignUpRequired {
  return {
    _: "auth.authorizationSignUpRequired",
    termsOfService: {
      _: "help.termsOfService",
      id: { _: "dataJSON", data: "{}" },
      text: "These are the terms of service of an offline Telegram: there are none.",
      entities: [],
    },
  };
}
