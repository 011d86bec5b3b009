/**
 * Passkeys, by WebAuthn: signing in with one, making, listing and deleting them.
 * https://core.telegram.org/api/passkeys A function of the program asks the passkey itself, such as
 * `navigator.credentials.get`. Experimental: Telegram takes passkeys of its own origins only, for
 * now.
 */
import { moveToAccount } from "../../connection/mod.ts";
import { decodeBase64, decodeUtf8 } from "../../crypto/mod.ts";
import { abortable, withAnySignal } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { MethodCall, SignInContext, StepOptions } from "../context.ts";
import { finishSignIn } from "../current_user.ts";
import { dateOf } from "../date.ts";
import { SignInError } from "../errors.ts";
import { invokeFirst, invokeStep } from "../invoke_step.ts";
import { orPasswordToken } from "../password/parameters.ts";
import type { PasswordToken } from "../tokens/password_token.ts";
import { originOf } from "../tokens/token_origin.ts";
import type { User } from "../user.ts";

/** A passkey of the account. */
export interface Passkey {
  /** The id by which it is deleted. */
  readonly id: string;
  /** Its name in the list, as a rule that of the place where it is kept. */
  readonly name: string;
  /** When it was made. */
  readonly createdAt: Date;
  /** When it was last used to sign in. */
  readonly usedAt?: Date;
}

/** The answer of a passkey, in the form of `PublicKeyCredential.toJSON()`: bytes are base64url. */
export interface PasskeyAnswer {
  /** The id of the passkey. */
  readonly id: string;
  /** The same id. */
  readonly rawId: string;
  /** The signed data. */
  readonly response: {
    readonly clientDataJSON: string;
    /** Present when the passkey is made. */
    readonly attestationObject?: string;
    /** Present when the passkey signs in. */
    readonly authenticatorData?: string;
    readonly signature?: string;
    readonly userHandle?: string;
  };
}

/**
 * Asks a passkey. It is passed the `publicKey` of WebAuthn in its JSON form. In a browser that is
 * `PublicKeyCredential.parseRequestOptionsFromJSON(publicKey)` (or `parseCreationOptionsFromJSON`)
 * for `navigator.credentials`.
 */
export type AskPasskey = (
  publicKey: Readonly<Record<string, unknown>>,
) => PasskeyAnswer | Promise<PasskeyAnswer>;

/**
 * Passkeys: `client.passkeys`.
 *
 * @experimental Telegram refuses passkeys of other origins than its own today, with the reason
 * `"passkeyOriginRefused"`.
 */
export class Passkeys {
  readonly #context: SignInContext;

  /** Made by the client. */
  constructor(context: SignInContext) {
    this.#context = context;
  }

  /**
   * Signs in with a passkey. Returns the user, or a token if the account has a 2FA password.
   *
   * @throws {SignInError} `passkeyInvalid`, `passkeyOriginRefused`, `restartNeeded`, `apiIdInvalid`
   * and others.
   */
  async signIn(ask: AskPasskey, options: StepOptions = {}): Promise<User | PasswordToken> {
    const context = this.#context;
    return await orPasswordToken(
      context,
      "sign in with a passkey",
      options,
      async () => await finishSignIn(context, await this.#login(ask, options), options),
    );
  }

  /**
   * Makes a passkey for the account.
   *
   * @throws {SignInError} `passkeyInvalid`, `passkeyOriginRefused`, `tooFresh`, `signedOut` and
   * others.
   */
  async register(ask: AskPasskey, options: StepOptions = {}): Promise<Passkey> {
    const doing = "make a passkey";
    const init = { _: "account.initPasskeyRegistration" } as const;
    const { options: asked } = await invokeStep(this.#context, init, doing, options);
    const { id, rawId, response } = await answerOf(this.#context, ask, asked, options);
    const credential: Api.InputPasskeyCredential = {
      _: "inputPasskeyCredentialPublicKey",
      id,
      rawId,
      response: {
        _: "inputPasskeyResponseRegister",
        clientData: { _: "dataJSON", data: textOf(response.clientDataJSON) },
        attestationData: bytesOf(response.attestationObject),
      },
    };
    const request = { _: "account.registerPasskey", credential } as const;
    return passkeyOf(await invokeStep(this.#context, request, doing, options));
  }

  /** Lists the passkeys of the account. */
  async list(options: StepOptions = {}): Promise<Passkey[]> {
    const request = { _: "account.getPasskeys" } as const;
    const { passkeys } = await invokeStep(this.#context, request, "list passkeys", options);
    return passkeys.map(passkeyOf);
  }

  /**
   * Deletes a passkey of the account: it cannot sign in any more. Returns whether there was one.
   */
  async delete(passkey: string | Pick<Passkey, "id">, options: StepOptions = {}): Promise<boolean> {
    const id = typeof passkey === "string" ? passkey : passkey.id;
    const request = { _: "account.deletePasskey", id } as const;
    return await invokeStep(this.#context, request, "delete a passkey", options);
  }

  async #login(ask: AskPasskey, options: StepOptions): Promise<Api.auth.Authorization> {
    const context = this.#context;
    const { apiId, apiHash, session } = context;
    const init = { _: "auth.initPasskeyLogin", apiId, apiHash } as const;
    const { options: asked } = await invokeFirst(context, init, options);
    const asking = originOf(session.state);
    const { id, rawId, response } = await answerOf(context, ask, asked, options);
    const userHandle = textOf(response.userHandle);
    const credential: Api.InputPasskeyCredential = {
      _: "inputPasskeyCredentialPublicKey",
      id,
      rawId,
      response: {
        _: "inputPasskeyResponseLogin",
        clientData: { _: "dataJSON", data: textOf(response.clientDataJSON) },
        authenticatorData: bytesOf(response.authenticatorData),
        signature: bytesOf(response.signature),
        userHandle,
      },
    };
    const finish: MethodCall<"auth.finishPasskeyLogin"> = {
      _: "auth.finishPasskeyLogin",
      credential,
    };
    const dcId = dcOf(userHandle);
    if (dcId !== undefined && dcId !== session.state.dcId) {
      await moveToAccount(context, dcId, options.signal);
      // The account's data center has to know which session was given the challenge.
      finish.fromDcId = asking?.dcId;
      finish.fromAuthKeyId = asking && longOf(asking.authKeyId);
    }
    return await context.invoke(finish, options);
  }
}

async function answerOf(
  { lifetime }: SignInContext,
  ask: AskPasskey,
  { data }: Api.DataJSON,
  options: StepOptions,
): Promise<PasskeyAnswer> {
  const answer: PasskeyAnswer | null = await withAnySignal(
    lifetime,
    options.signal,
    (signal) => abortable(Promise.resolve(ask(publicKeyOf(data))), signal),
  );
  // `navigator.credentials.get()` returns null where there is no passkey.
  if (typeof answer?.response === "object" && answer.response !== null) return answer;
  throw new SignInError("passkeyInvalid", { doing: "use a passkey" });
}

/** Reads the `publicKey` of WebAuthn. An error does not quote it. */
function publicKeyOf(json: string): Record<string, unknown> {
  try {
    const { publicKey } = JSON.parse(json) as { publicKey?: Record<string, unknown> };
    if (typeof publicKey === "object" && publicKey !== null) return publicKey;
  } catch {
    // The error below says it.
  }
  throw new SignInError("unsupported", { doing: "use a passkey" });
}

function bytesOf(base64: string | undefined): Uint8Array {
  try {
    if (base64 !== undefined) return decodeBase64(base64);
  } catch {
    // The error below says it, and does not quote the answer.
  }
  throw new SignInError("passkeyInvalid", { doing: "use a passkey" });
}

function textOf(base64: string | undefined): string {
  return decodeUtf8(bytesOf(base64));
}

/** Returns the data center of a user handle, which is `dcId:userId`. */
function dcOf(userHandle: string): number | undefined {
  const dcId = /^(\d{1,3}):\d+$/.exec(userHandle)?.[1];
  return dcId === undefined ? undefined : Number(dcId);
}

/** Returns the id of an auth key as a TL long. */
function longOf(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
}

function passkeyOf({ id, name, date, lastUsageDate }: Api.Passkey): Passkey {
  const usedAt = lastUsageDate === undefined ? undefined : dateOf(lastUsageDate);
  return { id, name, createdAt: dateOf(date), ...(usedAt && { usedAt }) };
}
