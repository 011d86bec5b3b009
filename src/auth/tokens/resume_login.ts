/**
 * Going on with a sign-in that another process began: the token that it saved, with the session
 * that it saved.
 */
import type { Api } from "../../tl/mod.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import { type CodeAnswer, LoginToken } from "./login_token.ts";
import { PasswordToken } from "./password_token.ts";
import { type SavedToken, unpackToken } from "./saved_token.ts";
import { SignUpToken } from "./sign_up_token.ts";

/**
 * Returns the token that `token.save()` wrote, if the session is the one that asked for the code.
 * Connects first.
 */
export async function resumeLogin(
  context: SignInContext,
  saved: string,
  options?: StepOptions,
): Promise<LoginToken | PasswordToken | SignUpToken> {
  await context.connect(options);
  return restore(unpackToken(saved, context.session.state));
}

function restore(
  { kind, origin, texts, answer }: SavedToken,
): LoginToken | PasswordToken | SignUpToken {
  switch (kind) {
    case "login":
      return new LoginToken(texts[0], answer as CodeAnswer, origin);
    case "password":
      return new PasswordToken(answer as Api.account.password, origin);
    case "signUp": {
      const required = answer as Api.auth.authorizationSignUpRequired;
      return new SignUpToken(texts[0], required, texts[1], origin);
    }
  }
}
