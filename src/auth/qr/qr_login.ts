/**
 * A sign-in by QR code as a program holds it: the codes, one after another, and the outcome.
 * The protocol is in show_qr_codes.ts.
 */
import { checkFields, withAnySignal } from "../../runtime/mod.ts";
import type { SignInContext } from "../context.ts";
import { LoginCancelledError } from "../errors.ts";
import type { PasswordToken } from "../tokens/password_token.ts";
import type { User } from "../user.ts";
import type { QrCode, QrLoginOptions } from "./qr_code.ts";

/**
 * A sign-in by QR code that is under way: {@linkcode Client.qrLogin} returns it. Iterate over it
 * for the codes, and show each one. The iteration ends when a code was approved, and throws when
 * signing in failed. Leaving the loop early cancels the sign-in.
 *
 * @example
 * ```ts
 * import { Client, StringSession } from "@tessera/mtproto";
 * import { OfflineTelegram } from "@tessera/mtproto/testing";
 *
 * await using telegram = new OfflineTelegram();
 * const { apiId, apiHash, clientOptions } = telegram;
 * await using phone = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
 * await phone.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
 *
 * await using client = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
 * const login = client.qrLogin();
 * for await (const code of login) {
 *   await phone.acceptQr(code.url); // instead: show code.url as a QR code
 * }
 * const outcome = await login.result; // the user, or a token for checkPassword()
 * console.log(outcome.kind); // user
 * ```
 */
export class QrLogin implements AsyncIterable<QrCode> {
  /**
   * The outcome: the user, or a token if the account has a 2FA password. Rejects when signing in
   * fails.
   */
  readonly result: Promise<User | PasswordToken>;
  readonly #left = new AbortController();
  #newest: QrCode | undefined;
  #isOver = false;
  #changed: PromiseWithResolvers<void> = Promise.withResolvers();

  /** Begins to sign in. */
  constructor(context: SignInContext, options: QrLoginOptions = {}) {
    checkFields("sign in by QR code", options, ["exceptIds", "signal"]);
    const show = (code: QrCode): void => {
      this.#newest = code;
      this.#change();
    };
    this.result = withAnySignal(this.#left.signal, options.signal, async (signal) => {
      const { showQrCodes } = await import("../person/mod.ts");
      return await showQrCodes(context, show, { ...options, signal });
    });
    const end = (): void => {
      this.#isOver = true;
      this.#change();
    };
    this.result.then(end, end); // a program that only iterates is thrown the error there
  }

  /** Yields the codes, from the newest one on. */
  async *[Symbol.asyncIterator](): AsyncGenerator<QrCode, void, void> {
    let seen: QrCode | undefined;
    try {
      while (!this.#isOver) {
        const changed = this.#changed.promise;
        if (this.#newest !== undefined && this.#newest !== seen) yield seen = this.#newest;
        else await changed;
      }
      await this.result;
    } finally {
      if (!this.#isOver) this.#left.abort(new LoginCancelledError({ doing: "sign in by QR code" }));
    }
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
