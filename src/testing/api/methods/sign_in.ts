// Signing in with a phone and a code: https://core.telegram.org/api/auth
// auth.sendCode and signIn, each with the refusals that its page names. What else can be done about a code is in
// code_methods.ts and login_email.ts; passwords, QR codes, bots and other data centers have their own files.

import type { Api } from "../../../tl/mod.ts";
import { OLDEST_LAYER } from "../../layers/mod.ts";
import type { Account } from "../state/account.ts";
import { keyOf } from "../state/authorizations.ts";
import { announceDevice } from "./devices.ts";
import { badRequest, migrate, RpcFailure } from "../failure.ts";
import type { SentCode } from "../state/login_codes.ts";
import type { Call, Methods } from "./method.ts";
import { removeDuePassword } from "./password_reset.ts";
import { digitsOf } from "../phone_number.ts";
import { sendCodeTo } from "./send_code.ts";
import { paymentRequired } from "../objects/sent_code.ts";
import { userObject } from "./users.ts";

/** The first layer with auth.sentCodeSuccess; older clients are sent a code. */
const SINCE_CODE_SUCCESS = 152;

/** Signing in with a phone and a code. */
export const authMethods: Methods = {
  "auth.sendCode": {
    who: "anyone but bots",
    answer(request, call) {
      checkClient(call, request);
      const { world, caller } = call;
      const phone = digitsOf(request.phoneNumber);
      const account = world.directory.byPhone(phone);
      if (account?.banned) throw badRequest("PHONE_NUMBER_BANNED");
      if (account !== undefined && account.dcId !== caller.dcId) {
        throw migrate("PHONE", account.dcId);
      }
      if (account !== undefined && caller.layer >= SINCE_CODE_SUCCESS) {
        const { logoutTokens = [] } = request.settings;
        if (world.futureTokens.take(logoutTokens, account)) return withoutCode(call, account);
      }
      if (account?.codePrice !== undefined && account.paidForm === undefined) {
        return paymentRequired(
          world.codes.send(keyOf(caller), phone, "", ["sms"]),
          account.codePrice,
        );
      }
      return sendCodeTo(call, phone, account);
    },
  },

  "auth.signIn": {
    who: "anyone but bots",
    answer(request, { world, caller }) {
      const phone = digitsOf(request.phoneNumber);
      const sent = world.codes.get(keyOf(caller), phone, request.phoneCodeHash);
      world.codes.enter(keyOf(caller), phone, request.phoneCodeHash, guessOf(request, sent));
      const account = world.directory.byPhone(phone);
      if (account === undefined) return signUpRequired();
      removeDuePassword(world, account);
      if (account.password !== undefined) {
        // The code stays good until the password is given: a client that lost the answer may ask again.
        world.authorizations.awaitPassword(caller, account);
        throw new RpcFailure(401, "SESSION_PASSWORD_NEEDED");
      }
      world.codes.drop(keyOf(caller), phone);
      return signIn({ world, caller }, account);
    },
  },
};

/** Whoever left with a future auth token needs no code; the password, if there still is one, is needed as ever. */
function withoutCode(call: Call, account: Account): Api.auth.sentCodeSuccess {
  removeDuePassword(call.world, account);
  if (account.password !== undefined) {
    call.world.authorizations.awaitPassword(call.caller, account);
    throw new RpcFailure(401, "SESSION_PASSWORD_NEEDED");
  }
  return { _: "auth.sentCodeSuccess", authorization: signIn(call, account) };
}

/** Refuses any api id and hash but the right ones, and clients that are too old to sign in. */
export function checkClient(
  { world, caller }: Call,
  { apiId, apiHash }: { readonly apiId: number; readonly apiHash: string },
): void {
  if (caller.layer < OLDEST_LAYER) throw new RpcFailure(406, "UPDATE_APP_TO_LOGIN");
  if (apiId !== world.apiId || apiHash !== world.apiHash) throw badRequest("API_ID_INVALID");
}

/** The code that a request has in it: each way of sending one has its own field for giving it back. */
function guessOf(
  { phoneCode, emailVerification }: Api.Methods["auth.signIn"]["params"],
  { delivery }: SentCode,
): string {
  if (delivery === "email" && emailVerification?._ === "emailVerificationCode") {
    if (emailVerification.code !== "") return emailVerification.code;
  }
  if (!phoneCode) throw badRequest("PHONE_CODE_EMPTY");
  // A code that went by email is taken as such only.
  return delivery === "email" ? "" : phoneCode;
}

/** Signs the caller in to an account. */
export function signIn({ world, caller }: Call, account: Account): Api.auth.Authorization {
  const approved = world.loginTokens.take(caller)?.hash;
  const device = world.authorizations.signIn(caller, account, approved);
  announceDevice(world, device);
  const { password, otherwiseReloginDays, tmpSessions } = account;
  const mustSet = password === undefined && otherwiseReloginDays !== undefined;
  return {
    _: "auth.authorization",
    ...(mustSet && { setupPasswordRequired: true, otherwiseReloginDays }),
    tmpSessions,
    user: userObject(account, account),
  };
}

/** The answer to the right code of a number that has no account. */
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
