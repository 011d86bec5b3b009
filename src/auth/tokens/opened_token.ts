/**
 * The private part of a token, and how a step uses it: only with the session that the token comes
 * from. Telegram knows a code, and who owes a password, only together with the auth key that asked.
 * With any other key its answer would mislead: that the code has expired.
 */
import { abortable } from "../../runtime/mod.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import { SignInError } from "../errors.ts";
import { isOrigin, type TokenOrigin } from "./token_origin.ts";

/** The private part of a token. */
export interface OpenedToken<Secret> {
  /** The session that asked; undefined if no client made the token. */
  readonly origin?: TokenOrigin;
  /** Telegram's hash of the code, or the parameters that a password is proved with. */
  readonly secret: Secret;
}

/** Returns the error for a value that is no token, such as one that went through JSON. */
export function notAToken(kind: string): TypeError {
  return new TypeError(
    `Cannot go on with signing in: this is no ${kind}. Pass the token that a step returned, or ` +
      "the one that resumeLogin() makes of a saved token.",
  );
}

/** Returns the secret of a token. Throws `otherSession` if another session asked for it. */
export async function secretOf<Secret>(
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
