/**
 * The steps of a person, loaded when the first of them is taken: a bot, and whoever is signed in already, does without. They are
 * loaded together, as a bundle is the smaller the fewer parts it has. Each function here is the step of the same name in
 * person_steps.ts, where it is documented; the last one, which few need, is loaded by itself.
 */
import type * as Steps from "./person_steps.ts";

/** All of them, by name. */
export function loadSteps(): Promise<typeof Steps> {
  return import("./person_steps.ts");
}

export const acceptQr: typeof Steps.acceptQr = async (...args) =>
  await (await loadSteps()).acceptQr(...args);
export const asPerson: typeof Steps.asPerson = async (...args) =>
  await (await loadSteps()).asPerson(...args);
export const cancelCode: typeof Steps.cancelCode = async (...args) =>
  await (await loadSteps()).cancelCode(...args);
export const checkPaidCode: typeof Steps.checkPaidCode = async (...args) =>
  await (await loadSteps()).checkPaidCode(...args);
export const checkPassword: typeof Steps.checkPassword = async (...args) =>
  await (await loadSteps()).checkPassword(...args);
export const checkRecoveryCode: typeof Steps.checkRecoveryCode = async (...args) =>
  await (await loadSteps()).checkRecoveryCode(...args);
export const finishWith: typeof Steps.finishWith = async (...args) =>
  await (await loadSteps()).finishWith(...args);
export const interactiveLogin: typeof Steps.interactiveLogin = async (...args) =>
  await (await loadSteps()).interactiveLogin(...args);
export const recoverPassword: typeof Steps.recoverPassword = async (...args) =>
  await (await loadSteps()).recoverPassword(...args);
export const reportMissingCode: typeof Steps.reportMissingCode = async (...args) =>
  await (await loadSteps()).reportMissingCode(...args);
export const requestLoginCode: typeof Steps.requestLoginCode = async (...args) =>
  await (await loadSteps()).requestLoginCode(...args);
export const requestPasswordRecovery: typeof Steps.requestPasswordRecovery = async (...args) =>
  await (await loadSteps()).requestPasswordRecovery(...args);
export const resendCode: typeof Steps.resendCode = async (...args) =>
  await (await loadSteps()).resendCode(...args);
export const resetLoginEmail: typeof Steps.resetLoginEmail = async (...args) =>
  await (await loadSteps()).resetLoginEmail(...args);
export const resumeLogin: typeof Steps.resumeLogin = async (...args) =>
  await (await loadSteps()).resumeLogin(...args);
export const setUpLoginEmail: typeof Steps.setUpLoginEmail = async (...args) =>
  await (await loadSteps()).setUpLoginEmail(...args);
export const showQrCodes: typeof Steps.showQrCodes = async (...args) =>
  await (await loadSteps()).showQrCodes(...args);
export const signIn: typeof Steps.signIn = async (...args) =>
  await (await loadSteps()).signIn(...args);
export const signUp: typeof Steps.signUp = async (...args) =>
  await (await loadSteps()).signUp(...args);
export const verifyLoginEmail: typeof Steps.verifyLoginEmail = async (...args) =>
  await (await loadSteps()).verifyLoginEmail(...args);
export const webTokenSignIn: typeof Steps.webTokenSignIn = async (...args) =>
  await (await loadSteps()).webTokenSignIn(...args);

/**
 * The modules of a QR code, for showing the `url` of a {@linkcode QrCode} without a library: rows from the top, `true` for a dark
 * module; `undefined` if the text is longer than 134 bytes in UTF-8. Around it belongs light, four modules wide.
 *
 * @example As HTML
 * ```ts
 * import { qrModules } from "@tessera/mtproto";
 *
 * const rows = (await qrModules("tg://login?token=AQIDBAUGBwg")) ?? [];
 * const path = rows.flatMap((row, y) => row.map((isDark, x) => isDark ? `M${x} ${y}h1v1h-1z` : ""));
 * const svg = `<svg viewBox="-4 -4 ${rows.length + 8} ${rows.length + 8}"><path d="${path.join("")}"/></svg>`;
 * console.log(rows.length, svg.length > 1000); // 25 true
 * ```
 */
export async function qrModules(text: string): Promise<boolean[][] | undefined> {
  return (await import("./qr/modules.ts")).qrModules(text);
}
