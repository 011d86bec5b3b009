/**
 * The user who is signed in: asking for it, noting it in the session, and signing out.
 * https://core.telegram.org/method/users.getUsers and https://core.telegram.org/method/auth.logOut
 */
import { RpcError } from "../connection/mod.ts";
import type { SessionState } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";
import type { SignInContext, StepOptions } from "./context.ts";
import { keepFutureToken } from "./future_tokens.ts";
import { SignInError, toSignInError } from "./errors.ts";
import { endOthers } from "./under_way.ts";
import { User } from "./user.ts";

function isSignedOut(error: unknown): boolean {
  return error instanceof RpcError && error.code === 401;
}

/** Notes the user in the session, and saves the session if that changed it. */
async function remember(context: SignInContext, user: User): Promise<User> {
  const { state } = context.session;
  const { id, isBot, username } = user;
  const known = state.user;
  state.user = { id, isBot, ...(username !== undefined && { username }), dcId: state.dcId };
  if (known?.id !== id || known.username !== username || known.dcId !== state.dcId) {
    await context.save();
  }
  return user;
}

/** The errors of a user who was signed in, and cannot be any more: a program is told of them. */
const ENDED: readonly string[] = [
  "SESSION_EXPIRED",
  "SESSION_REVOKED",
  "USER_DEACTIVATED",
  "USER_DEACTIVATED_BAN",
];

function isEnded(error: unknown): boolean {
  return error instanceof RpcError && ENDED.includes(error.errorMessage);
}

/**
 * The errors after which the key has no user. Another 401 is about the call: a missing password, or
 * a temporary key.
 */
const NOBODY: readonly string[] = ["AUTH_KEY_UNREGISTERED", "SESSION_REVOKED", "SESSION_EXPIRED"];

/**
 * Forgets a user whom the data center of the sign-in does not know. Another home, to which the
 * account has just moved, may not know the user yet.
 */
async function forgetUser(context: SignInContext, error: unknown): Promise<void> {
  const { state } = context.session;
  const isNobody = error instanceof RpcError && NOBODY.includes(error.errorMessage);
  if (!isNobody || state.user?.dcId !== state.dcId) return;
  state.user = undefined;
  context.signInEnded?.(error);
  await context.save();
}

/**
 * Forgets the state of another user: how far the updates were received, and the keys of other data
 * centers, with which that user may still be signed in.
 */
function forgetUserBefore(state: SessionState, next: bigint): void {
  const before = state.user?.id;
  if (before === next) return;
  state.updates = undefined;
  if (before === undefined) return;
  for (const dc of state.dcs) if (dc.id !== state.dcId) dc.authKey = undefined;
}

/**
 * Records a successful sign-in, that of a step with these options.
 *
 * @throws {SignInError} `phoneUnregistered` if an account has to be made first. Telegram answers so
 * to `auth.signIn`, which makes a `SignUpToken` of it before it comes here.
 */
export async function finishSignIn(
  context: SignInContext,
  answer: Api.auth.Authorization,
  { signal }: StepOptions,
): Promise<User> {
  if (answer._ === "auth.authorizationSignUpRequired") {
    throw new SignInError("phoneUnregistered", {
      text: "there is no account yet. Make one with requestLoginCode(), signIn() and signUp().",
    });
  }
  if (answer.user._ !== "user") throw new SignInError("unsupported");
  const { state } = context.session;
  forgetUserBefore(state, answer.user.id);
  keepFutureToken(state, answer.futureAuthToken);
  state.user = undefined; // so that it is saved in any case
  const { setupPasswordRequired = false, otherwiseReloginDays, tmpSessions } = answer;
  const authorization = { setupPasswordRequired, otherwiseReloginDays, tmpSessions };
  const user = await remember(context, new User(answer.user, authorization));
  context.log.info(`Signed in as ${user.isBot ? "bot" : "user"} ${user.id}`);
  endOthers(context.session, signal);
  return user;
}

/**
 * Whether a user is signed in. False only if Telegram answers with code 401; any other error is
 * thrown.
 */
export async function isAuthorized(
  context: SignInContext,
  options: StepOptions = {},
): Promise<boolean> {
  try {
    await context.invoke({ _: "updates.getState" }, options);
    return true;
  } catch (error) {
    if (isSignedOut(error)) return false;
    throw toSignInError(error, "ask who is signed in");
  }
}

/**
 * Returns the user who is signed in; undefined if nobody is.
 *
 * @throws {SignInError} `sessionRevoked` or `accountDeactivated` if a sign-in was ended
 */
export async function getMe(
  context: SignInContext,
  options: StepOptions = {},
): Promise<User | undefined> {
  try {
    const [me] = await context.invoke(
      { _: "users.getUsers", id: [{ _: "inputUserSelf" }] },
      options,
    );
    return me?._ === "user" ? await remember(context, new User(me)) : undefined;
  } catch (error) {
    if (isSignedOut(error)) await forgetUser(context, error);
    if (!isSignedOut(error) || isEnded(error)) {
      throw toSignInError(error, "ask who is signed in");
    }
    return undefined;
  }
}

/**
 * Returns the user who is signed in, without asking Telegram where nobody can be. `onRevoked` takes
 * the error of a session that was ended: it can sign in again.
 */
export async function currentUser(
  context: SignInContext,
  options: StepOptions = {},
  onRevoked: (error: SignInError) => void = () => {},
): Promise<User | undefined> {
  if (context.keyIsNew && context.session.state.user === undefined) return undefined;
  try {
    return await getMe(context, options);
  } catch (error) {
    if (!(error instanceof SignInError) || error.reason !== "sessionRevoked") throw error;
    onRevoked(error);
    return undefined;
  }
}

/**
 * Signs out: Telegram ends this session, and the session forgets its user. Does nothing if nobody
 * is signed in.
 */
export async function signOut(context: SignInContext, options: StepOptions = {}): Promise<void> {
  try {
    const answer = await context.invoke({ _: "auth.logOut" }, options);
    keepFutureToken(context.session.state, answer.futureAuthToken);
  } catch (error) {
    if (!isSignedOut(error)) throw toSignInError(error, "sign out");
  }
  const { state } = context.session;
  state.user = undefined;
  state.updates = undefined;
  await context.save();
  context.log.info("Signed out");
}
