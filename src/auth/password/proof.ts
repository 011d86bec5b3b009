/**
 * Proving the 2FA password without sending it, and what a new password is sent as.
 * https://core.telegram.org/api/srp
 */
import { RpcError } from "../../connection/mod.ts";
import { checkDhGroup, concatBytes } from "../../crypto/mod.ts";
import { srpProof, srpVerifier } from "../../crypto/entry.ts";
import { SecurityError } from "../../mtproto/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import { SignInError, toSignInError } from "../errors.ts";
import { fetchPassword } from "./parameters.ts";

/** How many bytes a client adds to the salt of a new password. */
const CLIENT_SALT_LENGTH = 32;

/** A call that needs a proof of the password. */
export interface ProvedCall<T> {
  /** The parameters that are known. */
  readonly parameters: Api.account.password;
  /** The password. */
  readonly password: string;
  /** The step, as it follows "Cannot". */
  readonly doing: string;
  /** Makes the call with the proof, which was made with these `parameters`. */
  call(proof: Api.inputCheckPasswordSRP, parameters: Api.account.password): Promise<T>;
  /** Is passed fresh parameters. */
  onFresh?(parameters: Api.account.password): void;
}

/**
 * Makes a call with a proof of the password. If the parameters have become too old, fresh ones are
 * fetched, once.
 */
export async function callWithProof<T>(
  context: SignInContext,
  { parameters, password, doing, call, onFresh }: ProvedCall<T>,
  options: StepOptions,
): Promise<T> {
  demandText(password, doing);
  let known = parameters;
  for (let refreshed = false;; refreshed = true) {
    options.signal?.throwIfAborted();
    const proof = prove(context, known, password, doing);
    try {
      return await call(proof, known);
    } catch (error) {
      if (refreshed || !isOutOfDate(error)) throw toSignInError(error, doing);
      known = await fetchPassword(context, options, doing);
      onFresh?.(known);
    }
  }
}

/**
 * Returns the proof of `password`. The group must be safe and B in its range, or a false server
 * could learn about the password; `srpProof` checks B.
 */
function prove(
  context: SignInContext,
  { currentAlgo, srpB, srpId }: Api.account.password,
  password: string,
  doing: string,
): Api.inputCheckPasswordSRP {
  // The password was switched off while it was typed.
  if (currentAlgo === undefined || srpB === undefined || srpId === undefined) {
    throw new SignInError("restartNeeded", { doing });
  }
  const { g, p, salt1, salt2 } = checkAlgorithm(context, currentAlgo, doing);
  const parameters = { g, p, salt1, salt2 };
  try {
    const { A, M1 } = srpProof({ password, parameters, srpB, random: context.random });
    return { _: "inputCheckPasswordSRP", srpId, A, M1 };
  } catch (cause) {
    throw new SecurityError("srp", `Cannot ${doing}: the server's B is not safe`, { cause });
  }
}

/** Throws `passwordEmpty` for a password that is empty or no text; JavaScript may pass anything. */
function demandText(password: unknown, doing: string): void {
  if (typeof password === "string" && password !== "") return;
  throw new SignInError("passwordEmpty", { doing });
}

/** A new password as it is sent: a verifier, with which the server can check proofs. */
export interface NewPassword {
  readonly newAlgo: Api.PasswordKdfAlgo;
  readonly newPasswordHash: Uint8Array;
  readonly hint: string;
}

/**
 * Makes the verifier of a new password, by the server's algorithm and with a salt that the server
 * cannot choose alone.
 */
export function makeNewPassword(
  context: SignInContext,
  newAlgo: Api.PasswordKdfAlgo,
  password: string,
  hint: string,
  doing: string,
): NewPassword {
  demandText(password, doing);
  if (hint === password) {
    const text = "the hint is the password itself. Choose another hint, or none.";
    throw new SignInError("passwordSettingsInvalid", { doing, text });
  }
  const { _, g, p, salt1: serverSalt, salt2 } = checkAlgorithm(context, newAlgo, doing);
  const salt1 = concatBytes(serverSalt, context.random(CLIENT_SALT_LENGTH));
  const newPasswordHash = srpVerifier(password, { g, p, salt1, salt2 });
  return { newAlgo: { _, g, p, salt1, salt2 }, newPasswordHash, hint };
}

type KnownAlgorithm = Exclude<Api.PasswordKdfAlgo, Api.passwordKdfAlgoUnknown>;

/** Returns the algorithm, if this library knows it and its group is safe. */
function checkAlgorithm(
  { random }: SignInContext,
  algorithm: Api.PasswordKdfAlgo,
  doing: string,
): KnownAlgorithm {
  if (algorithm._ === "passwordKdfAlgoUnknown") throw new SignInError("unsupported", { doing });
  const flaw = checkDhGroup(algorithm.p, algorithm.g, random);
  if (flaw !== undefined) throw new SecurityError("srp", `Cannot ${doing}: ${flaw}`);
  return algorithm;
}

function isOutOfDate(error: unknown): boolean {
  return error instanceof RpcError &&
    (error.is("SRP_ID_INVALID") || error.is("SRP_PASSWORD_CHANGED"));
}
