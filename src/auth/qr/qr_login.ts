/**
 * A sign-in by QR code as a program holds it: codes that come one after another, and what came of it in the end.
 */
import { anySignal } from "../../runtime/mod.ts";
import type { SignInContext } from "../context.ts";
import { LoginCancelledError } from "../errors.ts";
import { showQrCodes } from "../later.ts";
import type { QrCode, QrLoginOptions } from "./show_qr_codes.ts";
import type { PasswordToken } from "../tokens/tokens.ts";
import type { User } from "../user.ts";

/**
 * A sign-in by QR code, under way: what {@linkcode Client.qrLogin} gives. Iterate over it for the codes, the newest one when
 * several came meanwhile; the iteration ends when one was approved, and throws when signing in failed. Leaving the loop early
 * cancels the sign-in.
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
  /** What came of it: the user, or a token if the account has a 2FA password. Rejects with what went wrong. */
  readonly result: Promise<User | PasswordToken>;
  readonly #left = new AbortController();
  #newest: QrCode | undefined;
  #isOver = false;
  #changed: PromiseWithResolvers<void> = Promise.withResolvers();

  /** Begins at once. */
  constructor(context: SignInContext, options: QrLoginOptions = {}) {
    const { signal } = options;
    const both = anySignal(signal, this.#left.signal);
    const show = (code: QrCode): void => {
      this.#newest = code;
      this.#change();
    };
    this.result = showQrCodes(context, show, { ...options, signal: both });
    const end = (): void => {
      this.#isOver = true;
      this.#change();
    };
    this.result.then(end, end); // a program that looks at the codes only is thrown the error there
  }

  /** The codes, from the newest one on. */
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
