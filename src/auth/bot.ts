/**
 * Signing in as a bot, with the token from @BotFather.
 * https://core.telegram.org/method/auth.importBotAuthorization
 */
import { MemorySession, type Session } from "../session/mod.ts";
import type { SignInContext, StepOptions } from "./context.ts";
import { currentUser, finishSignIn } from "./current_user.ts";
import { botIdOf, readBotToken } from "./input/bot_token.ts";
import { invokeStep } from "./invoke_step.ts";
import { signingIn } from "./under_way.ts";
import type { User } from "./user.ts";

const SIGNING_IN = "sign in as a bot";

/**
 * Whether a session is certainly kept nowhere. The program may keep a string, or a session class of
 * its own.
 */
function isForgetful(session: Session): boolean {
  return Object.getPrototypeOf(session) === MemorySession.prototype;
}

/**
 * Signs in as a bot. Connects first. A session that is signed in as that bot already is only asked
 * whether it still is: Telegram answers repeated bot sign-ins with long flood waits.
 */
export async function botSignIn(
  context: SignInContext,
  token: string,
  options: StepOptions = {},
): Promise<User> {
  return await signingIn(context.session, signInOnce(context, token, options));
}

async function signInOnce(
  context: SignInContext,
  token: string,
  options: StepOptions,
): Promise<User> {
  await context.connect(options);
  const botAuthToken = readBotToken(token, SIGNING_IN);
  const known = context.session.state.user;
  if (known?.isBot && known.id === botIdOf(botAuthToken)) {
    const me = await currentUser(context, options);
    if (me?.id === known.id) return me;
  }
  const { apiId, apiHash } = context;
  const authorization = await invokeStep(
    context,
    { _: "auth.importBotAuthorization", flags: 0, apiId, apiHash, botAuthToken },
    SIGNING_IN,
    options,
  );
  if (isForgetful(context.session)) {
    context.log.warn(
      "The bot's session is kept in memory only: the bot signs in anew at every start, which " +
        "Telegram soon answers with long flood waits. Give the session a file name",
    );
  }
  return await finishSignIn(context, authorization, options);
}
