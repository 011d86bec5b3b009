/**
 * The steps of a person: all that later.ts loads, when the first of them is taken.
 */
export { acceptQr } from "./qr/accept_qr.ts";
export { requestLoginCode, signIn } from "./code/sign_in.ts";
export {
  configureDevice,
  confirmDevice,
  inactivityLimit,
  listDevices,
  listWebsites,
  setInactivityLimit,
  terminateAllWebsites,
  terminateDevice,
  terminateOtherDevices,
  terminateWebsite,
} from "./devices/device_steps.ts";
export { interactiveLogin } from "./flows/interactive.ts";
export { resetLoginEmail, setUpLoginEmail, verifyLoginEmail } from "./code/login_email.ts";
export {
  deletePasskey,
  listPasskeys,
  registerPasskey,
  signInWithPasskey,
} from "./passkeys/passkey_steps.ts";
export { checkPassword } from "./password/check_password.ts";
export {
  checkRecoveryCode,
  recoverPassword,
  requestPasswordRecovery,
  sendRecoveryCode,
} from "./password/recovery.ts";
export {
  askForRecoveryEmail,
  cancelPasswordReset,
  cancelRecoveryEmail,
  changePassword,
  confirmRecoveryEmail,
  passwordStatus,
  removePassword,
  replaceForgottenPassword,
  requestPasswordReset,
  resendRecoveryEmailCode,
  setPassword,
  setRecoveryEmail,
} from "./password/password_steps.ts";
export { showQrCodes } from "./qr/show_qr_codes.ts";
export { cancelCode, checkPaidCode, reportMissingCode, resendCode } from "./code/resend_code.ts";
export { resumeLogin } from "./tokens/resume_login.ts";
export { signUp } from "./code/sign_up.ts";
export { asPerson, finishWith } from "./flows/start_person.ts";
export { webTokenSignIn } from "./web_token.ts";
