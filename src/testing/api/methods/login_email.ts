/**
 * The login email: https://core.telegram.org/api/auth#email-verification
 *
 * account.sendVerifyEmailCode, account.verifyEmail, auth.resetLoginEmail. The recovery email of a
 * password is in password_settings.ts.
 */
import type { Api } from "../../../tl/mod.ts";
import { keyOf } from "../caller.ts";
import { badRequest, RpcFailure } from "../failure.ts";
import { digitsOf } from "../phone_number.ts";
import type { Account } from "../state/account.ts";
import { checkEmail, emailPattern } from "../state/email_codes.ts";
import type { Call, Methods } from "./method.ts";
import { sendCodeTo } from "./send_code.ts";

/** Setting up, changing and resetting the login email. */
export const loginEmailMethods: Methods = {
  "account.sendVerifyEmailCode": {
    callers: "anyone but bots",
    answer(request, call) {
      const purpose = purposeOf(request.purpose, call, "PHONE_HASH_EXPIRED");
      checkEmail(request.email);
      const { code } = call.state.emailCodes.send(purpose.name, request.email);
      return {
        _: "account.sentEmailCode",
        emailPattern: emailPattern(request.email),
        length: code.length,
      };
    },
  },

  "account.verifyEmail": {
    callers: "anyone but bots",
    answer(request, call) {
      const { state } = call;
      const purpose = purposeOf(request.purpose, call, "EMAIL_VERIFY_EXPIRED");
      const { verification } = request;
      // No token of Apple or Google is valid for an offline Telegram.
      if (verification._ !== "emailVerificationCode") throw badRequest("EMAIL_NOT_ALLOWED");
      const { name, account, phone } = purpose;
      const { email } = state.emailCodes.check(name, verification.code, "EMAIL_VERIFY_EXPIRED");
      state.emailCodes.drop(name);
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
    callers: "anyone but bots",
    answer(request, call) {
      const { state, caller } = call;
      const phone = digitsOf(request.phoneNumber);
      state.codes.get(keyOf(caller), phone, request.phoneCodeHash);
      const account = state.directory.byPhone(phone);
      if (account?.loginEmail === undefined) throw badRequest("EMAIL_INSTALL_MISSING");
      if (
        account.loginEmailResetAtSeconds !== undefined &&
        state.nowSeconds() < account.loginEmailResetAtSeconds
      ) {
        throw badRequest("TASK_ALREADY_EXISTS");
      }
      account.loginEmailResetAtSeconds ??= state.nowSeconds() + state.resetPeriodSeconds;
      return sendCodeTo(call, phone, account);
    },
  },
};

interface Purpose {
  readonly name: string;
  readonly account: Account;
  /** The number that signs in. */
  readonly phone?: string;
}

/** Returns the purpose of an email code, and the account that gets the email. */
function purposeOf(purpose: Api.EmailVerifyPurpose, call: Call, expired: string): Purpose {
  const { state, caller } = call;
  if (purpose._ === "emailVerifyPurposeLoginSetup") {
    const phone = digitsOf(purpose.phoneNumber);
    const sent = state.codes.find(keyOf(caller), phone, purpose.phoneCodeHash);
    const account = state.directory.byPhone(phone);
    if (sent?.delivery !== "emailSetUpRequired" || account === undefined) throw badRequest(expired);
    return { name: `login/${sent.hash}`, account, phone };
  }
  const account = state.authorizations.get(caller)?.account;
  if (account === undefined) throw new RpcFailure(401, "AUTH_KEY_UNREGISTERED");
  if (purpose._ === "emailVerifyPurposePassport") throw badRequest("EMAIL_NOT_ALLOWED");
  if (account.loginEmail === undefined) throw badRequest("EMAIL_NOT_SETUP");
  return { name: `change/${account.id}`, account };
}
