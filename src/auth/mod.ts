/**
 * Floor 7: signing in. Steps that talk to Telegram (`requestLoginCode`, `signIn`, `checkPassword`, `botSignIn`…), tokens
 * that they hand to each other, and two walks over the steps: `start` and `interactiveLogin`.
 */
export { getMe, isAuthorized, signOut } from "./current_user.ts";
export type { Answer, LoginAnswers } from "./flows/login_answers.ts";
export { botSignIn } from "./bot.ts";
export { invokeAtHome, type MethodCall, type SignInContext, type StepOptions } from "./context.ts";
export {
  type DeviceLike,
  Devices,
  type DeviceSession,
  type DeviceSettings,
  type WebSession,
} from "./devices/devices.ts";
export type { CodeDelivery, CodeDetails } from "./tokens/code_delivery.ts";
export { LoginCancelledError, SignInError } from "./errors.ts";
export type { SignInErrorOptions, SignInErrorReason } from "./errors.ts";
export type { EmailProof } from "./input/code.ts";
export type { Asker, InteractiveOptions } from "./flows/interactive.ts";
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
export type { SentEmailCode } from "./code/login_email.ts";
export {
  type AskPasskey,
  type Passkey,
  type PasskeyAnswer,
  Passkeys,
} from "./passkeys/passkeys.ts";
export type { PasswordRecovery, RecoveredPassword } from "./password/recovery.ts";
export {
  type NewPasswordOptions,
  PasswordSettings,
  type ReplaceOptions,
} from "./password/settings.ts";
export type { PasswordChange, PasswordReset, PasswordStatus } from "./password/status.ts";
export type { QrCode, QrLoginOptions } from "./qr/show_qr_codes.ts";
export { QrLogin } from "./qr/qr_login.ts";
export { start } from "./flows/start.ts";
export type { NewAccount } from "./code/sign_up.ts";
export { LoginToken, PasswordToken, SignUpToken } from "./tokens/tokens.ts";
export type { TokenOrigin } from "./tokens/saved_token.ts";
export type { CodeAnswer, CodeNotNeeded } from "./tokens/tokens.ts";
export { type AuthorizationDetails, User } from "./user.ts";
