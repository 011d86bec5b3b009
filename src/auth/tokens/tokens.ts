/**
 * What the steps of signing in hand to each other. A step gives a token, the next one takes it; what is secret in it
 * (Telegram's hash of the code, the password's parameters) can neither be read nor printed.
 * https://core.telegram.org/api/auth
 */
import { censor } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import {
  type CodeDelivery,
  type CodeDetails,
  readCodeType,
  readPayment,
  readSentCodeType,
} from "./code_delivery.ts";
import { censorPhone } from "../input/phone.ts";
import { packToken, type TokenOrigin } from "./saved_token.ts";
import type { User } from "../user.ts";

/** What a request for a code gave: the code is on its way, must be paid for, or is not needed. */
export type CodeAnswer = Api.auth.sentCode | Api.auth.sentCodePaymentRequired | CodeNotNeeded;

/** No code is needed: this is what signing in gave at once. */
export interface CodeNotNeeded {
  /** Tells it from Telegram's own answers. */
  readonly _: "notNeeded";
  /** The user, or what is still missing. */
  readonly outcome: User | PasswordToken;
}

/** What nobody can read of a token but the steps. */
export interface OpenedToken<Secret> {
  /** Where the token comes from; undefined if no client made it. */
  readonly origin?: TokenOrigin;
  /** Telegram's hash of the code, or the parameters that a password is proved with. */
  readonly secret: Secret;
}

let openLogin: (token: LoginToken) => OpenedToken<string>;
let openSignUp: (token: SignUpToken) => OpenedToken<string>;
let openPassword: (token: PasswordToken) => OpenedToken<Api.account.password>;
let writeSrp: (token: PasswordToken, password: Api.account.password) => void;

/**
 * A login code is on its way: what {@linkcode Client.requestLoginCode} gives and {@linkcode Client.signIn} takes.
 * `delivery` tells all that is known of the code; `deliveredBy` and `codeLength` the most of it. Made by the client; printing
 * it shows no more than two digits of the phone number.
 */
export class LoginToken {
  /** Tells this token from the other outcomes of a step. */
  readonly kind = "login";
  /** The phone number that the code was requested for. */
  readonly phone: string;
  /** Which way the code went, and what is known of it there. */
  readonly delivery: CodeDetails;
  /** Which way the next code would go, if there is another way: see {@linkcode Client.resendCode}. */
  readonly nextBy?: CodeDelivery;
  /** After how many seconds the next code can be asked for. */
  readonly timeout?: number;
  /** What signing in gave at once, when no code is needed (`deliveredBy` is `"notNeeded"`). */
  readonly outcome?: User | PasswordToken;
  readonly #phoneCodeHash: string;
  readonly #sent: CodeAnswer;
  readonly #origin?: TokenOrigin;

  static {
    censor(this.prototype);
    openLogin = (token) => {
      if (!(#phoneCodeHash in Object(token))) throw notAToken("LoginToken");
      return { origin: token.#origin, secret: token.#phoneCodeHash };
    };
  }

  /** From Telegram's answer to `auth.sendCode`, and the data center and key that asked. */
  constructor(phone: string, sent: CodeAnswer, origin?: TokenOrigin) {
    this.phone = phone;
    this.#sent = sent;
    this.#origin = origin;
    this.#phoneCodeHash = sent._ === "notNeeded" ? "" : sent.phoneCodeHash;
    if (sent._ === "auth.sentCode") {
      this.delivery = readSentCodeType(sent.type);
      if (sent.nextType !== undefined) this.nextBy = readCodeType(sent.nextType);
      this.timeout = sent.timeout;
    } else if (sent._ === "notNeeded") {
      this.delivery = { by: "notNeeded" };
      this.outcome = sent.outcome;
    } else {
      this.delivery = readPayment(sent);
    }
  }

  /** Which way the code went. `"app"`: look in Telegram, on a device that is signed in. */
  get deliveredBy(): CodeDelivery {
    return this.delivery.by;
  }

  /** How many digits the code has, where Telegram says so. */
  get codeLength(): number | undefined {
    return "length" in this.delivery ? this.delivery.length : undefined;
  }

  /**
   * This token as one line of text, for {@linkcode Client.resumeLogin} in another process. It is good only with this
   * client's session, which has to be kept as well. Keep both secret.
   */
  save(): string {
    const { kind, phone, outcome } = this;
    if (outcome?.kind === "password") return outcome.save();
    if (this.#sent._ === "notNeeded") {
      throw new TypeError(
        "Cannot save the login token: it signed in, expected the session to be saved",
      );
    }
    return packToken({ kind, origin: this.#origin, texts: [phone], answer: this.#sent });
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
  readonly #origin?: TokenOrigin;

  static {
    censor(this.prototype);
    openPassword = (token) => {
      if (!(#password in Object(token))) throw notAToken("PasswordToken");
      return { origin: token.#origin, secret: token.#password };
    };
    writeSrp = (token, password) => {
      token.#password = password;
    };
  }

  /** From Telegram's answer to `account.getPassword`, and the data center and key that asked. */
  constructor(password: Api.account.password, origin?: TokenOrigin) {
    this.#password = password;
    this.#origin = origin;
  }

  /** The hint that the person left for remembering the password, if any. */
  get hint(): string | undefined {
    return this.#password.hint;
  }

  /** Whether there is an email address by which the password can be recovered. */
  get hasRecovery(): boolean {
    return this.#password.hasRecovery ?? false;
  }

  /**
   * This token as one line of text, for {@linkcode Client.resumeLogin} in another process. It is good only with this
   * client's session, which has to be kept as well. Keep both secret.
   */
  save(): string {
    return packToken({ kind: this.kind, origin: this.#origin, texts: [], answer: this.#password });
  }

  /** What may be shown of it: not even the hint. */
  toJSON(): Record<string, unknown> {
    return { kind: this.kind, hasRecovery: this.hasRecovery };
  }
}

/**
 * The code was right, and no account has the phone number: what {@linkcode Client.signIn} gives then, and
 * {@linkcode Client.signUp} takes. No other step gives one: signing up takes a phone number and its code, and whoever approves a
 * QR code, or has a web token or a passkey, has an account already. Made by the client; printing it shows no more than two
 * digits of the phone number.
 */
export class SignUpToken {
  /** Tells this token from the other outcomes of a step. */
  readonly kind = "signUp";
  /** The phone number that has no account. */
  readonly phone: string;
  /** Telegram's terms of service, which the person must accept to sign up, if Telegram gave them. */
  readonly termsOfService?: Api.help.termsOfService;
  readonly #phoneCodeHash: string;
  readonly #answer: Api.auth.authorizationSignUpRequired;
  readonly #origin?: TokenOrigin;

  static {
    censor(this.prototype);
    openSignUp = (token) => {
      if (!(#phoneCodeHash in Object(token))) throw notAToken("SignUpToken");
      return { origin: token.#origin, secret: token.#phoneCodeHash };
    };
  }

  /** From Telegram's answer to `auth.signIn`, and the hash of the code that was entered. */
  constructor(
    phone: string,
    answer: Api.auth.authorizationSignUpRequired,
    phoneCodeHash: string,
    origin?: TokenOrigin,
  ) {
    this.phone = phone;
    this.#answer = answer;
    this.#origin = origin;
    this.termsOfService = answer.termsOfService;
    this.#phoneCodeHash = phoneCodeHash;
  }

  /**
   * This token as one line of text, for {@linkcode Client.resumeLogin} in another process. It is good only with this
   * client's session, which has to be kept as well. Keep both secret.
   */
  save(): string {
    const texts = [this.phone, this.#phoneCodeHash];
    return packToken({ kind: this.kind, origin: this.#origin, texts, answer: this.#answer });
  }

  /** What may be shown of it. */
  toJSON(): Record<string, unknown> {
    return { kind: this.kind, phone: censorPhone(this.phone) };
  }
}

/** A token that went through JSON, or was saved and not resumed, is none any more. */
function notAToken(kind: string): TypeError {
  return new TypeError(
    `Cannot go on with signing in: this is no ${kind}, expected what a step gave, or resumeLogin() of what save() gave`,
  );
}

/** Opens a token of a code that was requested. Throws a `TypeError` for what is none. */
export function openCodeToken(token: LoginToken | SignUpToken): OpenedToken<string> {
  return token?.kind === "signUp" ? openSignUp(token) : openLogin(token);
}

/** Opens the token for a password. Throws a `TypeError` for what is none. */
export function openPasswordToken(token: PasswordToken): OpenedToken<Api.account.password> {
  return openPassword(token);
}

/** Gives a token fresh parameters. */
export function refreshPassword(token: PasswordToken, password: Api.account.password): void {
  writeSrp(token, password);
}
