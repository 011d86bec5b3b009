/**
 * The errors of signing in that a program must be able to tell apart. The text of each says what to
 * do next. An error of Telegram that is not in the table below stays an `RpcError`. No text has a
 * code, a password, a token or a phone number in it.
 */
import { RpcError } from "../connection/mod.ts";
import { duration, isInstance } from "../runtime/mod.ts";

/** The reason for which signing in failed. It is stable: compare it in programs. */
export type SignInErrorReason =
  | "accountDeactivated"
  | "apiIdInvalid"
  | "appOutdated"
  | "authKeyDuplicated"
  | "botTokenInvalid"
  | "cancelled"
  | "codeEmpty"
  | "codeExpired"
  | "codeInvalid"
  | "codeNotSent"
  | "daysInvalid"
  | "deviceUnknown"
  | "emailInvalid"
  | "emailNotAllowed"
  | "emailNotSetUp"
  | "emailResetPending"
  | "emailSetUpRequired"
  | "flood"
  | "nameInvalid"
  | "otherAccount"
  | "otherSession"
  | "passportDataAtRisk"
  | "passkeyInvalid"
  | "passkeyOriginRefused"
  | "passwordChanged"
  | "passwordEmpty"
  | "passwordInvalid"
  | "passwordNeeded"
  | "passwordNotSet"
  | "passwordResetMissing"
  | "passwordSettingsInvalid"
  | "paymentRequired"
  | "phoneBanned"
  | "phoneInvalid"
  | "phoneOccupied"
  | "phonePasswordProtected"
  | "phoneUnregistered"
  | "qrExpired"
  | "qrInvalid"
  | "qrRefused"
  | "qrUsed"
  | "recoveryUnavailable"
  | "restartNeeded"
  | "savedTokenInvalid"
  | "sessionRevoked"
  | "signUpForbidden"
  | "signedOut"
  | "termsNotAccepted"
  | "tooFresh"
  | "unsupported"
  | "webTokenExpired";

const WHAT_TO_DO: Record<SignInErrorReason, string> = {
  accountDeactivated: "the account was deactivated or deleted. Use another account.",
  apiIdInvalid: "Telegram refuses this api id or hash. Use the pair that my.telegram.org shows.",
  appOutdated: "Telegram wants a newer client. Update this library.",
  authKeyDuplicated: "this session was used from two places at once, and Telegram has ended it. " +
    "Sign in anew, and use each session in one place.",
  botTokenInvalid: "the bot token is not valid. Pass the whole text from @BotFather, like " +
    "123456:ABC-DEF (/token shows it again).",
  cancelled: "it was cancelled by the program or the user",
  codeEmpty: "the code is empty. Pass the code that Telegram sent.",
  codeExpired:
    "the code has expired. Request a new one (Telegram voids a code that is typed into " +
    "a chat).",
  codeInvalid: "the code is wrong. Pass the newest code that Telegram sent.",
  codeNotSent: "Telegram could not send a code. Try again later.",
  daysInvalid: "Telegram does not take this number of days. Pass one from 1 to 366.",
  deviceUnknown:
    "the account is not signed in there (any more). Pass the hash of a listed session.",
  emailInvalid: "this is not an email address that Telegram takes. Pass one like you@example.com.",
  emailNotAllowed: "Telegram does not take this email address for signing in. Use another one.",
  emailNotSetUp: "the account has no email address for this. Use another way of signing in.",
  emailResetPending: "a reset of the login email is under way. Wait until the date in the token, " +
    "then request a new code.",
  emailSetUpRequired: "Telegram wants a login email first. Call setUpLoginEmail(), or pass " +
    "emailAddress and emailCode to start().",
  flood: "too many attempts",
  nameInvalid:
    "Telegram does not take this name. Pass a first name, and at most 64 characters in " +
    "each name.",
  otherAccount: "this session belongs to another account. Sign out first, or use another session.",
  otherSession: "the session has another auth key than the one that asked for the code. Use the " +
    "session that the token came with.",
  passportDataAtRisk:
    "the account's Telegram Passport data would be lost. Change the password in " +
    "an official app, or pass discardPassportData: true.",
  passkeyInvalid: "Telegram does not know this passkey. Use one that was made for the account.",
  passkeyOriginRefused:
    "Telegram takes passkeys of its own origins only. Use another way of signing in.",
  passwordChanged: "the password was changed meanwhile, or took too long to type. Try again.",
  passwordEmpty: "the password is empty. Pass the account's 2FA password.",
  passwordInvalid: "the 2FA password is wrong. Pass the one that was set in Telegram's settings.",
  passwordNeeded: "the account has a 2FA password. Pass it as well.",
  passwordNotSet: "the account has no 2FA password. Set one first.",
  passwordResetMissing: "no reset of the password is under way. Request one first.",
  passwordSettingsInvalid: "Telegram does not take these settings of the password. Try again.",
  paymentRequired: "Telegram wants to be paid for a code to this number. Use an official app.",
  phoneBanned: "Telegram has banned this phone number. Write to recover@telegram.org.",
  phoneInvalid:
    "this is not a phone number that Telegram knows. Pass the international form, like " +
    "+15551234567.",
  phoneOccupied: "an account has this phone number already. Sign in instead of signing up.",
  phonePasswordProtected:
    "the phone number is protected by a password. Use an official Telegram app.",
  phoneUnregistered: "no Telegram account has this phone number. Use one that has an account, or " +
    "pass firstAndLastNames to start() to sign up.",
  qrExpired: "the QR code has expired. Scan the newest one that the other device shows.",
  qrInvalid:
    "this is not a QR code for signing in. Pass the current tg://login?token=… of a device.",
  qrRefused:
    "Telegram does not take this QR code from this account, which is on the other device " +
    "already",
  qrUsed: "the QR code was approved already. Scan a new one.",
  recoveryUnavailable:
    "the account has no recovery email. Pass the password itself, or reset it on " +
    "a device that is signed in.",
  restartNeeded: "Telegram asks to begin again. Request a new code.",
  savedTokenInvalid: "this is not a saved token, or it is damaged or of another version of this " +
    "library. Request a new code.",
  sessionRevoked: "this session was ended, from another device or by Telegram. Sign in again.",
  signUpForbidden: "Telegram lets nobody sign up with this application. Use an official app.",
  signedOut: "this session is not signed in, or was signed out from another device. Sign in again.",
  termsNotAccepted: "Telegram's terms of service were not accepted. Show them to the person, and " +
    "pass acceptTerms: true if they are accepted.",
  tooFresh:
    "this session is too new to end others or to change how long they last. Try again a day " +
    "after its sign-in.",
  unsupported: "Telegram's answer is not known here. Update this library.",
  webTokenExpired: "the web token has expired, or was used already. Get a new one.",
};

/** Telegram's names, with their numbers cut off: https://core.telegram.org/api/auth */
const REASONS: Record<string, SignInErrorReason> = {
  ACCESS_TOKEN_EXPIRED: "botTokenInvalid",
  ACCESS_TOKEN_INVALID: "botTokenInvalid",
  API_ID_INVALID: "apiIdInvalid",
  API_ID_PUBLISHED_FLOOD: "apiIdInvalid",
  AUTH_KEY_DUPLICATED: "authKeyDuplicated",
  AUTH_KEY_INVALID: "signedOut",
  AUTH_KEY_UNREGISTERED: "signedOut",
  AUTH_RESTART: "restartNeeded",
  AUTH_TOKEN_ALREADY_ACCEPTED: "qrUsed",
  AUTH_TOKEN_EXCEPTION: "qrRefused",
  AUTH_TOKEN_EXPIRED: "qrExpired",
  AUTH_TOKEN_INVALID: "qrInvalid",
  AUTH_TOKEN_INVALID2: "qrInvalid",
  AUTH_TOKEN_INVALIDX: "qrInvalid",
  CODE_EMPTY: "codeEmpty",
  CODE_INVALID: "codeInvalid",
  CREDENTIAL_INVALID: "passkeyInvalid",
  EMAIL_HASH_EXPIRED: "codeExpired",
  EMAIL_INSTALL_MISSING: "emailNotSetUp",
  EMAIL_INVALID: "emailInvalid",
  EMAIL_NOT_ALLOWED: "emailNotAllowed",
  EMAIL_NOT_SETUP: "emailNotSetUp",
  EMAIL_VERIFY_EXPIRED: "codeExpired",
  FIRSTNAME_INVALID: "nameInvalid",
  FLOOD_PREMIUM_WAIT: "flood",
  FLOOD_TEST_PHONE_WAIT: "flood",
  FLOOD_WAIT: "flood",
  FRESH_RESET_AUTHORISATION_FORBIDDEN: "tooFresh",
  HASH_INVALID: "deviceUnknown",
  INPUT_USER_DEACTIVATED: "accountDeactivated",
  LASTNAME_INVALID: "nameInvalid",
  NEW_SALT_INVALID: "passwordSettingsInvalid",
  NEW_SETTINGS_EMPTY: "passwordNotSet",
  NEW_SETTINGS_INVALID: "passwordSettingsInvalid",
  PASSKEY_AUTH_RESTART: "restartNeeded",
  PASSKEY_ORIGIN_MISMATCH: "passkeyOriginRefused",
  PASSWORD_EMPTY: "passwordNotSet",
  PASSWORD_HASH_INVALID: "passwordInvalid",
  PASSWORD_RECOVERY_EXPIRED: "codeExpired",
  PASSWORD_RECOVERY_NA: "recoveryUnavailable",
  PHONE_CODE_EMPTY: "codeEmpty",
  PHONE_CODE_EXPIRED: "codeExpired",
  PHONE_CODE_HASH_EMPTY: "codeExpired",
  PHONE_CODE_INVALID: "codeInvalid",
  PHONE_HASH_EXPIRED: "codeExpired",
  PHONE_NUMBER_APP_SIGNUP_FORBIDDEN: "signUpForbidden",
  PHONE_NUMBER_BANNED: "phoneBanned",
  PHONE_NUMBER_FLOOD: "flood",
  PHONE_NUMBER_INVALID: "phoneInvalid",
  PHONE_NUMBER_OCCUPIED: "phoneOccupied",
  PHONE_NUMBER_UNOCCUPIED: "phoneUnregistered",
  PHONE_PASSWORD_FLOOD: "flood",
  PHONE_PASSWORD_PROTECTED: "phonePasswordProtected",
  RESET_REQUEST_MISSING: "passwordResetMissing",
  SEND_CODE_UNAVAILABLE: "codeNotSent",
  SESSION_EXPIRED: "sessionRevoked",
  SESSION_PASSWORD_NEEDED: "passwordNeeded",
  SESSION_REVOKED: "sessionRevoked",
  SIGN_IN_FAILED: "restartNeeded",
  SMS_CODE_CREATE_FAILED: "codeNotSent",
  SRP_ID_INVALID: "passwordChanged",
  SRP_PASSWORD_CHANGED: "passwordChanged",
  TASK_ALREADY_EXISTS: "emailResetPending",
  TTL_DAYS_INVALID: "daysInvalid",
  UPDATE_APP_TO_LOGIN: "appOutdated",
  USER_DEACTIVATED: "accountDeactivated",
  USER_DEACTIVATED_BAN: "accountDeactivated",
  WEBAUTH_TOKEN_EXPIRED: "webTokenExpired",
};

/** The details of a {@linkcode SignInError}. */
export interface SignInErrorOptions extends ErrorOptions {
  /** The step that failed, as it follows "Cannot"; "sign in" by default. */
  doing?: string;
  /** The rest of the text, where more is known than the reason. */
  text?: string;
}

/**
 * Thrown when signing in fails in a way that a program, or the person in front of it, can do
 * something about.
 *
 * @example
 * ```ts
 * import { SignInError } from "@tessera/mtproto";
 *
 * const error = new SignInError("codeExpired");
 * if (error.reason === "codeExpired") console.log(error.message); // says to request a new code
 * ```
 */
export class SignInError extends Error {
  /** Makes `instanceof` true for the errors of another copy of this library, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(value, this, SignInError, ["SignInError", "LoginCancelledError"]);
  }
  /** The name of the class. */
  override readonly name: string = "SignInError";
  /** The reason for which signing in failed. */
  readonly reason: SignInErrorReason;
  /**
   * Telegram's own name of the error, such as `"PHONE_CODE_INVALID"`, if the error came from there.
   */
  declare readonly errorMessage?: string;
  /** The number of Telegram's error, such as 400, if the error came from there. */
  declare readonly code?: number;
  /** How many seconds to wait, when Telegram says so. */
  declare readonly seconds?: number;

  /**
   * An error of this reason; its text says what to do next. `cause` is the `RpcError`, if there was
   * one.
   */
  constructor(reason: SignInErrorReason, options: SignInErrorOptions = {}) {
    const { cause, doing = "sign in", text = WHAT_TO_DO[reason] } = options;
    const rpc = cause instanceof RpcError ? cause : undefined;
    const wait = rpc?.seconds === undefined ? "" : ` Wait ${duration(rpc.seconds)}.`;
    const end = wait !== "" && !text.endsWith(".") ? "." : "";
    super(`Cannot ${doing}: ${text}${end}${wait}`, cause === undefined ? {} : { cause });
    this.reason = reason;
    if (rpc === undefined) return;
    this.errorMessage = rpc.errorMessage;
    this.code = rpc.code;
    if (rpc.seconds !== undefined) this.seconds = rpc.seconds;
  }
}

/**
 * Thrown when signing in was given up: `onError` said to stop, or the person did, at the terminal,
 * or another sign-in of the client was faster.
 *
 * @example
 * ```ts
 * import { LoginCancelledError } from "@tessera/mtproto";
 *
 * console.log(new LoginCancelledError().reason); // "cancelled"
 * ```
 */
export class LoginCancelledError extends SignInError {
  /** Makes `instanceof` true for the errors of another copy of this library, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(value, this, LoginCancelledError, ["LoginCancelledError"]);
  }
  /** The name of the class. */
  override readonly name: string = "LoginCancelledError";
  /** The name that GramJS's users know it by. */
  override readonly errorMessage: string = "AUTH_USER_CANCEL";

  /** An error that says that signing in was cancelled; `cause` is the error after which it was. */
  constructor(options?: SignInErrorOptions) {
    super("cancelled", options);
  }
}

/**
 * The sign-in error that an `RpcError` amounts to, or the error itself. `doing` follows "Cannot".
 */
export function toSignInError(error: unknown, doing: string): unknown {
  if (!(error instanceof RpcError)) return error;
  const name = Object.keys(REASONS).find((known) => error.is(known));
  return name === undefined ? error : new SignInError(REASONS[name], { cause: error, doing });
}
