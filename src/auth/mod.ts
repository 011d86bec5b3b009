/**
 * Floor 8: signing in. Steps that talk to Telegram, tokens that they hand to each other, and walks over the steps: `start` and
 * `interactiveLogin`. Loaded at once is only what a bot needs; each topic below is a door, and loads on first use.
 */
import { type Lazy, lazy } from "../runtime/mod.ts";
import type { SignInContext } from "./context.ts";
import type { Devices } from "./devices/mod.ts";
import type { Passkeys } from "./passkeys/mod.ts";
import type { PasswordSettings } from "./password/mod.ts";

/** The steps with a phone number and a code. */
export const codeSteps = lazy(() => import("./code/mod.ts"));
/** The steps with the 2FA password. */
export const passwordSteps = lazy(() => import("./password/mod.ts"));
/** The steps by QR code, shown and approved. */
export const qrSteps = lazy(() => import("./qr/mod.ts"));
/** The step that goes on from a saved token. */
export const tokenSteps = lazy(() => import("./tokens/mod.ts"));
/** The step with a web token. */
export const webTokenSteps = lazy(() => import("./web_token.ts"));
/** The walks of a person over the steps. */
export const personWalks = lazy(() => import("./person/mod.ts"));

/** Returns the devices of the account. */
export function devicesOf(context: SignInContext): Lazy<Devices> {
  return lazy(async () => new (await import("./devices/mod.ts")).Devices(context));
}

/** Returns the passkeys of the account. */
export function passkeysOf(context: SignInContext): Lazy<Passkeys> {
  return lazy(async () => new (await import("./passkeys/mod.ts")).Passkeys(context));
}

/** Returns the settings of the account's 2FA password. */
export function passwordOf(context: SignInContext): Lazy<PasswordSettings> {
  return lazy(async () => new (await import("./password/mod.ts")).PasswordSettings(context));
}

export { botSignIn } from "./bot.ts";
export type * from "./code/mod.ts";
export type { MethodCall, SignInContext, StepOptions } from "./context.ts";
export { getMe, isAuthorized, signOut } from "./current_user.ts";
export type * from "./devices/mod.ts";
export {
  LoginCancelledError,
  SignInError,
  type SignInErrorOptions,
  type SignInErrorReason,
} from "./errors.ts";
export type { EmailProof } from "./input/code.ts";
export type { Answer, LoginAnswers } from "./login_answers.ts";
export type * from "./passkeys/mod.ts";
export type * from "./password/mod.ts";
export type * from "./person/mod.ts";
export { QrLogin } from "./qr/qr_login.ts";
export { qrModules } from "./qr/modules.ts";
export type { QrCode, QrLoginOptions } from "./qr/qr_code.ts";
export { start } from "./start.ts";
export type { CodeDelivery, CodeDetails } from "./tokens/code_delivery.ts";
export { type CodeAnswer, type CodeNotNeeded, LoginToken } from "./tokens/login_token.ts";
export { PasswordToken } from "./tokens/password_token.ts";
export { SignUpToken } from "./tokens/sign_up_token.ts";
export type { TokenOrigin } from "./tokens/token_origin.ts";
export { AuthorizationTransfers, type TransferHost } from "./transfer_authorization.ts";
export { type AuthorizationDetails, User } from "./user.ts";
