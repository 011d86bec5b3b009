// The login email: https://core.telegram.org/api/auth#email-verification
// account.sendVerifyEmailCode, account.verifyEmail, auth.resetLoginEmail. The recovery email of a password is in
// password_settings.ts.

import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import { keyOf } from "../state/authorizations.ts";
import { checkEmail, emailPattern } from "../state/email_codes.ts";
import { badRequest, RpcFailure } from "../failure.ts";
import type { Call, Methods } from "./method.ts";
import { digitsOf } from "../phone_number.ts";
import { sendCodeTo } from "./send_code.ts";

/** Setting up, changing and resetting the login email. */
export const loginEmailMethods: Methods = {
  "account.sendVerifyEmailCode": {
    who: "anyone but bots",
    answer(request, call) {
      const purpose = purposeOf(request.purpose, call, "PHONE_HASH_EXPIRED");
      checkEmail(request.email);
      const { code } = call.world.emailCodes.send(purpose.name, request.email);
      return {
        _: "account.sentEmailCode",
        emailPattern: emailPattern(request.email),
        length: code.length,
      };
    },
  },

  "account.verifyEmail": {
    who: "anyone but bots",
    answer(request, call) {
      const { world } = call;
      const purpose = purposeOf(request.purpose, call, "EMAIL_VERIFY_EXPIRED");
      const { verification } = request;
      // Nobody can have a token of Apple's or Google's for an offline Telegram.
      if (verification._ !== "emailVerificationCode") throw badRequest("EMAIL_NOT_ALLOWED");
      const { name, account, phone } = purpose;
      const { email } = world.emailCodes.check(name, verification.code, "EMAIL_VERIFY_EXPIRED");
      world.emailCodes.drop(name);
      account.loginEmail = email;
      account.needsLoginEmail = false;
      if (phone === undefined) return { _: "account.emailVerified", email };
      return {
        _: "account.emailVerifiedLogin",
        email,
        sentCode: sendCodeTo(call, phone, account),
      };
    },
  },

  "auth.resetLoginEmail": {
    who: "anyone but bots",
    answer(request, call) {
      const { world, caller } = call;
      const phone = digitsOf(request.phoneNumber);
      world.codes.get(keyOf(caller), phone, request.phoneCodeHash);
      const account = world.directory.byPhone(phone);
      if (account?.loginEmail === undefined) throw badRequest("EMAIL_INSTALL_MISSING");
      if (account.loginEmailReset !== undefined && world.now() < account.loginEmailReset) {
        throw badRequest("TASK_ALREADY_EXISTS");
      }
      account.loginEmailReset ??= world.now() + world.resetPeriod;
      return sendCodeTo(call, phone, account);
    },
  },
};

interface Purpose {
  readonly name: string;
  readonly account: Account;
  /** The number that is being signed in. */
  readonly phone?: string;
}

/** What an email is for, and whose it is to be. */
function purposeOf(purpose: Api.EmailVerifyPurpose, call: Call, expired: string): Purpose {
  const { world, caller } = call;
  if (purpose._ === "emailVerifyPurposeLoginSetup") {
    const phone = digitsOf(purpose.phoneNumber);
    const sent = world.codes.find(keyOf(caller), phone, purpose.phoneCodeHash);
    const account = world.directory.byPhone(phone);
    if (sent?.delivery !== "emailSetUpRequired" || account === undefined) throw badRequest(expired);
    return { name: `login/${sent.hash}`, account, phone };
  }
  const account = world.authorizations.get(caller)?.account;
  if (account === undefined) throw new RpcFailure(401, "AUTH_KEY_UNREGISTERED");
  if (purpose._ === "emailVerifyPurposePassport") throw badRequest("EMAIL_NOT_ALLOWED");
  if (account.loginEmail === undefined) throw badRequest("EMAIL_NOT_SETUP");
  return { name: `change/${account.id}`, account };
}
