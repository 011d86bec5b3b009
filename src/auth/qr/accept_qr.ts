/**
 * Approving the QR code of another device, which signs it in:
 * https://core.telegram.org/method/auth.acceptLoginToken
 */
import { decodeBase64 } from "../../crypto/mod.ts";
import { pasted } from "../../runtime/mod.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import { deviceOf, type DeviceSession } from "../devices/device_session.ts";
import { SignInError } from "../errors.ts";
import { invokeStep } from "../invoke_step.ts";

const ACCEPTING = "approve a QR code";

/** Returns the token of a `tg://login` link, or of its token in base64url. */
function readToken(urlOrToken: string | Uint8Array): Uint8Array {
  if (urlOrToken instanceof Uint8Array) return urlOrToken;
  if (typeof urlOrToken !== "string") throw new SignInError("qrInvalid", { doing: ACCEPTING });
  const text = pasted(urlOrToken).replace(/\s/g, "");
  const encoded = /^tg:(?:\/\/)?login\/?\?(?:.*&)?token=([^&#]*)/i.exec(text)?.[1] ?? text;
  try {
    const token = decodeBase64(decodeURIComponent(encoded));
    if (token.length > 0) return token;
  } catch {
    // The error below says it, and does not quote the link.
  }
  throw new SignInError("qrInvalid", { doing: ACCEPTING });
}

/**
 * Approves the QR code that another device shows. Returns that device, as the list of devices has
 * it.
 */
export async function acceptQr(
  context: SignInContext,
  urlOrToken: string | Uint8Array,
  options: StepOptions = {},
): Promise<DeviceSession> {
  const request = { _: "auth.acceptLoginToken", token: readToken(urlOrToken) } as const;
  return deviceOf(await invokeStep(context, request, ACCEPTING, options));
}
