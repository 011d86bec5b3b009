/**
 * Signing in by a QR code, which a device that is signed in scans: the loop that keeps a fresh code
 * and notices when it was approved. https://core.telegram.org/api/qr-login
 */
import { MAX_MOVES, moveToAccount, RpcError } from "../../connection/mod.ts";
import { encodeBase64Url } from "../../crypto/mod.ts";
import { WakeSignal, withAnySignal } from "../../runtime/mod.ts";
import { findDc } from "../../session/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import { finishSignIn } from "../current_user.ts";
import { SignInError, toSignInError } from "../errors.ts";
import { invokeFirst } from "../invoke_step.ts";
import { orPasswordToken } from "../password/parameters.ts";
import type { PasswordToken } from "../tokens/password_token.ts";
import { unlessOther } from "../under_way.ts";
import type { User } from "../user.ts";
import type { QrCode, QrLoginOptions } from "./qr_code.ts";

const SIGNING_IN = "sign in by QR code";
const URL_PREFIX = "tg://login?token=";
/**
 * Milliseconds. A code is replaced when half of its time is over: the person who scans it has the
 * other half.
 */
const LONGEST_WAIT = 15_000;
const SHORTEST_WAIT = 1_000;

/**
 * Shows codes until one was approved: calls `show` with the first code and each new one. Returns
 * the user, or a token if the account has a 2FA password. The data center where the account lives
 * becomes the home.
 */
export async function showQrCodes(
  context: SignInContext,
  show: (code: QrCode) => unknown,
  options: QrLoginOptions = {},
): Promise<User | PasswordToken> {
  if (typeof show !== "function") {
    throw new TypeError(
      "Cannot sign in by QR code: nothing shows it. Pass a function that does.",
    );
  }
  return await unlessOther(
    context,
    options.signal,
    (signal) => showUntilApproved(context, show, { ...options, signal }),
  );
}

async function showUntilApproved(
  context: SignInContext,
  show: (code: QrCode) => unknown,
  options: QrLoginOptions,
): Promise<User | PasswordToken> {
  const approved = new WakeSignal();
  const unsubscribe = context.subscribe((updates) => {
    if (hasLoginToken(updates)) approved.wake();
  });
  const showing = new AbortController(); // aborted when a code cannot be shown
  let shown = "";
  try {
    for (;;) {
      approved.reset(); // before asking: an update that comes meanwhile counts
      const answer = await askForCode(context, options);
      if ("kind" in answer) return answer;
      if (answer.url !== shown) {
        Promise.resolve(answer).then(show).catch((error) => showing.abort(error));
      }
      shown = answer.url;
      await withAnySignal(
        showing.signal,
        options.signal,
        (signal) => approved.wait(waitFor(context, answer), context.clock, signal),
      );
    }
  } catch (error) {
    throw toSignInError(error, SIGNING_IN);
  } finally {
    unsubscribe();
  }
}

/** Returns a code, or the outcome of the code that was approved. */
async function askForCode(
  context: SignInContext,
  options: QrLoginOptions,
): Promise<QrCode | User | PasswordToken> {
  const { apiId, apiHash } = context;
  const exceptIds = [...options.exceptIds ?? []];
  const request = { _: "auth.exportLoginToken", apiId, apiHash, exceptIds } as const;
  return await orPasswordToken(context, SIGNING_IN, options, async () => {
    let answer: Api.auth.LoginToken = await invokeFirst(context, request, options);
    for (let moves = 0; answer._ === "auth.loginTokenMigrateTo"; moves++) {
      if (moves === MAX_MOVES) throw new SignInError("restartNeeded", { doing: SIGNING_IN });
      const { dcId, token } = answer;
      await moveToAccount(context, dcId, options.signal);
      answer = await importToken(context, token, options) ??
        await context.invoke(request, options);
    }
    if (answer._ === "auth.loginTokenSuccess") {
      return await finishSignIn(context, answer.authorization, options);
    }
    const { token, expires } = answer;
    return { url: URL_PREFIX + encodeBase64Url(token), token, expires };
  });
}

/**
 * Takes an approved token to the account's data center. Returns undefined if it has expired: a new
 * code is needed then.
 */
async function importToken(
  context: SignInContext,
  token: Uint8Array,
  options: StepOptions,
): Promise<Api.auth.LoginToken | undefined> {
  try {
    return await context.invoke({ _: "auth.importLoginToken", token }, options);
  } catch (error) {
    if (error instanceof RpcError && error.is("AUTH_TOKEN_EXPIRED")) return undefined;
    throw error;
  }
}

/**
 * Whether updates announce that a code was approved. They may get lost, so Telegram is asked as
 * well.
 */
function hasLoginToken(updates: Api.Updates): boolean {
  if (updates._ === "updateShort") return updates.update._ === "updateLoginToken";
  return "updates" in updates && updates.updates.some(({ _ }) => _ === "updateLoginToken");
}

/** Returns the milliseconds until a code is replaced. */
function waitFor({ clock, session }: SignInContext, { expires }: QrCode): number {
  const { timeOffset = 0 } = findDc(session.state) ?? {};
  const left = expires * 1000 - (clock.now() + timeOffset);
  return Math.min(Math.max(left / 2, SHORTEST_WAIT), LONGEST_WAIT);
}
