/**
 * Which way a login code goes, and what is known of it:
 * https://core.telegram.org/type/auth.SentCodeType How a code is requested and given back is in
 * code.ts and resend_code.ts.
 */
import type { Api } from "../../tl/mod.ts";

/**
 * Which way a code goes to the person who signs in. Three of them are no ways, but answers in a
 * code's place: a login email must be set up first, the code must be paid for, or no code is
 * needed.
 */
export type CodeDelivery =
  | "app"
  | "sms"
  | "call"
  | "flashCall"
  | "missedCall"
  | "email"
  | "fragment"
  | "firebase"
  | "smsWord"
  | "smsPhrase"
  | "emailSetUpRequired"
  | "paymentRequired"
  | "notNeeded";

/** What is known of a code that is on its way, for each way that it can take: compare `by`. */
export type CodeDetails =
  | {
    /**
     * In the Telegram app, on a device that is signed in; by SMS; or said by a voice that calls.
     */
    readonly by: "app" | "sms" | "call";
    /** How many digits the code has. */
    readonly length: number;
  }
  | {
    /** Somebody calls and hangs up; the number that called is the code. */
    readonly by: "flashCall";
    /** What that number looks like: https://core.telegram.org/api/pattern */
    readonly pattern: string;
  }
  | {
    /** Somebody calls and hangs up; the last digits of the number that called are the code. */
    readonly by: "missedCall";
    /** How that number begins. */
    readonly prefix: string;
    /** How many of its last digits are the code. */
    readonly length: number;
  }
  | {
    /** To the login email of the account. */
    readonly by: "email";
    /** The address, with most of it hidden. */
    readonly emailPattern: string;
    /** How many digits the code has. */
    readonly length: number;
    /**
     * How many seconds it takes until a reset of the login email is done; 0 for Premium, undefined
     * if there is no reset.
     */
    readonly resetAvailablePeriod?: number;
    /** When the login email will be reset, if that was requested. */
    readonly resetPendingDate?: Date;
    /** Whether signing in with Apple does as well as a code. */
    readonly allowsApple: boolean;
    /** Whether signing in with Google does as well as a code. */
    readonly allowsGoogle: boolean;
  }
  | {
    /** To the owner of an anonymous number, on https://fragment.com. */
    readonly by: "fragment";
    /** Where to look. */
    readonly url: string;
    /** How many digits the code has. */
    readonly length: number;
  }
  | {
    /** By SMS, once an official app has proved its device to Firebase; nobody else can. */
    readonly by: "firebase";
    /** How many digits the code has. */
    readonly length: number;
  }
  | {
    /** A word, or a phrase, by SMS. */
    readonly by: "smsWord" | "smsPhrase";
    /** The first letter of the word, or the first word of the phrase. */
    readonly beginning?: string;
  }
  | {
    /**
     * No code was sent: the account wants a login email, see {@linkcode Client.setUpLoginEmail}.
     */
    readonly by: "emailSetUpRequired";
    /** Whether an Apple account does as well. */
    readonly allowsApple: boolean;
    /** Whether a Google account does as well. */
    readonly allowsGoogle: boolean;
  }
  | {
    /** No code was sent: an SMS to this number is dear, and must be paid for in an official app. */
    readonly by: "paymentRequired";
    /** What is to be bought in the app store. */
    readonly storeProduct: string;
    /** ISO 4217. */
    readonly currency: string;
    /** In the smallest unit of the currency. */
    readonly amount: bigint;
    /** How many days of Premium come with it. */
    readonly premiumDays: number;
    /** Whom to write to in need. */
    readonly supportEmail: string;
    /** The subject of that mail. */
    readonly supportSubject: string;
  }
  | {
    /**
     * No code was sent, as none is needed: the token of an earlier sign-in did as well. See
     * `LoginToken.outcome`.
     */
    readonly by: "notNeeded";
  };

const WAYS: Record<Api.auth.CodeType["_"], CodeDelivery> = {
  "auth.codeTypeSms": "sms",
  "auth.codeTypeCall": "call",
  "auth.codeTypeFlashCall": "flashCall",
  "auth.codeTypeMissedCall": "missedCall",
  "auth.codeTypeFragmentSms": "fragment",
};

/** The way that the next code would take. */
export function readCodeType(type: Api.auth.CodeType): CodeDelivery {
  return WAYS[type._];
}

/** What Telegram tells of a code that it has sent. */
export function readSentCodeType(type: Api.auth.SentCodeType): CodeDetails {
  switch (type._) {
    case "auth.sentCodeTypeApp":
      return { by: "app", length: type.length };
    case "auth.sentCodeTypeSms":
      return { by: "sms", length: type.length };
    case "auth.sentCodeTypeCall":
      return { by: "call", length: type.length };
    case "auth.sentCodeTypeFlashCall":
      return { by: "flashCall", pattern: type.pattern };
    case "auth.sentCodeTypeMissedCall":
      return { by: "missedCall", prefix: type.prefix, length: type.length };
    case "auth.sentCodeTypeFragmentSms":
      return { by: "fragment", url: type.url, length: type.length };
    case "auth.sentCodeTypeFirebaseSms":
      return { by: "firebase", length: type.length };
    case "auth.sentCodeTypeSmsWord":
      return { by: "smsWord", beginning: type.beginning };
    case "auth.sentCodeTypeSmsPhrase":
      return { by: "smsPhrase", beginning: type.beginning };
    case "auth.sentCodeTypeSetUpEmailRequired":
      return { by: "emailSetUpRequired", ...readIdentityProviders(type) };
    case "auth.sentCodeTypeEmailCode":
      return {
        by: "email",
        emailPattern: type.emailPattern,
        length: type.length,
        resetAvailablePeriod: type.resetAvailablePeriod,
        resetPendingDate: type.resetPendingDate === undefined
          ? undefined
          : new Date(type.resetPendingDate * 1000),
        ...readIdentityProviders(type),
      };
  }
}

/** What Telegram tells of a code that must be paid for. */
export function readPayment(sent: Api.auth.sentCodePaymentRequired): CodeDetails {
  return {
    by: "paymentRequired",
    storeProduct: sent.storeProduct,
    currency: sent.currency,
    amount: sent.amount,
    premiumDays: sent.premiumDays,
    supportEmail: sent.supportEmailAddress,
    supportSubject: sent.supportEmailSubject,
  };
}

function readIdentityProviders(
  type: { readonly appleSigninAllowed?: boolean; readonly googleSigninAllowed?: boolean },
): { allowsApple: boolean; allowsGoogle: boolean } {
  return {
    allowsApple: type.appleSigninAllowed ?? false,
    allowsGoogle: type.googleSigninAllowed ?? false,
  };
}
