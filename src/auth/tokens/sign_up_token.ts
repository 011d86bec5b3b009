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
 * The token for a phone number that has no account, after its code was right:
 * {@linkcode Client.signIn} returns it, and {@linkcode Client.signUp} takes it. The other ways of
 * signing in need an account, and never return one. Printing it shows no more than two digits of
 * the phone number.
 */
export class SignUpToken {
  /** Tells this token apart from the other outcomes of a step. */
  readonly kind = "signUp";
  /** The phone number that has no account. */
  readonly phone: string;
  /** Telegram's terms of service, if it sent them. The person must accept them to sign up. */
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
   * Returns this token as one line of text, for {@linkcode Client.resumeLogin} in another process.
   * It is good only with this client's session: save that as well. Keep both secret.
   */
  save(): string {
    const texts = [this.phone, this.#phoneCodeHash];
    return packToken({ kind: this.kind, origin: this.#origin, texts, answer: this.#answer });
  }

  /** Returns the parts that may be shown. */
  toJSON(): Record<string, unknown> {
    return { kind: this.kind, phone: censorPhone(this.phone) };
  }
}
