/**
 * Signing in as a bot, with the token that @BotFather gave. https://core.telegram.org/method/auth.importBotAuthorization
 */
import { MemorySession, type Session } from "../session/mod.ts";
import { finishSignIn, getMe } from "./current_user.ts";
import { invokeAtHome, type SignInContext, type StepOptions } from "./context.ts";
import { toSignInError } from "./errors.ts";
import { readBotToken } from "./input/phone.ts";
import type { User } from "./user.ts";

const SIGNING_IN = "sign in as a bot";

/** The id of the bot that a token is of: the number before the colon. */
export function botIdOf(token: string): bigint {
  return BigInt(token.slice(0, token.indexOf(":")));
}

/** Whether a session is kept nowhere. One of the caller's own, or a string, may be. */
function isForgetful(session: Session): boolean {
  return Object.getPrototypeOf(session) === MemorySession.prototype;
}

/**
 * Signs in as a bot. A session that is signed in as that bot already is only asked whether it still is: Telegram answers
 * repeated bot sign-ins with long flood waits.
 *
 * @throws {SignInError} `botTokenInvalid`, `apiIdInvalid`, `flood` and others.
 */
export async function botSignIn(
  context: SignInContext,
  token: string,
  options: StepOptions = {},
): Promise<User> {
  const botAuthToken = readBotToken(token, SIGNING_IN);
  const known = context.session.state.user;
  if (known?.isBot && known.id === botIdOf(botAuthToken)) {
    const me = await getMe(context, options);
    if (me?.id === known.id) return me;
  }
  const { apiId, apiHash } = context;
  try {
    const authorization = await invokeAtHome(
      context,
      { _: "auth.importBotAuthorization", flags: 0, apiId, apiHash, botAuthToken },
      options,
    );
    if (isForgetful(context.session)) {
      context.log.warn(
        "The bot's session is kept in memory only: it signs in anew at every start, which Telegram soon answers with long floods",
      );
    }
    return await finishSignIn(context, authorization);
  } catch (error) {
    throw toSignInError(error, SIGNING_IN);
  }
}
