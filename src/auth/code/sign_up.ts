/**
 * Signing up: a new account for a phone number that has none, after its code was right.
 * https://core.telegram.org/method/auth.signUp
 */
import type { SignInContext, StepOptions } from "../context.ts";
import { finishSignIn } from "../current_user.ts";
import { SignInError } from "../errors.ts";
import { invokeStep } from "../invoke_step.ts";
import { codeNameOf } from "../tokens/code_name.ts";
import type { SignUpToken } from "../tokens/sign_up_token.ts";
import type { User } from "../user.ts";

/** The account of a person who signs up. */
export interface NewAccount {
  /** The first name; not empty, at most 64 characters. */
  firstName: string;
  /** The last name, if there is one; at most 64 characters. */
  lastName?: string;
  /**
   * That the person was shown `termsOfService` of the token and accepts them. Telegram demands it.
   */
  acceptTerms: true;
  /** Do not tell people who have the number in their contacts that its owner is on Telegram now. */
  noJoinedNotifications?: boolean;
}

const SIGNING_UP = "sign up";
/**
 * What nobody sees around a name: white space, and marks of direction and zero width. Within a name
 * they can have a meaning.
 */
const INVISIBLE = "[\\s\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069]+";
const AROUND = new RegExp(`^${INVISIBLE}|${INVISIBLE}$`, "gu");

/** Makes an account for the phone number of the token, and signs in to it. */
export async function signUp(
  context: SignInContext,
  token: SignUpToken,
  account: NewAccount,
  options: StepOptions = {},
): Promise<User> {
  if (account?.acceptTerms !== true) {
    throw new SignInError("termsNotAccepted", { doing: SIGNING_UP });
  }
  const { noJoinedNotifications } = account;
  const [firstName, lastName] = [account.firstName ?? "", account.lastName ?? ""].map((name) =>
    typeof name === "string" ? name.replace(AROUND, "") : undefined // JavaScript may pass anything
  );
  if (!firstName || lastName === undefined) {
    throw new SignInError("nameInvalid", { doing: SIGNING_UP });
  }
  const name = await codeNameOf(context, token, SIGNING_UP, options);
  const request = {
    _: "auth.signUp",
    ...name,
    noJoinedNotifications,
    firstName,
    lastName,
  } as const;
  return await finishSignIn(
    context,
    await invokeStep(context, request, SIGNING_UP, options),
    options,
  );
}
