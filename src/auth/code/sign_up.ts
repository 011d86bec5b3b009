/**
 * Signing up: a new account for a phone number that has none, once the code was right.
 * https://core.telegram.org/method/auth.signUp
 */
import { finishSignIn } from "../current_user.ts";
import { invokeAtHome, type SignInContext, type StepOptions } from "../context.ts";
import { SignInError, toSignInError } from "../errors.ts";
import { codeNameOf } from "../tokens/token_origin.ts";
import type { SignUpToken } from "../tokens/tokens.ts";
import type { User } from "../user.ts";

/** Who signs up. */
export interface NewAccount {
  /** The first name; not empty, at most 64 characters. */
  firstName: string;
  /** The last name, if there is one; at most 64 characters. */
  lastName?: string;
  /** That the person has been shown `termsOfService` of the token, and accepts them. Nobody can sign up without. */
  acceptTerms: true;
  /** Do not tell those who have the number in their contacts that its owner is on Telegram now. */
  noJoinedNotifications?: boolean;
}

const SIGNING_UP = "sign up";

/**
 * Makes an account for the phone number, and signs in to it, after {@linkcode signIn} gave a token for it.
 *
 * @throws {SignInError} `nameInvalid`, `termsNotAccepted`, `phoneOccupied`, `codeExpired`, `flood` and others.
 */
export async function signUp(
  context: SignInContext,
  token: SignUpToken,
  account: NewAccount,
  options: StepOptions = {},
): Promise<User> {
  if (account?.acceptTerms !== true) {
    throw new SignInError("termsNotAccepted", { doing: SIGNING_UP });
  }
  const [firstName, lastName] = [account.firstName ?? "", account.lastName ?? ""].map((name) =>
    typeof name === "string" ? name.trim() : undefined // JavaScript may give anything
  );
  if (!firstName || lastName === undefined) {
    throw new SignInError("nameInvalid", { doing: SIGNING_UP });
  }
  const name = await codeNameOf(context, token, SIGNING_UP, options);
  try {
    const authorization = await invokeAtHome(
      context,
      {
        _: "auth.signUp",
        ...name,
        noJoinedNotifications: account.noJoinedNotifications,
        firstName,
        lastName,
      },
      options,
    );
    return await finishSignIn(context, authorization);
  } catch (error) {
    throw toSignInError(error, SIGNING_UP);
  }
}
