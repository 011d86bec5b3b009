/**
 * Signing in by a QR code that a device which is signed in scans: https://core.telegram.org/api/qr-login
 * The loop that keeps a fresh code and notices when it was approved, and the other side of it: approving one. How a code is
 * handed to whoever shows it is in qr_login.ts.
 */
import { RpcError } from "../../connection/mod.ts";
import { encodeBase64Url } from "../../crypto/mod.ts";
import { abortable, anySignal, WakeSignal } from "../../runtime/mod.ts";
import { findDc } from "../../session/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { finishSignIn } from "../current_user.ts";
import { begin } from "../invoke_step.ts";
import { passwordToken } from "../code/sign_in.ts";
import { invokeAtHome, type SignInContext, type StepOptions } from "../context.ts";
import { SignInError, toSignInError } from "../errors.ts";
import type { PasswordToken } from "../tokens/tokens.ts";
import type { User } from "../user.ts";

/** What a device that is signed in is to scan. */
export interface QrCode {
  /** The text of the QR code: `tg://login?token=…`. */
  readonly url: string;
  /** The token in it. Whoever approves it signs this client in to their account. */
  readonly token: Uint8Array;
  /** Until when it is good, in Unix seconds by Telegram's clock. A new one comes in time. */
  readonly expires: number;
}

/** How to sign in by QR code. */
export interface QrLoginOptions extends StepOptions {
  /** The ids of users who are signed in on this device already, in other sessions: they cannot approve the code. */
  exceptIds?: readonly bigint[];
}

const SIGNING_IN = "sign in by QR code";
const URL_PREFIX = "tg://login?token=";
/** A code is replaced when half of its time is over, so that whoever scans it has the other half; milliseconds. */
const LONGEST_WAIT = 15_000;
const SHORTEST_WAIT = 1_000;
/** Two moves are ordinary; more are a server that sends us in circles. */
const MAX_MOVES = 3;

/**
 * Shows codes until one was approved: `show` is called with the first one and each new one. Gives the user, or a token if
 * the account has a 2FA password. The data center where the account lives becomes the home.
 *
 * @throws {SignInError} `apiIdInvalid`, `flood` and others.
 */
export async function showQrCodes(
  context: SignInContext,
  show: (code: QrCode) => unknown,
  options: QrLoginOptions = {},
): Promise<User | PasswordToken> {
  if (typeof show !== "function") {
    throw new TypeError(
      "Cannot sign in by QR code: there is nothing that shows it, expected a function",
    );
  }
  const signal = anySignal(options.signal, context.lifetime);
  const approved = new WakeSignal();
  const unsubscribe = context.subscribe((updates) => {
    if (hasLoginToken(updates)) approved.ring();
  });
  const showing = new AbortController(); // aborted when a code cannot be shown
  let shown = "";
  try {
    for (;;) {
      approved.reset(); // before asking: what rings while the question is under way counts
      const answer = await askForCode(context, { ...options, signal });
      if ("kind" in answer) return answer;
      if (answer.url !== shown) {
        Promise.resolve(answer).then(show).catch((error) => showing.abort(error));
      }
      shown = answer.url;
      const waiting = anySignal(signal, showing.signal);
      await approved.wait(waitFor(context, answer), context.clock, waiting);
    }
  } catch (error) {
    throw toSignInError(error, SIGNING_IN);
  } finally {
    unsubscribe();
  }
}

/** A code, or what came of the one that was approved. */
async function askForCode(
  context: SignInContext,
  options: QrLoginOptions,
): Promise<QrCode | User | PasswordToken> {
  const { apiId, apiHash } = context;
  const exceptIds = [...options.exceptIds ?? []];
  const request = { _: "auth.exportLoginToken", apiId, apiHash, exceptIds } as const;
  try {
    let answer: Api.auth.LoginToken = await begin(context, request, options);
    for (let moves = 0; answer._ === "auth.loginTokenMigrateTo"; moves++) {
      if (moves === MAX_MOVES) throw new SignInError("restartNeeded", { doing: SIGNING_IN });
      const { dcId, token } = answer;
      context.log.info(`The account lives in DC ${dcId}: moving there`);
      await abortable(context.switchDc(dcId), options.signal);
      answer = await importToken(context, token, options) ??
        await invokeAtHome(context, request, options);
    }
    if (answer._ === "auth.loginTokenSuccess") {
      return await finishSignIn(context, answer.authorization);
    }
    const { token, expires } = answer;
    return { url: URL_PREFIX + encodeBase64Url(token), token, expires };
  } catch (error) {
    if (!(error instanceof RpcError && error.is("SESSION_PASSWORD_NEEDED"))) throw error;
    return await passwordToken(context, options);
  }
}

/** Takes an approved token to the account's data center; undefined if that took too long, and a new code is needed. */
async function importToken(
  context: SignInContext,
  token: Uint8Array,
  options: StepOptions,
): Promise<Api.auth.LoginToken | undefined> {
  try {
    return await invokeAtHome(context, { _: "auth.importLoginToken", token }, options);
  } catch (error) {
    if (error instanceof RpcError && error.is("AUTH_TOKEN_EXPIRED")) return undefined;
    throw error;
  }
}

/** Whether updates tell that a code was approved. They may never come: that is why it is asked for as well. */
function hasLoginToken(updates: Api.Updates): boolean {
  if (updates._ === "updateShort") return updates.update._ === "updateLoginToken";
  return "updates" in updates && updates.updates.some(({ _ }) => _ === "updateLoginToken");
}

/** Milliseconds until a code is to be replaced. */
function waitFor({ clock, session }: SignInContext, { expires }: QrCode): number {
  const { timeOffset = 0 } = findDc(session.state) ?? {};
  const left = expires * 1000 - (clock.now() + timeOffset);
  return Math.min(Math.max(left / 2, SHORTEST_WAIT), LONGEST_WAIT);
}
