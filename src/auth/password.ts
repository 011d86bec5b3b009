/**
 * The second factor: proving that one knows the password, without sending it. https://core.telegram.org/api/srp
 * Setting, changing and recovering a password are not here.
 */
import { RpcError } from "../connection/mod.ts";
import { checkDhGroup, srpProof } from "../crypto/mod.ts";
import { SecurityError } from "../mtproto/mod.ts";
import type { Api } from "../tl/mod.ts";
import { finishSignIn } from "./account.ts";
import { invokeAtHome, type SignInContext, type StepOptions } from "./context.ts";
import { SignInError, toSignInError } from "./errors.ts";
import { passwordOf, type PasswordToken, refreshPassword } from "./tokens.ts";
import type { User } from "./user.ts";

const CHECKING = "check the 2FA password";

/** Asks for the parameters that the password is proved with. They are good for one proof, and not for long. */
export async function fetchPassword(
  context: SignInContext,
  options: StepOptions,
): Promise<Api.account.password> {
  try {
    return await invokeAtHome(context, { _: "account.getPassword" }, options);
  } catch (error) {
    throw toSignInError(error, CHECKING);
  }
}

/**
 * The proof that one knows `password`. The group must be a good one and B in its range, or a false server could learn
 * something of the password; `srpProof` looks at B.
 */
function prove(
  { random }: SignInContext,
  { currentAlgo, srpB, srpId }: Api.account.password,
  password: string,
): Api.inputCheckPasswordSRP {
  if (currentAlgo === undefined || srpB === undefined || srpId === undefined) {
    // The password was switched off while it was being typed.
    throw new SignInError("restartNeeded", { doing: CHECKING });
  }
  if (currentAlgo._ === "passwordKdfAlgoUnknown") {
    throw new SignInError("unsupported", { doing: CHECKING });
  }
  const flaw = checkDhGroup(currentAlgo.p, currentAlgo.g, random);
  if (flaw !== undefined) throw new SecurityError("srp", `Cannot ${CHECKING}: ${flaw}`);
  const { g, p, salt1, salt2 } = currentAlgo;
  try {
    const { A, M1 } = srpProof({ password, parameters: { g, p, salt1, salt2 }, srpB, random });
    return { _: "inputCheckPasswordSRP", srpId, A, M1 };
  } catch (cause) {
    throw new SecurityError("srp", `Cannot ${CHECKING}: the server's B is not safe`, { cause });
  }
}

function isOutOfDate(error: unknown): boolean {
  return error instanceof RpcError &&
    (error.is("SRP_ID_INVALID") || error.is("SRP_PASSWORD_CHANGED"));
}

/**
 * Signs in with the 2FA password, after {@linkcode signIn} gave a token for it. A token can be used again after a wrong
 * password; if its parameters have become too old, fresh ones are fetched, once.
 *
 * @throws {SignInError} `passwordInvalid`, `passwordEmpty`, `flood` and others.
 * @throws {SecurityError} if the server's parameters are unsafe.
 */
export async function checkPassword(
  context: SignInContext,
  token: PasswordToken,
  password: string,
  options: StepOptions = {},
): Promise<User> {
  if (password === "") throw new SignInError("passwordEmpty", { doing: CHECKING });
  for (let refreshed = false;; refreshed = true) {
    const proof = prove(context, passwordOf(token), password);
    try {
      const request = { _: "auth.checkPassword", password: proof } as const;
      return await finishSignIn(context, await invokeAtHome(context, request, options));
    } catch (error) {
      if (refreshed || !isOutOfDate(error)) throw toSignInError(error, CHECKING);
      refreshPassword(token, await fetchPassword(context, options));
    }
  }
}
