/**
 * Floor 7: signing in. Steps that talk to Telegram (`requestLoginCode`, `signIn`, `checkPassword`, `botSignIn`…), tokens
 * that they hand to each other, and two walks over the steps: `start` and `interactiveLogin`.
 */
export { getMe, isAuthorized, signOut } from "./account.ts";
export type { Answer, LoginAnswers } from "./answers.ts";
export { botSignIn } from "./bot.ts";
export { invokeAtHome, type MethodCall, type SignInContext, type StepOptions } from "./context.ts";
export {
  type DeviceLike,
  Devices,
  type DeviceSession,
  type DeviceSettings,
  type WebSession,
} from "./devices.ts";
export type { CodeDelivery, CodeDetails } from "./delivery.ts";
export { LoginCancelledError, SignInError } from "./errors.ts";
export type { SignInErrorOptions, SignInErrorReason } from "./errors.ts";
export type { EmailProof } from "./given_code.ts";
export type { Asker, InteractiveOptions } from "./interactive.ts";
export {
  acceptQr,
  cancelCode,
  checkPaidCode,
  checkPassword,
  checkRecoveryCode,
  interactiveLogin,
  qrModules,
  recoverPassword,
  reportMissingCode,
  requestLoginCode,
  requestPasswordRecovery,
  resendCode,
  resetLoginEmail,
  resumeLogin,
  setUpLoginEmail,
  signIn,
  signUp,
  verifyLoginEmail,
  webTokenSignIn,
} from "./later.ts";
export type { SentEmailCode } from "./login_email.ts";
export { type AskPasskey, type Passkey, type PasskeyAnswer, Passkeys } from "./passkeys.ts";
export type { PasswordRecovery, RecoveredPassword } from "./password_recovery.ts";
export {
  type NewPasswordOptions,
  PasswordSettings,
  type ReplaceOptions,
} from "./password_settings.ts";
export type { PasswordChange, PasswordReset, PasswordStatus } from "./password_status.ts";
export type { QrCode, QrLoginOptions } from "./qr.ts";
export { QrLogin } from "./qr_login.ts";
export { start } from "./start.ts";
export type { NewAccount } from "./sign_up.ts";
export { LoginToken, PasswordToken, SignUpToken } from "./tokens.ts";
export type { TokenOrigin } from "./saved_token.ts";
export type { CodeAnswer, CodeNotNeeded } from "./tokens.ts";
export { type AuthorizationDetails, User } from "./user.ts";
