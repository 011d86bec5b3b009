/**
 * Floor 9: signing in. Steps that talk to Telegram, tokens that they hand to each other, and walks
 * over the steps: `start` and `interactiveLogin`. A bot's steps load at once, a person's (one
 * folder a topic) at the door of person/, on first use.
 */
import { type Lazy, lazy } from "../runtime/mod.ts";
import type { SignInContext } from "./context.ts";
import type { Devices } from "./devices/mod.ts";
import type { Passkeys } from "./passkeys/mod.ts";
import type { PasswordSettings } from "./password/mod.ts";
import type { checkedSteps } from "./person/mod.ts";

type Person = typeof import("./person/mod.ts");

const person = (): Promise<Person> => import("./person/mod.ts");

/** The steps of a person, and the walks over them. */
export const personSteps: Lazy<ReturnType<typeof checkedSteps<Person>>> = lazy(async () => {
  const steps = await person();
  return steps.checkedSteps(steps);
});

/** Returns the devices of the account. */
export function devicesOf(context: SignInContext): Lazy<Devices> {
  return lazy(async () => (await person()).devices(context));
}

/** Returns the passkeys of the account. */
export function passkeysOf(context: SignInContext): Lazy<Passkeys> {
  return lazy(async () => (await person()).passkeys(context));
}

/** Returns the settings of the account's 2FA password. */
export function passwordOf(context: SignInContext): Lazy<PasswordSettings> {
  return lazy(async () => (await person()).password(context));
}

export { botSignIn } from "./bot.ts";
export type * from "./code/mod.ts";
export type { MethodCall, SignInContext, StepOptions } from "./context.ts";
export { currentUser, getMe, isAuthorized, signOut } from "./current_user.ts";
export type * from "./devices/mod.ts";
export {
  LoginCancelledError,
  SignInError,
  type SignInErrorOptions,
  type SignInErrorReason,
} from "./errors.ts";
export type { EmailProof } from "./input/code.ts";
export type { Answer, LoginAnswers } from "./login_answers.ts";
export { phoneOf } from "./input/phone.ts";
export type * from "./passkeys/mod.ts";
export type * from "./password/mod.ts";
export type * from "./person/mod.ts";
export { QrLogin } from "./qr/qr_login.ts";
export { type QrCode, type QrLoginOptions, qrModules } from "./qr/qr_code.ts";
export { start } from "./start.ts";
export { signInsEnded } from "./under_way.ts";
export type { CodeDelivery, CodeDetails } from "./tokens/code_delivery.ts";
export type { CodeAnswer, CodeNotNeeded, LoginToken } from "./tokens/login_token.ts";
export type { PasswordToken } from "./tokens/password_token.ts";
export type { SignUpToken } from "./tokens/sign_up_token.ts";
export type { TokenOrigin } from "./tokens/token_origin.ts";
export { AuthorizationTransfers, type TransferHost } from "./transfer_authorization.ts";
export { type AuthorizationDetails, User } from "./user.ts";
