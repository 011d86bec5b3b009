/**
 * The ways that a login code can take to the person, and the details of each:
 * https://core.telegram.org/type/auth.SentCodeType
 */
import type { Api } from "../../tl/mod.ts";

/**
 * The way of a code to the person who signs in. The last three stand for no code: a login email
 * must be set up first, the code must be paid for, or no code is needed.
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

/** The details of a code, for each way that it can take: compare `by`. */
export type CodeDetails =
  | {
    /**
     * In the Telegram app, on a device that is signed in; by SMS; or said by a voice that calls.
     */
    readonly by: "app" | "sms" | "call";
    /** The number of digits of the code. */
    readonly length: number;
  }
  | {
    /** Somebody calls and hangs up; the number that called is the code. */
    readonly by: "flashCall";
    /** The pattern of that number: https://core.telegram.org/api/pattern */
    readonly pattern: string;
  }
  | {
    /** Somebody calls and hangs up; the last digits of the number that called are the code. */
    readonly by: "missedCall";
    /** The first digits of that number. */
    readonly prefix: string;
    /** The number of its last digits that are the code. */
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
     * Seconds until a reset of the login email is done; 0 for Premium, undefined if there is no
     * reset.
     */
    readonly resetAvailablePeriod?: number;
    /** The date of the reset of the login email, if one was requested. */
    readonly resetPendingDate?: Date;
    /** Whether an identity token of Apple can replace the code. */
    readonly allowsApple: boolean;
    /** Whether an identity token of Google can replace the code. */
    readonly allowsGoogle: boolean;
  }
  | {
    /** To the owner of an anonymous number, on https://fragment.com. */
    readonly by: "fragment";
    /** The address of the code. */
    readonly url: string;
    /** How many digits the code has. */
    readonly length: number;
  }
  | {
    /** By SMS, but only to official apps, which prove their device to Firebase. */
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
    /** Whether an Apple account can replace the address. */
    readonly allowsApple: boolean;
    /** Whether a Google account can replace the address. */
    readonly allowsGoogle: boolean;
  }
  | {
    /** No code was sent: an SMS to this number must be paid for in an official app. */
    readonly by: "paymentRequired";
    /** The product to buy in the app store. */
    readonly storeProduct: string;
    /** The currency, by ISO 4217. */
    readonly currency: string;
    /** The price in the smallest unit of the currency. */
    readonly amount: bigint;
    /** The number of days of Premium that come with it. */
    readonly premiumDays: number;
    /** The email address of the support. */
    readonly supportEmail: string;
    /** The subject of an email to the support. */
    readonly supportSubject: string;
  }
  | {
    /**
     * No code was sent, and none is needed: a future auth token replaced it. See
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

/** Reads the way that the next code would take. */
export function readCodeType(type: Api.auth.CodeType): CodeDelivery {
  return WAYS[type._];
}

/** Reads Telegram's description of a code that it has sent. */
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

/** Reads Telegram's description of a code that must be paid for. */
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
