/**
 * Signing in with a token that another client of the account was given for a website.
 * https://core.telegram.org/method/auth.importWebTokenAuthorization
 */
import { RpcError } from "../connection/mod.ts";
import { finishSignIn } from "./current_user.ts";
import { passwordToken } from "./code/sign_in.ts";
import { invokeAtHome, type SignInContext, type StepOptions } from "./context.ts";
import { toSignInError } from "./errors.ts";
import type { PasswordToken } from "./tokens/tokens.ts";
import type { User } from "./user.ts";

/**
 * Signs in with a web token. Gives the user, or a token if the account has a 2FA password.
 *
 * @throws {SignInError} `webTokenExpired`, `apiIdInvalid` and others.
 */
export async function webTokenSignIn(
  context: SignInContext,
  webAuthToken: string,
  options: StepOptions = {},
): Promise<User | PasswordToken> {
  const { apiId, apiHash } = context;
  const request = { _: "auth.importWebTokenAuthorization", apiId, apiHash, webAuthToken } as const;
  try {
    return await finishSignIn(context, await invokeAtHome(context, request, options));
  } catch (error) {
    if (error instanceof RpcError && error.is("SESSION_PASSWORD_NEEDED")) {
      return await passwordToken(context, options);
    }
    throw toSignInError(error, "sign in with a web token");
  }
}
