/**
 * A token of signing in as one line of text, so that another process can go on: base64url of a version, the kind, the data
 * center and the id of the auth key that the token belongs to, the token's own texts, Telegram's answer in TL, and a check sum.
 * Telegram knows a code only together with the auth key that asked for it: the session has to go along.
 */
import {
  authKeyId,
  concatBytes,
  decodeBase64,
  encodeBase64Url,
  equalBytes,
  sha256,
} from "../../crypto/mod.ts";
import { findDc, type SessionState } from "../../session/mod.ts";
import { apiSchema, type TlObject, TlReader, TlWriter } from "../../tl/mod.ts";
import { SignInError } from "../errors.ts";

/** Where a token comes from: nothing else can use it. */
export interface TokenOrigin {
  /** The data center that Telegram was asked at. */
  readonly dcId: number;
  /** The id of the auth key that it was asked with, 8 bytes. */
  readonly authKeyId: Uint8Array;
}

/** What is saved of a token. */
export interface SavedToken {
  readonly kind: "login" | "password" | "signUp";
  readonly origin: TokenOrigin;
  /** The phone number, and what else the token holds besides Telegram's answer. */
  readonly texts: readonly string[];
  /** What the token was made from. */
  readonly answer: TlObject;
}

const VERSION = 1;
const KINDS: readonly SavedToken["kind"][] = ["login", "password", "signUp"];
const CHECK_LENGTH = 4;

/** Where tokens come from that are made now: the home data center and its key, if there is one. */
export function originOf(state: SessionState): TokenOrigin | undefined {
  const authKey = findDc(state)?.authKey;
  return authKey && { dcId: state.dcId, authKeyId: authKeyId(authKey) };
}

/** Whether a token of that origin can be used with this session. */
export function isOrigin(origin: TokenOrigin, state: SessionState): boolean {
  const here = originOf(state);
  return here?.dcId === origin.dcId && equalBytes(here.authKeyId, origin.authKeyId);
}

/** Writes a token. Throws a `TypeError` for one that was not made by a client. */
export function packToken(token: Omit<SavedToken, "origin"> & { origin?: TokenOrigin }): string {
  const { kind, origin, texts, answer } = token;
  if (origin === undefined) {
    throw new TypeError(`Cannot save the ${kind} token: no client made it, expected one that did`);
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
