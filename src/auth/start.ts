/**
 * Signing in from beginning to end: a walk over the steps that asks for each answer when a step
 * needs it. The protocol is in the steps. The walk of a person is in person/, which is loaded on
 * first use.
 */
import { botSignIn } from "./bot.ts";
import type { Session } from "../session/mod.ts";
import type { SignInContext } from "./context.ts";
import { currentUser } from "./current_user.ts";
import { SignInError } from "./errors.ts";
import { botIdOf, readBotToken } from "./input/bot_token.ts";
import { mayBeSamePhone, readPhone } from "./input/phone.ts";
import { askUntilAccepted, type LoginAnswers, textOf } from "./login_answers.ts";
import { afterOther, unlessOther } from "./under_way.ts";
import type { User } from "./user.ts";

/** The sessions of which a program was told that they were ended. */
const told = new WeakSet<Session>();

/**
 * Signs in with the answers, unless a user is signed in already. Returns that user. Connects first.
 */
export async function start(
  context: SignInContext,
  answers: LoginAnswers = {},
): Promise<User> {
  await context.connect(answers);
  return await afterOther(context.session, answers.signal, () => startAlone(context, answers));
}

async function startAlone(context: SignInContext, answers: LoginAnswers): Promise<User> {
  const { session } = context;
  const me = await currentUser(context, answers, (error) => {
    // A person is told once, and signs in again by another call. A bot has all that it needs.
    if (answers.botAuthToken !== undefined || told.has(session)) return;
    told.add(session);
    throw error;
  });
  if (me === undefined) return await signInWith(context, answers);
  demandSameAccount(answers, me);
  return me;
}

/** Signs in with these answers. The session is known to be signed out. */
export async function signInWith(context: SignInContext, given: LoginAnswers): Promise<User> {
  // A question ends when the client is disconnected: a call after it could only fail.
  return await unlessOther(
    context,
    given.signal,
    (signal) => signInWhile(context, { ...given, signal }),
  );
}

async function signInWhile(context: SignInContext, answers: LoginAnswers): Promise<User> {
  const { botAuthToken, phoneNumber, qrCode } = answers;
  if (botAuthToken !== undefined) return await signInBot(context, answers, botAuthToken);
  const { signInByQrCode, signInPerson } = await import("./person/mod.ts");
  if (phoneNumber === undefined && qrCode !== undefined) {
    return await signInByQrCode(context, answers, qrCode);
  }
  return await signInPerson(context, answers);
}

async function signInBot(
  context: SignInContext,
  answers: LoginAnswers,
  answer: NonNullable<LoginAnswers["botAuthToken"]>,
): Promise<User> {
  return await askUntilAccepted(context, answers, {
    answer,
    ask: () => textOf(answer),
    use: (token) => botSignIn(context, token, answers),
    wrong: ["botTokenInvalid"],
  });
}

/**
 * Throws if the given token or phone number is of another account than the one that is signed in:
 * it would be ignored in silence.
 */
export function demandSameAccount(
  { botAuthToken, phoneNumber }: Pick<LoginAnswers, "botAuthToken" | "phoneNumber">,
  me: User,
): void {
  if (typeof botAuthToken === "string") {
    const doing = "sign in as a bot";
    if (botIdOf(readBotToken(botAuthToken, doing)) === me.id) return;
    throw new SignInError("otherAccount", { doing });
  }
  if (phoneNumber === undefined || typeof phoneNumber === "function") return;
  const isOther = me.phone !== undefined &&
    !mayBeSamePhone(readPhone(phoneNumber, "sign in"), me.phone);
  if (me.isBot || isOther) throw new SignInError("otherAccount");
}
