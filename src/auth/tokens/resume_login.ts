/**
 * Going on with a sign-in that another process began: the token that it saved, with the session that it saved.
 */
import type { Api } from "../../tl/mod.ts";
import type { SignInContext } from "../context.ts";
import { SignInError } from "../errors.ts";
import { isOrigin, type SavedToken, unpackToken } from "./saved_token.ts";
import { type CodeAnswer, LoginToken, PasswordToken, SignUpToken } from "./tokens.ts";

/**
 * The token that was saved with `token.save()`, in this process or another one. The session must be the one that was saved with
 * it and be loaded.
 *
 * @throws {SignInError} `otherSession` if the session has another key than the one that asked for the code,
 * `savedTokenInvalid` if the text is no saved token, or one of another version.
 */
// deno-lint-ignore require-await -- as all steps, it throws nothing at once
export async function resumeLogin(
  { session }: SignInContext,
  saved: string,
): Promise<LoginToken | PasswordToken | SignUpToken> {
  const token = unpackToken(saved);
  if (!isOrigin(token.origin, session.state)) {
    throw new SignInError("otherSession", { doing: "go on with signing in" });
  }
  return restore(token);
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
