/**
 * A token of signing in as one line of text, so that another process can go on. It is base64url of
 * a version, the kind, the data center and the id of the auth key that the token belongs to, the
 * token's own texts, Telegram's answer in TL, a proof and a checksum. The proof is an HMAC under a
 * key that is derived from the auth key: only the session can make a token, and nothing of a
 * changed one is read. The checksum tells damage from another session. Telegram knows a code only
 * together with the auth key that asked for it: save the session as well.
 */
import {
  concatBytes,
  decodeBase64,
  encodeBase64Url,
  equalBytes,
  hmacSha256,
  sha256,
} from "../../crypto/entry.ts";
import { pasted } from "../../runtime/mod.ts";
import { apiSchema, type TlObject, TlReader, TlWriter } from "../../tl/mod.ts";
import { SignInError } from "../errors.ts";
import type { SessionState } from "../../session/mod.ts";
import { isOrigin, originOf, type TokenOrigin } from "./token_origin.ts";

/** The parts of a token that are saved. */
export interface SavedToken {
  readonly kind: "login" | "password" | "signUp";
  readonly origin: TokenOrigin;
  /** The phone number and the code's hash, where the token has them. */
  readonly texts: readonly string[];
  /** Telegram's answer, from which the token was made. */
  readonly answer: TlObject;
}

const VERSION = 2;
const KINDS: readonly SavedToken["kind"][] = ["login", "password", "signUp"];
const PROOF_LENGTH = 16;
const CHECK_LENGTH = 4;
/** The most characters of a token. The answer of Telegram has some hundred bytes. */
const MAX_LENGTH = 2 ** 18;

/** Writes a token. Throws a `TypeError` for one that was not made by a client. */
export function packToken(token: Omit<SavedToken, "origin"> & { origin?: TokenOrigin }): string {
  const { kind, origin, texts, answer } = token;
  if (origin === undefined) {
    throw new TypeError(
      `Cannot save the ${kind} token: no client made it. Save the token that a step returned.`,
    );
  }
  const writer = new TlWriter();
  writer.int32(origin.dcId);
  writer.raw(origin.authKeyId);
  for (const text of texts) writer.string(text);
  apiSchema().write(writer, answer);
  const head = Uint8Array.of(VERSION, KINDS.indexOf(kind), texts.length, 0);
  const body = concatBytes(head, writer.finish());
  const bytes = concatBytes(body, proofOf(body, origin.proofKey));
  return encodeBase64Url(concatBytes(bytes, checkSum(bytes)));
}

/**
 * Reads a token of a session. Throws `otherSession` for one that another session saved, and
 * `savedTokenInvalid` for a damaged or forged one; neither quotes it.
 */
export function unpackToken(text: string, state: SessionState): SavedToken {
  const body = bodyOf(text);
  const reader = new TlReader(body.subarray(4));
  try {
    const origin = { dcId: reader.int32(), authKeyId: reader.raw(8) };
    const own = originOf(state);
    if (own === undefined || !isOrigin(origin, state)) {
      throw new SignInError("otherSession", { doing: "go on with signing in" });
    }
    const proof = body.subarray(body.length - PROOF_LENGTH);
    if (!equalBytes(proof, proofOf(body.subarray(0, -PROOF_LENGTH), own.proofKey))) throw invalid();
    const texts = Array.from({ length: body[2] }, () => reader.string());
    const answer = apiSchema().read(reader) as TlObject;
    return { kind: KINDS[body[1]], origin: own, texts, answer };
  } catch (cause) {
    throw cause instanceof SignInError ? cause : invalid(cause);
  }
}

/** The bytes of a token with its proof. */
function bodyOf(text: string): Uint8Array {
  if (typeof text !== "string") {
    throw new TypeError(
      "Cannot go on with signing in: this is no text. Pass the one that token.save() returned.",
    );
  }
  if (text.length > MAX_LENGTH) throw invalid();
  let all: Uint8Array;
  try {
    all = decodeBase64(pasted(text).replace(/\s/g, ""));
  } catch (cause) {
    throw invalid(cause);
  }
  const bytes = all.subarray(0, -CHECK_LENGTH);
  const isWhole = equalBytes(checkSum(bytes), all.subarray(-CHECK_LENGTH));
  if (!isWhole || bytes[0] !== VERSION || bytes.length < 4 + PROOF_LENGTH) throw invalid();
  return bytes;
}

function invalid(cause?: unknown): SignInError {
  return new SignInError("savedTokenInvalid", { doing: "go on with signing in", cause });
}

function proofOf(body: Uint8Array, proofKey: Uint8Array): Uint8Array {
  return hmacSha256(proofKey, body).subarray(0, PROOF_LENGTH);
}

function checkSum(bytes: Uint8Array): Uint8Array {
  return sha256(bytes).subarray(0, CHECK_LENGTH);
}
