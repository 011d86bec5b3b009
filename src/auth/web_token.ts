/**
 * Signing in with a token that another client of the account was given for a website.
 * https://core.telegram.org/method/auth.importWebTokenAuthorization
 */
import { pasted } from "../runtime/mod.ts";
import type { SignInContext, StepOptions } from "./context.ts";
import { finishSignIn } from "./current_user.ts";
import { orPasswordToken } from "./password/parameters.ts";
import type { PasswordToken } from "./tokens/password_token.ts";
import type { User } from "./user.ts";

/** Signs in with a web token. Returns the user, or a token if the account has a 2FA password. */
export async function webTokenSignIn(
  context: SignInContext,
  token: string,
  options: StepOptions = {},
): Promise<User | PasswordToken> {
  const { apiId, apiHash } = context;
  const webAuthToken = typeof token === "string" ? pasted(token) : token;
  const request = { _: "auth.importWebTokenAuthorization", apiId, apiHash, webAuthToken } as const;
  return await orPasswordToken(
    context,
    "sign in with a web token",
    options,
    async () => await finishSignIn(context, await context.invoke(request, options), options),
  );
}
