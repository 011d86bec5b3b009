// Signing in and up with a phone and a code: https://core.telegram.org/api/auth
// auth.sendCode, resendCode, cancelCode, signIn, signUp, each with the refusals that its page names. Passwords, bots
// and other data centers have their own files; QR and email codes are not here yet.

import type { Random } from "../../crypto/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { Account } from "./account.ts";
import { keyOf } from "./authorizations.ts";
import { announceDevice } from "./devices.ts";
import { badRequest, migrate, RpcFailure } from "./failure.ts";
import type { Delivery, SentCode } from "./login_codes.ts";
import type { Call, Methods } from "./method.ts";
import { phoneDigits, testNumberCode } from "./phone.ts";
import { userObject } from "./users.ts";
import type { World } from "./world.ts";

/** How long a client waits before it offers to send the code by the next way, in seconds. */
const RESEND_AFTER = 60;
const NAME_LENGTH = 64;

/** Signing in and up with a phone and a code. */
export const authMethods: Methods = {
  "auth.sendCode": {
    who: "anyone but bots",
    answer(request, call) {
      const { world, caller } = call;
      checkApi(world, request.apiId, request.apiHash);
      const phone = digitsOf(request.phoneNumber);
      const account = world.directory.byPhone(phone);
      if (account?.banned) throw badRequest("PHONE_NUMBER_BANNED");
      if (account !== undefined && account.dcId !== caller.dcId) {
        throw migrate("PHONE", account.dcId);
      }
      const signedInElsewhere = account !== undefined &&
        world.authorizations.of(account).length > 0;
      const code = codeFor(phone, account, world.random);
      const delivery = signedInElsewhere ? "app" : "sms";
      return sentCode(world.codes.send(keyOf(caller), phone, code, delivery));
    },
  },

  "auth.resendCode": {
    who: "anyone but bots",
    answer(request, { world, caller }) {
      const phone = digitsOf(request.phoneNumber);
      if (request.phoneCodeHash === "") throw badRequest("PHONE_CODE_HASH_EMPTY");
      return sentCode(world.codes.resend(keyOf(caller), phone, request.phoneCodeHash));
    },
  },

  "auth.cancelCode": {
    who: "anyone but bots",
    answer(request, { world, caller }) {
      const phone = digitsOf(request.phoneNumber);
      world.codes.get(keyOf(caller), phone, request.phoneCodeHash);
      world.codes.drop(keyOf(caller), phone);
      return true;
    },
  },

  "auth.signIn": {
    who: "anyone but bots",
    answer(request, { world, caller }) {
      const phone = digitsOf(request.phoneNumber);
      if (!request.phoneCode) throw badRequest("PHONE_CODE_EMPTY");
      world.codes.enter(keyOf(caller), phone, request.phoneCodeHash, request.phoneCode);
      const account = world.directory.byPhone(phone);
      if (account === undefined) return signUpRequired();
      if (account.password !== undefined) {
        // The code stays good until the password is given: a client that lost the answer may ask again.
        world.authorizations.awaitPassword(caller, account);
        throw new RpcFailure(401, "SESSION_PASSWORD_NEEDED");
      }
      world.codes.drop(keyOf(caller), phone);
      return signIn({ world, caller }, account);
    },
  },

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

/** Refuses any api id and hash but the right ones. */
export function checkApi(world: World, apiId: number, apiHash: string): void {
  if (apiId !== world.apiId || apiHash !== world.apiHash) throw badRequest("API_ID_INVALID");
}

/** Signs the caller in to an account. */
export function signIn({ world, caller }: Call, account: Account): Api.auth.Authorization {
  const approved = world.loginTokens.take(caller)?.hash;
  const device = world.authorizations.signIn(caller, account, approved);
  announceDevice(world, device);
  return { _: "auth.authorization", user: userObject(account, account) };
}

function digitsOf(phoneNumber: string): string {
  const digits = phoneDigits(phoneNumber);
  if (digits === undefined) throw new RpcFailure(406, "PHONE_NUMBER_INVALID");
  return digits;
}

function codeFor(phone: string, account: Account | undefined, random: Random): string {
  if (typeof account?.code === "function") return account.code(`+${phone}`);
  return account?.code ?? testNumberCode(phone) ?? randomCode(random);
}

function randomCode(random: Random): string {
  const number = random(4).reduce((sum, byte) => sum * 256 + byte, 0);
  return String(number % 100_000).padStart(5, "0");
}

function sentCode(sent: SentCode): Api.auth.SentCode {
  const length = sent.code.length;
  const types = {
    app: { _: "auth.sentCodeTypeApp", length },
    sms: { _: "auth.sentCodeTypeSms", length },
    call: { _: "auth.sentCodeTypeCall", length },
  } as const satisfies Record<Delivery, Api.auth.SentCodeType>;
  return {
    _: "auth.sentCode",
    type: types[sent.delivery],
    phoneCodeHash: sent.hash,
    nextType: sent.next === undefined
      ? undefined
      : { _: sent.next === "sms" ? "auth.codeTypeSms" : "auth.codeTypeCall" },
    timeout: RESEND_AFTER,
  };
}

function signUpRequired(): Api.auth.Authorization {
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
