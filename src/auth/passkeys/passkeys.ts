/**
 * Passkeys, by WebAuthn: signing in with one, making, listing and deleting them. https://core.telegram.org/api/passkeys
 * The passkey itself is asked by a function of the caller's, such as `navigator.credentials.get`; here is what Telegram says to
 * it and it says to Telegram. Experimental: Telegram takes passkeys of its own origins only, for now.
 */
import type { SignInContext, StepOptions } from "../context.ts";
import { loadSteps } from "../later.ts";
import type { PasswordToken } from "../tokens/tokens.ts";
import type { User } from "../user.ts";

/** A passkey of the account. */
export interface Passkey {
  /** Names it, for deleting it. */
  readonly id: string;
  /** What it is called in the list, as a rule after where it is kept. */
  readonly name: string;
  /** When it was made. */
  readonly createdAt: Date;
  /** When somebody signed in with it last. */
  readonly usedAt?: Date;
}

/** What a passkey answers, as `PublicKeyCredential.toJSON()` gives it: bytes are base64url. */
export interface PasskeyAnswer {
  /** The id of the passkey. */
  readonly id: string;
  /** The same. */
  readonly rawId: string;
  /** What it signed. */
  readonly response: {
    readonly clientDataJSON: string;
    /** When it is made. */
    readonly attestationObject?: string;
    /** When somebody signs in with it. */
    readonly authenticatorData?: string;
    readonly signature?: string;
    readonly userHandle?: string;
  };
}

/**
 * Asks a passkey: gets what WebAuthn calls `publicKey`, in its JSON form. In a browser that is
 * `PublicKeyCredential.parseRequestOptionsFromJSON(publicKey)` (or `parseCreationOptionsFromJSON`) for `navigator.credentials`.
 */
export type AskPasskey = (
  publicKey: Readonly<Record<string, unknown>>,
) => PasskeyAnswer | Promise<PasskeyAnswer>;

/**
 * Passkeys: what {@linkcode Client.passkeys} is.
 *
 * @experimental Telegram refuses passkeys of other origins than its own today, with the reason `"passkeyOriginRefused"`.
 */
export class Passkeys {
  readonly #context: SignInContext;

  /** The passkeys of whoever is signed in, or will be. Made by the client. */
  constructor(context: SignInContext) {
    this.#context = context;
  }

  /**
   * Signs in with a passkey. Gives the user, or a token if the account has a 2FA password.
   *
   * @throws {SignInError} `passkeyInvalid`, `passkeyOriginRefused`, `restartNeeded`, `apiIdInvalid` and others.
   */
  async signIn(ask: AskPasskey, options: StepOptions = {}): Promise<User | PasswordToken> {
    const { signInWithPasskey } = await loadSteps();
    return await signInWithPasskey(this.#context, ask, options);
  }

  /**
   * Makes a passkey for the account.
   *
   * @throws {SignInError} `passkeyInvalid`, `passkeyOriginRefused`, `tooFresh`, `signedOut` and others.
   */
  async register(ask: AskPasskey, options: StepOptions = {}): Promise<Passkey> {
    const { registerPasskey } = await loadSteps();
    return await registerPasskey(this.#context, ask, options);
  }

  /** The passkeys of the account. */
  async list(options: StepOptions = {}): Promise<Passkey[]> {
    const { listPasskeys } = await loadSteps();
    return await listPasskeys(this.#context, options);
  }

  /** Deletes a passkey of the account. Nobody can sign in with it any more. Gives whether there was one. */
  async delete(passkey: string | Pick<Passkey, "id">, options: StepOptions = {}): Promise<boolean> {
    const { deletePasskey } = await loadSteps();
    return await deletePasskey(this.#context, passkey, options);
  }
}
