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

/** No code is needed: this is what signing in gave at once. */
export interface CodeNotNeeded {
  /** Tells it from Telegram's own answers. */
  readonly _: "notNeeded";
  /** The user, or what is still missing. */
  readonly outcome: User | PasswordToken;
}

/**
 * Returns the private part of a token. Throws a `TypeError` for a value that is no `LoginToken`.
 */
export let openLoginToken: (token: LoginToken) => OpenedToken<string>;

/**
 * A login code is on its way: what {@linkcode Client.requestLoginCode} gives and
 * {@linkcode Client.signIn} takes. `delivery` tells all that is known of the code; `deliveredBy`
 * and `codeLength` the most of it. Made by the client; printing it shows no more than two digits of
 * the phone number.
 */
export class LoginToken {
  /** Tells this token from the other outcomes of a step. */
  readonly kind = "login";
  /** The phone number that the code was requested for. */
  readonly phone: string;
  /** Which way the code went, and what is known of it there. */
  readonly delivery: CodeDetails;
  /**
   * Which way the next code would go, if there is another way: see {@linkcode Client.resendCode}.
   */
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

  /** Which way the code went. `"app"`: look in Telegram, on a device that is signed in. */
  get deliveredBy(): CodeDelivery {
    return this.delivery.by;
  }

  /** How many digits the code has, where Telegram says so. */
  get codeLength(): number | undefined {
    return "length" in this.delivery ? this.delivery.length : undefined;
  }

  /**
   * This token as one line of text, for {@linkcode Client.resumeLogin} in another process. It is
   * good only with this client's session, which has to be kept as well. Keep both secret.
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
