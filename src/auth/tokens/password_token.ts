/**
 * The token for the 2FA password. https://core.telegram.org/api/srp
 */
import { censor } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { notAToken, type OpenedToken } from "./opened_token.ts";
import { packToken } from "./saved_token.ts";
import type { TokenOrigin } from "./token_origin.ts";

/**
 * Returns the private part of a token. Throws a `TypeError` for a value that is no `PasswordToken`.
 */
export let openPasswordToken: (token: PasswordToken) => OpenedToken<Api.account.password>;
/** Replaces the parameters of a token by fresh ones. */
export let refreshPasswordToken: (token: PasswordToken, password: Api.account.password) => void;

/**
 * The token for the 2FA password, after the code was right: {@linkcode Client.signIn} returns it,
 * and {@linkcode Client.checkPassword} takes it. Printing it shows nothing of the password.
 */
export class PasswordToken {
  /** Tells this token apart from the other outcomes of a step. */
  readonly kind = "password";
  #password: Api.account.password;
  readonly #origin?: TokenOrigin;

  static {
    censor(this.prototype);
    openPasswordToken = (token) => {
      if (!(#password in Object(token))) throw notAToken("PasswordToken");
      return { origin: token.#origin, secret: token.#password };
    };
    refreshPasswordToken = (token, password) => {
      token.#password = password;
    };
  }

  /** From Telegram's answer to `account.getPassword`, and the data center and key that asked. */
  constructor(password: Api.account.password, origin?: TokenOrigin) {
    this.#password = password;
    this.#origin = origin;
  }

  /** The reminder of the password, if the person chose one. */
  get hint(): string | undefined {
    return this.#password.hint;
  }

  /** Whether the password can be recovered by email. */
  get hasRecovery(): boolean {
    return this.#password.hasRecovery ?? false;
  }

  /**
   * Returns this token as one line of text, for {@linkcode Client.resumeLogin} in another process.
   * It is good only with this client's session: save that as well. Keep both secret.
   */
  save(): string {
    return packToken({ kind: this.kind, origin: this.#origin, texts: [], answer: this.#password });
  }

  /** Returns the parts that may be shown. The hint is not one of them. */
  toJSON(): Record<string, unknown> {
    return { kind: this.kind, hasRecovery: this.hasRecovery };
  }
}
