/**
 * The token for a phone number that has no account yet.
 * https://core.telegram.org/method/auth.signUp
 */
import { censor } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { censorPhone } from "../input/phone.ts";
import { notAToken, type OpenedToken } from "./opened_token.ts";
import { packToken } from "./saved_token.ts";
import type { TokenOrigin } from "./token_origin.ts";

/**
 * Returns the private part of a token. Throws a `TypeError` for a value that is no `SignUpToken`.
 */
export let openSignUpToken: (token: SignUpToken) => OpenedToken<string>;

/**
 * The code was right, and no account has the phone number: what {@linkcode Client.signIn} gives
 * then, and {@linkcode Client.signUp} takes. No other step gives one: signing up takes a phone
 * number and its code, and whoever approves a QR code, or has a web token or a passkey, has an
 * account already. Made by the client; printing it shows no more than two digits of the phone
 * number.
 */
export class SignUpToken {
  /** Tells this token from the other outcomes of a step. */
  readonly kind = "signUp";
  /** The phone number that has no account. */
  readonly phone: string;
  /**
   * Telegram's terms of service, which the person must accept to sign up, if Telegram gave them.
   */
  readonly termsOfService?: Api.help.termsOfService;
  readonly #phoneCodeHash: string;
  readonly #answer: Api.auth.authorizationSignUpRequired;
  readonly #origin?: TokenOrigin;

  static {
    censor(this.prototype);
    openSignUpToken = (token) => {
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
   * This token as one line of text, for {@linkcode Client.resumeLogin} in another process. It is
   * good only with this client's session, which has to be kept as well. Keep both secret.
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
