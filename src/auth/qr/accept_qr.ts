/**
 * Approving the QR code of another device, which signs it in: https://core.telegram.org/method/auth.acceptLoginToken
 */
import { decodeBase64 } from "../../crypto/mod.ts";
import { invokeAtHome, type SignInContext, type StepOptions } from "../context.ts";
import { deviceOf } from "../devices/device_steps.ts";
import type { DeviceSession } from "../devices/devices.ts";
import { SignInError, toSignInError } from "../errors.ts";

const ACCEPTING = "approve a QR code";

/** The token in what was scanned: a `tg://login` link, or the token of one in base64url. */
function readToken(urlOrToken: string | Uint8Array): Uint8Array {
  if (typeof urlOrToken !== "string") return urlOrToken;
  const text = urlOrToken.trim();
  const encoded = /^tg:(?:\/\/)?login\/?\?(?:.*&)?token=([^&#]*)/i.exec(text)?.[1] ?? text;
  try {
    const token = decodeBase64(decodeURIComponent(encoded));
    if (token.length > 0) return token;
  } catch {
    // Said below: what was scanned is not quoted.
  }
  throw new SignInError("qrInvalid", { doing: ACCEPTING });
}

/**
 * Approves the QR code that another device shows: it is signed in as the user of this client. Gives that device, as the list
 * of devices has it.
 *
 * @param urlOrToken what the QR code says (`tg://login?token=…`), or the token in it
 * @throws {SignInError} `qrInvalid`, `qrExpired`, `qrUsed`, `qrRefused`, `signedOut` and others.
 */
export async function acceptQr(
  context: SignInContext,
  urlOrToken: string | Uint8Array,
  options: StepOptions = {},
): Promise<DeviceSession> {
  const token = readToken(urlOrToken);
  try {
    const request = { _: "auth.acceptLoginToken", token } as const;
    return deviceOf(await invokeAtHome(context, request, options));
  } catch (error) {
    throw toSignInError(error, ACCEPTING);
  }
}
