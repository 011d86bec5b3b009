/**
 * What the steps of signing in hand to each other. A step gives a token, the next one takes it; what is secret in it
 * (Telegram's hash of the code, the password's parameters) can neither be read nor printed.
 * https://core.telegram.org/api/auth
 */
import { censor } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";
import { censorPhone } from "./phone.ts";

/** Which way a code goes to the person who signs in. */
export type CodeDelivery =
  | "app"
  | "sms"
  | "call"
  | "flashCall"
  | "missedCall"
  | "email"
  | "emailSetUpRequired"
  | "fragment"
  | "firebase"
  | "smsWord"
  | "smsPhrase";

const DELIVERIES: Record<Api.auth.SentCodeType["_"] | Api.auth.CodeType["_"], CodeDelivery> = {
  "auth.sentCodeTypeApp": "app",
  "auth.sentCodeTypeSms": "sms",
  "auth.sentCodeTypeCall": "call",
  "auth.sentCodeTypeFlashCall": "flashCall",
  "auth.sentCodeTypeMissedCall": "missedCall",
  "auth.sentCodeTypeEmailCode": "email",
  "auth.sentCodeTypeSetUpEmailRequired": "emailSetUpRequired",
  "auth.sentCodeTypeFragmentSms": "fragment",
  "auth.sentCodeTypeFirebaseSms": "firebase",
  "auth.sentCodeTypeSmsWord": "smsWord",
  "auth.sentCodeTypeSmsPhrase": "smsPhrase",
  "auth.codeTypeSms": "sms",
  "auth.codeTypeCall": "call",
  "auth.codeTypeFlashCall": "flashCall",
  "auth.codeTypeMissedCall": "missedCall",
  "auth.codeTypeFragmentSms": "fragment",
};

let readCodeHash: (token: LoginToken) => string;
let readSrp: (token: PasswordToken) => Api.account.password;
let writeSrp: (token: PasswordToken, password: Api.account.password) => void;

/**
 * A login code is on its way: what {@linkcode Client.requestLoginCode} gives and {@linkcode Client.signIn} takes.
 * Made by the client; printing it shows no more than two digits of the phone number.
 */
export class LoginToken {
  /** Tells this token from the other outcomes of a step. */
  readonly kind = "login";
  /** The phone number that the code was requested for. */
  readonly phone: string;
  /** Which way the code went. `"app"`: look in Telegram, on a device that is signed in. */
  readonly deliveredBy: CodeDelivery;
  /** How many digits or letters the code has, where Telegram says so. */
  readonly codeLength?: number;
  /** Which way the next code would go, if there is another way. */
  readonly nextBy?: CodeDelivery;
  /** After how many seconds the next code can be asked for. */
  readonly timeout?: number;
  readonly #phoneCodeHash: string;

  static {
    censor(this.prototype);
    readCodeHash = (token) => token.#phoneCodeHash;
  }

  /** From Telegram's answer to `auth.sendCode`. */
  constructor(phone: string, sent: Api.auth.sentCode) {
    this.phone = phone;
    this.deliveredBy = DELIVERIES[sent.type._];
    if ("length" in sent.type) this.codeLength = sent.type.length;
    if (sent.nextType !== undefined) this.nextBy = DELIVERIES[sent.nextType._];
    this.timeout = sent.timeout;
    this.#phoneCodeHash = sent.phoneCodeHash;
  }

  /** What may be shown of it. */
  toJSON(): Record<string, unknown> {
    const { kind, phone, deliveredBy, codeLength, nextBy, timeout } = this;
    return { kind, phone: censorPhone(phone), deliveredBy, codeLength, nextBy, timeout };
  }
}

/**
 * The code was right, and the account has a 2FA password: what {@linkcode Client.signIn} gives and
 * {@linkcode Client.checkPassword} takes. Made by the client; printing it shows nothing of the password.
 */
export class PasswordToken {
  /** Tells this token from the other outcomes of a step. */
  readonly kind = "password";
  #password: Api.account.password;

  static {
    censor(this.prototype);
    readSrp = (token) => token.#password;
    writeSrp = (token, password) => {
      token.#password = password;
    };
  }

  /** From Telegram's answer to `account.getPassword`. */
  constructor(password: Api.account.password) {
    this.#password = password;
  }

  /** The hint that the person left for remembering the password, if any. */
  get hint(): string | undefined {
    return this.#password.hint;
  }

  /** Whether there is an email address by which the password can be recovered. */
  get hasRecovery(): boolean {
    return this.#password.hasRecovery ?? false;
  }

  /** What may be shown of it: not even the hint. */
  toJSON(): Record<string, unknown> {
    return { kind: this.kind, hasRecovery: this.hasRecovery };
  }
}

/**
 * The code was right, and no account has the phone number: what {@linkcode Client.signIn} gives then.
 * Made by the client; printing it shows no more than two digits of the phone number.
 */
export class SignUpToken {
  /** Tells this token from the other outcomes of a step. */
  readonly kind = "signUp";
  /** The phone number that has no account. */
  readonly phone: string;
  /** Telegram's terms of service, which the person must accept to sign up, if Telegram gave them. */
  readonly termsOfService?: Api.help.termsOfService;

  static {
    censor(this.prototype);
  }

  /** From Telegram's answer to `auth.signIn`. */
  constructor(phone: string, answer: Api.auth.authorizationSignUpRequired) {
    this.phone = phone;
    this.termsOfService = answer.termsOfService;
  }

  /** What may be shown of it. */
  toJSON(): Record<string, unknown> {
    return { kind: this.kind, phone: censorPhone(this.phone) };
  }
}

/** Telegram's hash of a code that was requested. */
export function phoneCodeHashOf(token: LoginToken): string {
  return readCodeHash(token);
}

/** The parameters that a password is proved with. */
export function passwordOf(token: PasswordToken): Api.account.password {
  return readSrp(token);
}

/** Gives a token fresh parameters. */
export function refreshPassword(token: PasswordToken, password: Api.account.password): void {
  writeSrp(token, password);
}
