/**
 * Using a token: only with the session that it comes from, as Telegram knows a code, and who owes a password, only together with
 * the auth key that asked. With any other, Telegram's answer would be about something else: that the code has expired.
 */
import { abortable } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import { SignInError } from "../errors.ts";
import { isOrigin } from "./saved_token.ts";
import {
  type LoginToken,
  openCodeToken,
  type OpenedToken,
  openPasswordToken,
  type PasswordToken,
  type SignUpToken,
} from "./tokens.ts";

/** What names a code that is on its way to Telegram. */
export interface CodeName {
  readonly phoneNumber: string;
  readonly phoneCodeHash: string;
}

/** What names the code of a token to Telegram. Throws `otherSession` if another session asked for it. */
export async function codeNameOf(
  context: SignInContext,
  token: LoginToken | SignUpToken,
  doing: string,
  options: StepOptions,
): Promise<CodeName> {
  const phoneCodeHash = await useOpened(context, openCodeToken(token), doing, options);
  return { phoneNumber: token.phone, phoneCodeHash };
}

/** The parameters that a password is proved with. Throws `otherSession` if another session was asked for it. */
export async function passwordOf(
  context: SignInContext,
  token: PasswordToken,
  doing: string,
  options: StepOptions,
): Promise<Api.account.password> {
  return await useOpened(context, openPasswordToken(token), doing, options);
}

async function useOpened<Secret>(
  context: SignInContext,
  { origin, secret }: OpenedToken<Secret>,
  doing: string,
  { signal }: StepOptions,
): Promise<Secret> {
  if (origin === undefined) return secret;
  await abortable(context.ready(), signal);
  if (isOrigin(origin, context.session.state)) return secret;
  throw new SignInError("otherSession", { doing });
}
