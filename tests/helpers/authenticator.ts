import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import type { PasskeyAnswer } from "../../mod.ts";
import {
  concatBytes,
  decodeBase64,
  decodeUtf8,
  encodeBase64Url,
  encodeUtf8,
} from "../../src/crypto/mod.ts";
import type { TlObject } from "../../src/tl/mod.ts";

const PRESENT_AND_VERIFIED = 0x05;
const HAS_CREDENTIAL = 0x40;

/** What an authenticator, or the browser in front of it, can say that is not so. */
export interface Lies {
  /** The relying party that it signs for. */
  rpId?: string;
  /** The flags, without the one for a new credential. */
  flags?: number;
  /** How often it says that it has signed; counted from 1 without it. */
  signCount?: number;
  /** Said besides what the browser is to say. */
  clientData?: Readonly<Record<string, unknown>>;
  /** What it answers with, in the place of its id. */
  id?: string;
  /** Whom it says that it is of. */
  userHandle?: string;
  /** The algorithm of its key, by its number in COSE. */
  algorithm?: number;
  /** Changes the new key, or the signature. */
  spoil?(bytes: Uint8Array): Uint8Array;
  /** What follows its data. */
  more?: Uint8Array;
}

/**
 * What keeps passkeys, as a browser or a telephone does: one, with a key of ES256, that is asked by
 * WebAuthn's JSON.
 */
export class Authenticator {
  /** What it says that is not so. */
  lies: Lies = {};
  readonly #id = new Uint8Array(randomBytes(16));
  readonly #origin: string;
  readonly #key: KeyObject;
  readonly #coseKey: Uint8Array;
  #userHandle = "";
  #signCount = 0;

  constructor(origin = "https://telegram.org") {
    this.#origin = origin;
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { x = "", y = "" } = publicKey.export({ format: "jwk" });
    this.#key = privateKey;
    this.#coseKey = concatBytes(
      Uint8Array.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 32),
      decodeBase64(x),
      Uint8Array.of(0x22, 0x58, 32),
      decodeBase64(y),
    );
  }

  /** Makes the passkey. */
  readonly create = ({ challenge, user }: Readonly<Record<string, unknown>>): PasskeyAnswer => {
    const { algorithm, spoil = (key) => key } = this.lies;
    this.#userHandle = (user as { id: string }).id;
    const coseKey = this.#coseKey.slice();
    if (algorithm !== undefined) coseKey[4] = -1 - algorithm + 0x20;
    const authData = concatBytes(
      this.#authenticatorData(HAS_CREDENTIAL),
      new Uint8Array(16),
      Uint8Array.of(0, this.#id.length),
      this.#id,
      spoil(coseKey),
      this.lies.more ?? new Uint8Array(),
    );
    const attestationObject = concatBytes(
      Uint8Array.of(0xa3, 0x63, ...encodeUtf8("fmt"), 0x64, ...encodeUtf8("none")),
      Uint8Array.of(0x67, ...encodeUtf8("attStmt"), 0xa0),
      Uint8Array.of(0x68, ...encodeUtf8("authData"), 0x58, authData.length),
      authData,
    );
    return this.#answer({
      clientDataJSON: encodeBase64Url(this.#clientData("webauthn.create", challenge)),
      attestationObject: encodeBase64Url(attestationObject),
    });
  };

  /** Signs with it. */
  readonly get = ({ challenge }: Readonly<Record<string, unknown>>): PasskeyAnswer => {
    const { spoil = (signature) => signature, userHandle = this.#userHandle } = this.lies;
    const clientData = this.#clientData("webauthn.get", challenge);
    const data = concatBytes(this.#authenticatorData(0), this.lies.more ?? new Uint8Array());
    const signature = sign("sha256", concatBytes(data, hash(clientData)), this.#key);
    return this.#answer({
      clientDataJSON: encodeBase64Url(clientData),
      authenticatorData: encodeBase64Url(data),
      signature: encodeBase64Url(spoil(new Uint8Array(signature))),
      userHandle,
    });
  };

  #answer(response: PasskeyAnswer["response"]): PasskeyAnswer {
    const id = this.lies.id ?? encodeBase64Url(this.#id);
    return { id, rawId: id, response };
  }

  #authenticatorData(flag: number): Uint8Array {
    const { rpId = "telegram.org", flags = PRESENT_AND_VERIFIED } = this.lies;
    const rest = new DataView(new ArrayBuffer(5));
    rest.setUint8(0, flags | flag);
    rest.setUint32(1, this.lies.signCount ?? ++this.#signCount);
    return concatBytes(hash(encodeUtf8(rpId)), new Uint8Array(rest.buffer));
  }

  #clientData(type: string, challenge: unknown): Uint8Array {
    const said = { type, challenge, origin: this.#origin, ...this.lies.clientData };
    return encodeUtf8(JSON.stringify(said));
  }
}

function hash(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}

function bytesOf(text = ""): Uint8Array {
  return decodeBase64(text);
}

/** What a passkey answered, as it goes to Telegram. */
export function credentialOf({ id, rawId, response }: PasskeyAnswer): TlObject {
  const clientData = { _: "dataJSON", data: decodeUtf8(bytesOf(response.clientDataJSON)) };
  return {
    _: "inputPasskeyCredentialPublicKey",
    id,
    rawId,
    response: response.attestationObject === undefined
      ? {
        _: "inputPasskeyResponseLogin",
        clientData,
        authenticatorData: bytesOf(response.authenticatorData),
        signature: bytesOf(response.signature),
        userHandle: decodeUtf8(bytesOf(response.userHandle)),
      }
      : {
        _: "inputPasskeyResponseRegister",
        clientData,
        attestationData: bytesOf(response.attestationObject),
      },
  };
}
