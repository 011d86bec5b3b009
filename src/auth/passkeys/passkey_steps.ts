/**
 * What passkeys do: the steps behind passkeys.ts.
 * https://core.telegram.org/api/passkeys
 */
import { RpcError } from "../../connection/mod.ts";
import { decodeBase64, decodeUtf8 } from "../../crypto/mod.ts";
import { abortable, anySignal } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { finishSignIn } from "../current_user.ts";
import { passwordToken } from "../code/sign_in.ts";
import { begin, call } from "../invoke_step.ts";
import { invokeAtHome, type MethodCall, type SignInContext, type StepOptions } from "../context.ts";
import { SignInError, toSignInError } from "../errors.ts";
import type { AskPasskey, Passkey, PasskeyAnswer } from "./passkeys.ts";
import { originOf } from "../tokens/saved_token.ts";
import type { PasswordToken } from "../tokens/tokens.ts";
import type { User } from "../user.ts";

const SIGNING_IN = "sign in with a passkey";

/** Signs in with a passkey. */
export async function signInWithPasskey(
  context: SignInContext,
  ask: AskPasskey,
  options: StepOptions,
): Promise<User | PasswordToken> {
  const { apiId, apiHash, session } = context;
  try {
    const request = { _: "auth.initPasskeyLogin", apiId, apiHash } as const;
    const { options: asked } = await begin(context, request, options);
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
      context.log.info(`The account lives in DC ${dcId}: moving there`);
      await abortable(context.switchDc(dcId), options.signal);
      // The account's data center has to know whom the challenge was given to.
      finish.fromDcId = asking?.dcId;
      finish.fromAuthKeyId = asking && longOf(asking.authKeyId);
    }
    return await finishSignIn(context, await invokeAtHome(context, finish, options));
  } catch (error) {
    if (error instanceof RpcError && error.is("SESSION_PASSWORD_NEEDED")) {
      return await passwordToken(context, options);
    }
    throw toSignInError(error, SIGNING_IN);
  }
}

/** Makes a passkey for the account. */
export async function registerPasskey(
  context: SignInContext,
  ask: AskPasskey,
  options: StepOptions,
): Promise<Passkey> {
  const doing = "make a passkey";
  const request = { _: "account.initPasskeyRegistration" } as const;
  const { options: asked } = await call(context, request, doing, options);
  const { id, rawId, response } = await answerOf(context, ask, asked, options);
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
  return passkeyOf(
    await call(context, { _: "account.registerPasskey", credential }, doing, options),
  );
}

/** The passkeys of the account. */
export async function listPasskeys(
  context: SignInContext,
  options: StepOptions,
): Promise<Passkey[]> {
  const request = { _: "account.getPasskeys" } as const;
  return (await call(context, request, "list passkeys", options)).passkeys.map(passkeyOf);
}

/** Deletes a passkey of the account. */
export async function deletePasskey(
  context: SignInContext,
  passkey: string | Pick<Passkey, "id">,
  options: StepOptions,
): Promise<boolean> {
  const id = typeof passkey === "string" ? passkey : passkey.id;
  return await call(context, { _: "account.deletePasskey", id }, "delete a passkey", options);
}

async function answerOf(
  { lifetime }: SignInContext,
  ask: AskPasskey,
  { data }: Api.DataJSON,
  options: StepOptions,
): Promise<PasskeyAnswer> {
  const signal = anySignal(options.signal, lifetime);
  const answer: PasskeyAnswer | null = await abortable(
    Promise.resolve(ask(publicKeyOf(data))),
    signal,
  );
  // `navigator.credentials.get()` gives null where there is none.
  if (typeof answer?.response === "object" && answer.response !== null) return answer;
  throw new SignInError("passkeyInvalid", { doing: "use a passkey" });
}

/** What a passkey is asked. It is not quoted where it cannot be read. */
function publicKeyOf(json: string): Record<string, unknown> {
  try {
    const { publicKey } = JSON.parse(json) as { publicKey?: Record<string, unknown> };
    if (typeof publicKey === "object" && publicKey !== null) return publicKey;
  } catch {
    // Said below.
  }
  throw new SignInError("unsupported", { doing: "use a passkey" });
}

function bytesOf(base64: string | undefined): Uint8Array {
  try {
    if (base64 !== undefined) return decodeBase64(base64);
  } catch {
    // Said below: what a passkey answers is not quoted.
  }
  throw new SignInError("passkeyInvalid", { doing: "use a passkey" });
}

function textOf(base64: string | undefined): string {
  return decodeUtf8(bytesOf(base64));
}

/** The data center of a user handle, which is `dcId:userId`. */
function dcOf(userHandle: string): number | undefined {
  const dcId = /^(\d{1,3}):\d+$/.exec(userHandle)?.[1];
  return dcId === undefined ? undefined : Number(dcId);
}

/** The id of an auth key as TL has it. */
function longOf(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
}

function passkeyOf({ id, name, date, lastUsageDate }: Api.Passkey): Passkey {
  const usedAt = lastUsageDate === undefined ? undefined : new Date(lastUsageDate * 1000);
  return { id, name, createdAt: new Date(date * 1000), ...(usedAt && { usedAt }) };
}
