/**
 * The checks of a relying party on the answers of a passkey:
 * https://www.w3.org/TR/webauthn-3/, sections 7.1 and 7.2.
 *
 * ES256 is the only algorithm. No attestation is requested, so none is checked.
 */
import {
  bytesToBigInt,
  concatBytes,
  encodeBase64Url,
  encodeUtf8,
  equalBytes,
  sha256,
} from "../../../crypto/mod.ts";
import { type Cbor, readCbor } from "./cbor.ts";
import { isOnCurve, type Point, verifyP256 } from "./p256.ts";

/** The number of ES256 in COSE: https://www.iana.org/assignments/cose/ */
export const ES256 = -7;

/** What the relying party stores of a passkey. */
export interface PublicKeyCredential {
  readonly publicKey: Point;
  /** Whether it may be stored in several places. */
  readonly backupEligible: boolean;
  /** How often it has signed; 0 for a passkey that does not count. */
  readonly signCount: number;
}

/** What the browser reports of the question that it asked the passkey. */
interface ClientData {
  readonly type?: unknown;
  readonly challenge?: unknown;
  readonly origin?: unknown;
  readonly crossOrigin?: unknown;
}

/** The reason for refusing an answer. */
export class WebAuthnError extends Error {
  /** Whether the answer belongs to another website. */
  readonly isOfOtherOrigin: boolean;

  constructor(message: string, isOfOtherOrigin = false) {
    super(message);
    this.isOfOtherOrigin = isOfOtherOrigin;
  }
}

/** Checks that a browser asked a passkey the expected question. */
export function checkClientData(
  json: string,
  expected: { readonly type: string; readonly challenge: string; readonly origin: string },
): void {
  const clientData = parse(json);
  if (clientData.type !== expected.type) throw new WebAuthnError("the answer is of another type");
  if (clientData.challenge !== expected.challenge) {
    throw new WebAuthnError("the challenge is another one");
  }
  if (clientData.origin !== expected.origin || clientData.crossOrigin === true) {
    throw new WebAuthnError("the origin is another one", true);
  }
}

/** Reads a new passkey. `id` is its id in base64url, as the browser reports it. */
export function readRegistration(
  attestationObject: Uint8Array,
  id: string,
  rpId: string,
): PublicKeyCredential {
  const { value, length } = read(attestationObject);
  const authData = value instanceof Map ? value.get("authData") : undefined;
  if (!(authData instanceof Uint8Array) || length !== attestationObject.length) {
    throw new WebAuthnError("authData is missing");
  }
  const { credential, backupEligible, signCount } = readAuthenticatorData(authData, rpId);
  if (credential === undefined || encodeBase64Url(credential.id) !== id) {
    throw new WebAuthnError("the credential is another one");
  }
  return { publicKey: readKey(credential.key), backupEligible, signCount };
}

/** Checks the signature of a passkey. Returns what to store of the passkey from now on. */
export function checkAssertion(
  known: PublicKeyCredential,
  answer: {
    readonly authenticatorData: Uint8Array;
    readonly clientDataJson: string;
    readonly signature: Uint8Array;
  },
  rpId: string,
): PublicKeyCredential {
  const { authenticatorData, clientDataJson, signature } = answer;
  const { backupEligible, signCount } = readAuthenticatorData(authenticatorData, rpId);
  if (backupEligible !== known.backupEligible) {
    throw new WebAuthnError("its backup eligibility has changed");
  }
  const signed = concatBytes(authenticatorData, sha256(encodeUtf8(clientDataJson)));
  if (!verifyP256(known.publicKey, sha256(signed), signature)) {
    throw new WebAuthnError("the signature is wrong");
  }
  const counts = signCount !== 0 || known.signCount !== 0;
  if (counts && signCount <= known.signCount) {
    throw new WebAuthnError("its counter has not increased, so a copy of it may exist");
  }
  return { ...known, signCount };
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const HAS_CREDENTIAL = 0x40;
const HAS_EXTENSIONS = 0x80;
const AAGUID_LENGTH = 16;
const MAX_ID_LENGTH = 1023;

interface AuthenticatorData {
  readonly backupEligible: boolean;
  readonly signCount: number;
  readonly credential?: { readonly id: Uint8Array; readonly key: Cbor };
}

/**
 * Reads rpIdHash(32) flags(1) signCount(4), a new credential, extensions:
 * https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data
 */
function readAuthenticatorData(data: Uint8Array, rpId: string): AuthenticatorData {
  if (data.length < 37) throw new WebAuthnError("the authenticator data is cut off");
  const flags = data[32];
  const has = (flag: number): boolean => (flags & flag) !== 0;
  if (!equalBytes(data.subarray(0, 32), sha256(encodeUtf8(rpId)))) {
    throw new WebAuthnError("the relying party is another one");
  }
  if (!has(USER_PRESENT) || !has(USER_VERIFIED)) {
    throw new WebAuthnError("the user was not verified");
  }
  if (has(BACKED_UP) && !has(BACKUP_ELIGIBLE)) {
    throw new WebAuthnError("the flags contradict each other");
  }
  const signCount = new DataView(data.buffer, data.byteOffset).getUint32(33);
  let rest = data.subarray(37);
  let credential: AuthenticatorData["credential"];
  if (has(HAS_CREDENTIAL)) {
    const idLength = rest[AAGUID_LENGTH] * 256 + rest[AAGUID_LENGTH + 1];
    const id = rest.subarray(AAGUID_LENGTH + 2, AAGUID_LENGTH + 2 + idLength);
    if (id.length !== idLength || idLength > MAX_ID_LENGTH) {
      throw new WebAuthnError("the credential id is cut off or too long");
    }
    const { value: key, length } = read(rest.subarray(AAGUID_LENGTH + 2 + idLength));
    credential = { id, key };
    rest = rest.subarray(AAGUID_LENGTH + 2 + idLength + length);
  }
  if (has(HAS_EXTENSIONS)) rest = rest.subarray(read(rest).length);
  if (rest.length > 0) throw new WebAuthnError("there are more bytes than the flags announce");
  return { backupEligible: has(BACKUP_ELIGIBLE), signCount, credential };
}

/**
 * Reads a key in COSE, of type EC2 on the curve P-256:
 * https://www.rfc-editor.org/rfc/rfc9053#section-7.1
 */
function readKey(key: Cbor): Point {
  const get = (label: number): unknown => key instanceof Map ? key.get(label) : undefined;
  const [x, y] = [get(-2), get(-3)];
  const isKnown = get(1) === 2 && get(3) === ES256 && get(-1) === 1;
  if (isKnown && x instanceof Uint8Array && y instanceof Uint8Array) {
    const point = { x: bytesToBigInt(x), y: bytesToBigInt(y) };
    if (x.length === 32 && y.length === 32 && isOnCurve(point)) return point;
  }
  throw new WebAuthnError("the key is not one of ES256");
}

function read(bytes: Uint8Array): ReturnType<typeof readCbor> {
  try {
    return readCbor(bytes);
  } catch {
    throw new WebAuthnError("the data is not CBOR");
  }
}

function parse(json: string): ClientData {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // The error follows.
  }
  throw new WebAuthnError("the client data is not a JSON object");
}
