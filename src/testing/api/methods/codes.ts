// A code that is under way: sent again, reported as missing, paid for, cancelled.
// https://core.telegram.org/api/auth#sending-a-verification-code

import { keyOf } from "../state/authorizations.ts";
import { badRequest } from "../failure.ts";
import type { Methods } from "./method.ts";
import { digitsOf } from "../phone_number.ts";
import { sendCodeTo } from "./send_code.ts";
import { paymentRequired, sentCode } from "../objects/sent_code.ts";

/** What can be done about a code that is under way. */
export const codeMethods: Methods = {
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

  "auth.reportMissingCode": {
    who: "anyone but bots",
    answer(request, { world, caller }) {
      const phone = digitsOf(request.phoneNumber);
      world.codes.get(keyOf(caller), phone, request.phoneCodeHash);
      return true;
    },
  },

  "auth.checkPaidAuth": {
    who: "anyone but bots",
    answer(request, call) {
      const { world, caller } = call;
      const phone = digitsOf(request.phoneNumber);
      const sent = world.codes.get(keyOf(caller), phone, request.phoneCodeHash);
      const account = world.directory.byPhone(phone);
      if (account?.codePrice !== undefined && account.paidForm !== request.formId) {
        return paymentRequired(sent, account.codePrice);
      }
      return sendCodeTo(call, phone, account);
    },
  },
};
