/**
 * A token of signing in as one line of text, so that another process can go on. It is base64url of
 * a version, the kind, the data center and the id of the auth key that the token belongs to, the
 * token's own texts, Telegram's answer in TL, and a checksum. Telegram knows a code only together
 * with the auth key that asked for it: save the session as well.
 */
import {
  concatBytes,
  decodeBase64,
  encodeBase64Url,
  equalBytes,
  sha256,
} from "../../crypto/mod.ts";
import { apiSchema, type TlObject, TlReader, TlWriter } from "../../tl/mod.ts";
import { SignInError } from "../errors.ts";
import type { TokenOrigin } from "./token_origin.ts";

/** The parts of a token that are saved. */
export interface SavedToken {
  readonly kind: "login" | "password" | "signUp";
  readonly origin: TokenOrigin;
  /** The phone number and the code's hash, where the token has them. */
  readonly texts: readonly string[];
  /** Telegram's answer, from which the token was made. */
  readonly answer: TlObject;
}

const VERSION = 1;
const KINDS: readonly SavedToken["kind"][] = ["login", "password", "signUp"];
const CHECK_LENGTH = 4;

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
  const bytes = concatBytes(head, writer.finish());
  return encodeBase64Url(concatBytes(bytes, checkSum(bytes)));
}

/** Reads a token. Throws `savedTokenInvalid`, which does not quote it. */
export function unpackToken(text: string): SavedToken {
  try {
    const all = decodeBase64(text.trim());
    const bytes = all.subarray(0, -CHECK_LENGTH);
    const [version, kind, textCount] = bytes;
    if (version === VERSION && equalBytes(checkSum(bytes), all.subarray(-CHECK_LENGTH))) {
      const reader = new TlReader(bytes.subarray(4));
      const origin = { dcId: reader.int32(), authKeyId: reader.raw(8).slice() };
      const texts = Array.from({ length: textCount }, () => reader.string());
      const answer = apiSchema().read(reader) as TlObject;
      return { kind: KINDS[kind], origin, texts, answer };
    }
  } catch (cause) {
    throw new SignInError("savedTokenInvalid", { doing: "go on with signing in", cause });
  }
  throw new SignInError("savedTokenInvalid", { doing: "go on with signing in" });
}

function checkSum(bytes: Uint8Array): Uint8Array {
  return sha256(bytes).subarray(0, CHECK_LENGTH);
}
