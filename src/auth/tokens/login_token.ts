/**
 * The token for a login code that is on its way. https://core.telegram.org/api/auth
 */
import { censor } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { censorPhone } from "../input/phone.ts";
import type { User } from "../user.ts";
import {
  type CodeDelivery,
  type CodeDetails,
  readCodeType,
  readPayment,
  readSentCodeType,
} from "./code_delivery.ts";
import { notAToken, type OpenedToken } from "./opened_token.ts";
import type { PasswordToken } from "./password_token.ts";
import { packToken } from "./saved_token.ts";
import type { TokenOrigin } from "./token_origin.ts";

/**
 * The answer to a request for a code: the code is on its way, must be paid for, or is not needed.
 */
export type CodeAnswer = Api.auth.sentCode | Api.auth.sentCodePaymentRequired | CodeNotNeeded;

/** The outcome of a sign-in that needs no code. */
export interface CodeNotNeeded {
  /** Tells it apart from Telegram's answers. */
  readonly _: "notNeeded";
  /** The user, or the token for the missing password. */
  readonly outcome: User | PasswordToken;
}

/**
 * Returns the private part of a token. Throws a `TypeError` for a value that is no `LoginToken`.
 */
export let openLoginToken: (token: LoginToken) => OpenedToken<string>;

/**
 * The token for a login code that is on its way: {@linkcode Client.requestLoginCode} returns it,
 * and {@linkcode Client.signIn} takes it. `delivery` has the details of the code. Printing the
 * token shows no more than two digits of the phone number.
 */
export class LoginToken {
  /** Tells this token apart from the other outcomes of a step. */
  readonly kind = "login";
  /** The phone number that the code was requested for. */
  readonly phone: string;
  /** The way that the code took, with its details. */
  readonly delivery: CodeDetails;
  /** The way that the next code would take, if there is one: see {@linkcode Client.resendCode}. */
  readonly nextBy?: CodeDelivery;
  /** Seconds until the next code can be requested. */
  readonly timeout?: number;
  /** The outcome of the sign-in, when no code is needed (`deliveredBy` is `"notNeeded"`). */
  readonly outcome?: User | PasswordToken;
  readonly #phoneCodeHash: string;
  readonly #sent: CodeAnswer;
  readonly #origin?: TokenOrigin;

  static {
    censor(this.prototype);
    openLoginToken = (token) => {
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

  /** The way that the code took. `"app"`: it is in Telegram, on a device that is signed in. */
  get deliveredBy(): CodeDelivery {
    return this.delivery.by;
  }

  /** The number of digits of the code, where Telegram names it. */
  get codeLength(): number | undefined {
    return "length" in this.delivery ? this.delivery.length : undefined;
  }

  /**
   * Returns this token as one line of text, for {@linkcode Client.resumeLogin} in another process.
   * It is good only with this client's session: save that as well. Keep both secret.
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

  /** Returns the parts that may be shown. */
  toJSON(): Record<string, unknown> {
    const { kind, phone, deliveredBy, codeLength, nextBy, timeout } = this;
    return { kind, phone: censorPhone(phone), deliveredBy, codeLength, nextBy, timeout };
  }
}
