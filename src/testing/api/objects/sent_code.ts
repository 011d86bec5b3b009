/**
 * The answer to a request for a code: https://core.telegram.org/type/auth.SentCode
 *
 * Each delivery has a constructor of its own. The codes are in state/login_codes.ts.
 */
import type { Api } from "../../../tl/mod.ts";
import type { CodePrice } from "../state/account.ts";
import type { Delivery, SentCode } from "../state/login_codes.ts";

/** The time before a client offers the next delivery. */
const RESEND_AFTER_SECONDS = 60;

/** The deliveries that can be the next one. */
const NEXT_TYPES: Partial<Record<Delivery, Api.auth.CodeType>> = {
  sms: { _: "auth.codeTypeSms" },
  call: { _: "auth.codeTypeCall" },
  flashCall: { _: "auth.codeTypeFlashCall" },
  missedCall: { _: "auth.codeTypeMissedCall" },
  fragment: { _: "auth.codeTypeFragmentSms" },
};

/** Returns the answer that describes the delivery of a code. */
export function sentCode(sent: SentCode): Api.auth.sentCode {
  return {
    _: "auth.sentCode",
    type: sentCodeType(sent),
    phoneCodeHash: sent.hash,
    nextType: sent.next && NEXT_TYPES[sent.next],
    timeout: sent.next && RESEND_AFTER_SECONDS,
  };
}

function sentCodeType({ code, delivery, email }: SentCode): Api.auth.SentCodeType {
  const { length } = code;
  switch (delivery) {
    case "app":
      return { _: "auth.sentCodeTypeApp", length };
    case "sms":
      return { _: "auth.sentCodeTypeSms", length };
    case "call":
      return { _: "auth.sentCodeTypeCall", length };
    case "flashCall":
      return { _: "auth.sentCodeTypeFlashCall", pattern: `${code.slice(0, 2)}*` };
    case "missedCall":
      return { _: "auth.sentCodeTypeMissedCall", prefix: "888", length };
    case "fragment":
      return { _: "auth.sentCodeTypeFragmentSms", url: "https://fragment.com/login", length };
    case "firebase":
      return { _: "auth.sentCodeTypeFirebaseSms", nonce: new Uint8Array(16), length };
    case "smsWord":
      return { _: "auth.sentCodeTypeSmsWord", beginning: code.slice(0, 1) };
    case "smsPhrase":
      return { _: "auth.sentCodeTypeSmsPhrase", beginning: code.split(" ")[0] };
    case "email":
      return { _: "auth.sentCodeTypeEmailCode", length, emailPattern: "", ...email };
    case "emailSetUpRequired":
      return { _: "auth.sentCodeTypeSetUpEmailRequired" };
  }
}

/** Returns the answer that asks the client to pay for its code. */
export function paymentRequired(
  { hash }: SentCode,
  { currency, amount }: CodePrice,
): Api.auth.sentCodePaymentRequired {
  return {
    _: "auth.sentCodePaymentRequired",
    storeProduct: "offline.login.code",
    phoneCodeHash: hash,
    supportEmailAddress: "support@offline.example",
    supportEmailSubject: "Login code",
    premiumDays: 7,
    currency,
    amount,
  };
}
