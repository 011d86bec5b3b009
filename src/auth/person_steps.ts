/**
 * The steps of a person: all that later.ts loads, when the first of them is taken.
 */
export { acceptQr } from "./accept_qr.ts";
export { requestLoginCode, signIn } from "./code.ts";
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
} from "./device_steps.ts";
export { interactiveLogin } from "./interactive.ts";
export { resetLoginEmail, setUpLoginEmail, verifyLoginEmail } from "./login_email.ts";
export {
  deletePasskey,
  listPasskeys,
  registerPasskey,
  signInWithPasskey,
} from "./passkey_steps.ts";
export { checkPassword } from "./password.ts";
export {
  checkRecoveryCode,
  recoverPassword,
  requestPasswordRecovery,
  sendRecoveryCode,
} from "./password_recovery.ts";
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
} from "./password_steps.ts";
export { showQrCodes } from "./qr.ts";
export { cancelCode, checkPaidCode, reportMissingCode, resendCode } from "./resend_code.ts";
export { resumeLogin } from "./resume.ts";
export { signUp } from "./sign_up.ts";
export { asPerson, finishWith } from "./start_person.ts";
export { webTokenSignIn } from "./web_token.ts";
