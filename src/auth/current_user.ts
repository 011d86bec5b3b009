/**
 * Who is signed in: asking, writing down, and signing out.
 * https://core.telegram.org/method/users.getUsers and https://core.telegram.org/method/auth.logOut
 */
import { RpcError } from "../connection/mod.ts";
import type { SessionState } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";
import { invokeAtHome, type SignInContext, type StepOptions } from "./context.ts";
import { keepFutureToken } from "./future_tokens.ts";
import { SignInError, toSignInError } from "./errors.ts";
import { User } from "./user.ts";

function isSignedOut(error: unknown): boolean {
  return error instanceof RpcError && error.code === 401;
}

/** Writes the user who has signed in into the session, and keeps it. */
async function remember(context: SignInContext, user: User): Promise<User> {
  const { state } = context.session;
  const { id, isBot, username } = user;
  const known = state.user;
  state.user = { id, isBot, ...(username !== undefined && { username }), dcId: state.dcId };
  if (known?.id !== id || known.username !== username || known.dcId !== state.dcId) {
    await context.session.save();
  }
  return user;
}

/** Somebody else signs in. The keys of other data centers may still be signed in as the one before. */
function forgetOtherKeys({ dcs, dcId }: SessionState): void {
  for (const dc of dcs) if (dc.id !== dcId) dc.authKey = undefined;
}

/**
 * Ends a step with which somebody has signed in.
 *
 * @throws {SignInError} `phoneUnregistered` if an account has to be made first. Only `auth.signIn` should be answered so, and
 * that does not end here: see SignUpToken.
 */
export async function finishSignIn(
  context: SignInContext,
  answer: Api.auth.Authorization,
): Promise<User> {
  if (answer._ === "auth.authorizationSignUpRequired") {
    throw new SignInError("phoneUnregistered", {
      text: "there is no account yet, expected requestLoginCode(), signIn() and signUp() first",
    });
  }
  if (answer.user._ !== "user") throw new SignInError("unsupported");
  const { state } = context.session;
  if (state.user !== undefined && state.user.id !== answer.user.id) forgetOtherKeys(state);
  keepFutureToken(state, answer.futureAuthToken);
  state.user = undefined; // so that it is kept whoever was known before
  const { setupPasswordRequired = false, otherwiseReloginDays, tmpSessions } = answer;
  const authorization = { setupPasswordRequired, otherwiseReloginDays, tmpSessions };
  const user = await remember(context, new User(answer.user, authorization));
  context.log.info(`Signed in as ${user.isBot ? "bot" : "user"} ${user.id}`);
  return user;
}

/**
 * Whether somebody is signed in with this session. False only if Telegram says so (code 401); any other error is thrown,
 * as it says nothing about it.
 */
export async function isAuthorized(
  context: SignInContext,
  options: StepOptions = {},
): Promise<boolean> {
  try {
    await invokeAtHome(context, { _: "updates.getState" }, options);
    return true;
  } catch (error) {
    if (isSignedOut(error)) return false;
    throw toSignInError(error, "ask who is signed in");
  }
}

/** The user who is signed in, or `undefined` if nobody is. */
export async function getMe(
  context: SignInContext,
  options: StepOptions = {},
): Promise<User | undefined> {
  try {
    const [me] = await invokeAtHome(
      context,
      { _: "users.getUsers", id: [{ _: "inputUserSelf" }] },
      options,
    );
    return me?._ === "user" ? await remember(context, new User(me)) : undefined;
  } catch (error) {
    if (isSignedOut(error)) return undefined;
    throw toSignInError(error, "ask who is signed in");
  }
}

/** The user who is signed in, without a question where there can be nobody. */
export async function currentUser(
  context: SignInContext,
  options: StepOptions = {},
): Promise<User | undefined> {
  if (context.keyIsNew && context.session.state.user === undefined) return undefined;
  return await getMe(context, options);
}

/** Signs out: Telegram forgets this session, and the session forgets its user. Nothing happens if nobody is signed in. */
export async function signOut(context: SignInContext, options: StepOptions = {}): Promise<void> {
  try {
    const answer = await invokeAtHome(context, { _: "auth.logOut" }, options);
    keepFutureToken(context.session.state, answer.futureAuthToken);
  } catch (error) {
    if (!isSignedOut(error)) throw toSignInError(error, "sign out");
  }
  const { state } = context.session;
  state.user = undefined;
  state.updates = undefined;
  await context.session.save();
  context.log.info("Signed out");
}
