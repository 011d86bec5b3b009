/**
 * A pending code: sending it again, reporting it missing, paying for it, cancelling it.
 * https://core.telegram.org/api/auth#sending-a-verification-code
 */
import { keyOf } from "../caller.ts";
import { badRequest } from "../failure.ts";
import { paymentRequired, sentCode } from "../objects/sent_code.ts";
import { digitsOf } from "../phone_number.ts";
import type { Methods } from "./method.ts";
import { sendCodeTo } from "./send_code.ts";

/** The methods about a pending code. */
export const codeMethods: Methods = {
  "auth.resendCode": {
    callers: "anyone but bots",
    answer(request, { state, caller }) {
      const phone = digitsOf(request.phoneNumber);
      if (request.phoneCodeHash === "") throw badRequest("PHONE_CODE_HASH_EMPTY");
      return sentCode(state.codes.resend(keyOf(caller), phone, request.phoneCodeHash));
    },
  },

  "auth.cancelCode": {
    callers: "anyone but bots",
    answer(request, { state, caller }) {
      const phone = digitsOf(request.phoneNumber);
      state.codes.get(keyOf(caller), phone, request.phoneCodeHash);
      state.codes.drop(keyOf(caller), phone);
      return true;
    },
  },

  "auth.reportMissingCode": {
    callers: "anyone but bots",
    answer(request, { state, caller }) {
      const phone = digitsOf(request.phoneNumber);
      state.codes.get(keyOf(caller), phone, request.phoneCodeHash);
      return true;
    },
  },

  "auth.checkPaidAuth": {
    callers: "anyone but bots",
    answer(request, call) {
      const { state, caller } = call;
      const phone = digitsOf(request.phoneNumber);
      const sent = state.codes.get(keyOf(caller), phone, request.phoneCodeHash);
      const account = state.directory.byPhone(phone);
      if (account?.codePrice !== undefined && account.paidForm !== request.formId) {
        return paymentRequired(sent, account.codePrice);
      }
      return sendCodeTo(call, phone, account);
    },
  },
};
