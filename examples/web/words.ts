/**
 * What the page tells people about errors, and about the ways that codes take. The texts of the
 * errors themselves are for programmers.
 */
import {
  type CodeDelivery,
  type CodeDetails,
  ConnectionError,
  RpcError,
  SignInError,
  type SignInErrorReason,
} from "@tessera/mtproto";

/** Errors about what a person has typed: they are shown beside the field. */
const ABOUT_FIELD: Partial<Record<SignInErrorReason, string>> = {
  codeEmpty: "Enter the code.",
  codeExpired: "This code has expired. Have a new one sent.",
  codeInvalid: "This code is not right. Enter the newest one.",
  emailInvalid: "This is not an email address.",
  emailNotAllowed: "Telegram does not take this email address. Use another one.",
  nameInvalid: "Telegram does not take this name.",
  passwordEmpty: "Enter your password.",
  passwordInvalid: "This password is not right.",
  phoneBanned: "Telegram has banned this phone number.",
  phoneInvalid: "Telegram does not know this phone number. Check the country and the digits.",
};

/** Errors about the step as a whole. */
const ABOUT_STEP: Partial<Record<SignInErrorReason, string>> = {
  apiIdInvalid: "Telegram does not accept this application.",
  accountDeactivated: "This account was deleted.",
  codeNotSent: "Telegram could not send a code. Try again later.",
  emailResetPending: "A reset of this email is under way already.",
  passwordChanged: "The password was changed meanwhile. Enter the new one.",
  passwordSettingsInvalid: "Telegram did not take this password. Try again.",
  paymentRequired: "Telegram wants to be paid for a code to this number, in its own app.",
  phoneOccupied: "This phone number has an account already. Start again.",
  phonePasswordProtected: "This phone number is protected. Use Telegram's own app.",
  recoveryUnavailable: "This account has no recovery email.",
  restartNeeded: "Telegram asks you to start again.",
  signUpForbidden: "You can sign up in Telegram's own app only.",
  signedOut: "You were logged out on another device.",
  tooFresh: "This device logged in not long ago. It can end other sessions after 24 hours.",
};

/** A text about an error, and whether it belongs to the field of the step. */
export interface Said {
  readonly text: string;
  readonly isAboutField: boolean;
}

/** Returns what to tell people about an error. */
export function wordsFor(error: unknown): Said {
  if (error instanceof SignInError) {
    const ofField = ABOUT_FIELD[error.reason];
    if (ofField !== undefined) return { text: ofField, isAboutField: true };
    const wait = error.seconds === undefined ? "later" : `in ${duration(error.seconds)}`;
    const ofStep = error.reason === "flood"
      ? `Too many attempts. Try again ${wait}.`
      : ABOUT_STEP[error.reason];
    return { text: ofStep ?? error.message, isAboutField: false };
  }
  const text = error instanceof ConnectionError
    ? "Telegram cannot be reached. Check your connection, and try again."
    : error instanceof RpcError
    ? `Telegram refused (${error.errorMessage}). Try again later.`
    : error instanceof Error
    ? error.message
    : String(error);
  return { text, isAboutField: false };
}

/** Returns a time in words, rounded up: `45 seconds`, `2 minutes`. */
export function duration(seconds: number): string {
  const units: [name: string, length: number][] = [["day", 86_400], ["hour", 3600], ["minute", 60]];
  const [name, length] = units.find(([, one]) => seconds > one) ?? ["second", 1];
  const count = Math.ceil(seconds / length);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

/** Returns the time that is left, as a clock shows it: `0:45`. */
export function clockTime(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Returns where the code is. `phone` is the number as people read it. */
export function deliveryWords(details: CodeDetails, phone: string): string {
  switch (details.by) {
    case "app":
      return "We’ve sent the code to Telegram on your other device.";
    case "sms":
      return `We’ve sent the code by SMS to ${phone}.`;
    case "call":
      return `We’re calling ${phone} to tell you the code.`;
    case "flashCall":
      return `We’re calling ${phone}. The number that calls, like ${details.pattern}, is the code.`;
    case "missedCall":
      return `We’re calling ${phone} and hang up. The code is the last ${details.length} digits ` +
        `of the number that calls: ${details.prefix}…`;
    case "email":
      return `We’ve sent the code to ${details.emailPattern}.` + resetWords(details);
    case "fragment":
      return `The code for ${phone} is on ${details.url}.`;
    case "firebase":
      return "Telegram sends this code to its own apps only.";
    case "smsWord":
      return `We’ve sent a word by SMS to ${phone}${beginning(details.beginning)}.`;
    case "smsPhrase":
      return `We’ve sent a phrase by SMS to ${phone}${beginning(details.beginning)}.`;
    default:
      return "";
  }
}

function resetWords({ resetPendingDate }: { readonly resetPendingDate?: Date }): string {
  if (resetPendingDate === undefined) return "";
  return ` From ${resetPendingDate.toLocaleString("en")} on, codes go to your phone.`;
}

function beginning(first: string | undefined): string {
  return first === undefined ? "" : ` that begins with “${first}”`;
}

/** The button that has the code sent by another way. */
export const RESEND: Partial<Record<CodeDelivery, string>> = {
  sms: "Send the code by SMS",
  call: "Call me with the code",
  flashCall: "Call me with the code",
  missedCall: "Call me with the code",
  fragment: "Get the code on Fragment",
};

/** The same, before it is possible; a time follows. */
export const RESEND_WAIT: Partial<Record<CodeDelivery, string>> = {
  sms: "No code? We can send it by SMS in",
  call: "No code? We can call you in",
  flashCall: "No code? We can call you in",
  missedCall: "No code? We can call you in",
  fragment: "No code? You can get it on Fragment in",
};
