/**
 * Signing in from beginning to end: a walk over the steps, which asks for each answer when a step needs it. There is no
 * protocol here; that is in the steps.
 */
import { anySignal } from "../../runtime/mod.ts";
import { currentUser } from "../current_user.ts";
import { askUntilAccepted, type LoginAnswers, textOf } from "./login_answers.ts";
import { botIdOf, botSignIn } from "../bot.ts";
import type { SignInContext } from "../context.ts";
import { SignInError } from "../errors.ts";
import { asPerson, finishWith, showQrCodes } from "../later.ts";
import { readBotToken } from "../input/phone.ts";
import type { User } from "../user.ts";

async function asBot(context: SignInContext, answers: LoginAnswers): Promise<User> {
  const { botAuthToken: answer = "" } = answers;
  return await askUntilAccepted(context, answers, {
    answer,
    ask: () => textOf(answer),
    use: (token) => botSignIn(context, token, answers),
    wrong: ["botTokenInvalid"],
  });
}

async function byQrCode(
  context: SignInContext,
  answers: LoginAnswers,
  show: NonNullable<LoginAnswers["qrCode"]>,
): Promise<User> {
  return await finishWith(context, answers, await showQrCodes(context, show, answers));
}

/** Signs in with these answers; the session is known to be signed out. */
export async function signInWith(context: SignInContext, given: LoginAnswers): Promise<User> {
  // A question ends when the client is disconnected: a call after it could only fail.
  const answers = { ...given, signal: anySignal(given.signal, context.lifetime) };
  const { botAuthToken, phoneNumber, qrCode } = answers;
  if (botAuthToken !== undefined) return await asBot(context, answers);
  if (phoneNumber === undefined && qrCode !== undefined) {
    return await byQrCode(context, answers, qrCode);
  }
  return await asPerson(context, answers);
}

/** A token that is given as a value must be of the bot that is signed in; another one would be passed over in silence. */
function demandSameBot(answers: LoginAnswers, me: User): void {
  const { botAuthToken } = answers;
  if (typeof botAuthToken !== "string") return;
  const doing = "sign in as a bot";
  if (botIdOf(readBotToken(botAuthToken, doing)) !== me.id) {
    throw new SignInError("otherAccount", { doing });
  }
}

/**
 * Signs in with the answers that are given, unless somebody is signed in already, whom it gives then.
 *
 * @throws {SignInError} when an answer is wrong, and cannot be asked for again.
 * @throws {LoginCancelledError} when `onError` says to stop.
 */
export async function start(
  context: SignInContext,
  answers: LoginAnswers = {},
): Promise<User> {
  const me = await currentUser(context, answers);
  if (me === undefined) return await signInWith(context, answers);
  demandSameBot(answers, me);
  return me;
}
