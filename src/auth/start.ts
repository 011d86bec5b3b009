/**
 * Signing in from beginning to end: a walk over the steps, which asks for each answer when a step needs it. There is no
 * protocol here; that is in the steps.
 */
import { currentUser } from "./account.ts";
import { type LoginAnswers, settle, valueOf } from "./answers.ts";
import { botIdOf, botSignIn } from "./bot.ts";
import { readCode, requestLoginCode, signIn } from "./code.ts";
import type { SignInContext } from "./context.ts";
import { SignInError } from "./errors.ts";
import { checkPassword } from "./password.ts";
import { readBotToken } from "./phone.ts";
import type { LoginToken, PasswordToken } from "./tokens.ts";
import type { User } from "./user.ts";

async function asBot(context: SignInContext, answers: LoginAnswers): Promise<User> {
  const { botAuthToken: answer = "" } = answers;
  return await settle(answers, {
    answer,
    ask: () => valueOf(answer),
    use: (token) => botSignIn(context, token, answers),
    wrong: ["botTokenInvalid"],
  });
}

async function withPassword(
  context: SignInContext,
  answers: LoginAnswers,
  token: PasswordToken,
): Promise<User> {
  const { password: answer } = answers;
  if (answer === undefined) throw new SignInError("passwordNeeded");
  return await settle(answers, {
    answer,
    ask: () => valueOf(answer, token.hint),
    use: (password) => checkPassword(context, token, password, answers),
    wrong: ["passwordInvalid", "passwordEmpty"],
  });
}

async function asPerson(context: SignInContext, answers: LoginAnswers): Promise<User> {
  const { phoneNumber, phoneCode } = answers;
  if (phoneNumber === undefined || phoneCode === undefined) {
    throw new TypeError(
      "Cannot sign in: an answer is missing, expected phoneNumber and phoneCode, or botAuthToken",
    );
  }
  let login: LoginToken = await settle(answers, {
    answer: phoneNumber,
    ask: () => valueOf(phoneNumber),
    use: (phone) => requestLoginCode(context, phone, answers),
    wrong: ["phoneInvalid", "phoneBanned", "phoneUnregistered"],
  });
  let isExpired = false;
  const outcome = await settle(answers, {
    answer: phoneCode,
    async ask() {
      if (isExpired) login = await requestLoginCode(context, login.phone, answers);
      isExpired = false;
      return readCode(await valueOf(phoneCode, login.deliveredBy === "app", login) ?? "");
    },
    async use(code) {
      try {
        return await signIn(context, login, code, answers);
      } catch (error) {
        isExpired = error instanceof SignInError && error.reason === "codeExpired";
        throw error;
      }
    },
    wrong: ["codeInvalid", "codeEmpty", "codeExpired"],
  });
  if (outcome.kind === "signUp") throw new SignInError("phoneUnregistered");
  return outcome.kind === "user" ? outcome : await withPassword(context, answers, outcome);
}

/** Signs in with these answers; the session is known to be signed out. */
export async function signInWith(context: SignInContext, answers: LoginAnswers): Promise<User> {
  return answers.botAuthToken === undefined
    ? await asPerson(context, answers)
    : await asBot(context, answers);
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
export async function start(context: SignInContext, answers: LoginAnswers): Promise<User> {
  const me = await currentUser(context, answers);
  if (me === undefined) return await signInWith(context, answers);
  demandSameBot(answers, me);
  return me;
}
