import type { AskPasskey, PasskeyAnswer } from "../../mod.ts";
import { encodeBase64Url, encodeUtf8 } from "../../src/crypto/mod.ts";

/** What keeps passkeys, as a browser or a telephone does: one that is asked by WebAuthn's JSON. */
export class Authenticator {
  readonly #id = encodeBase64Url(crypto.getRandomValues(new Uint8Array(16)));
  readonly #origin: string;
  #userHandle = "";

  constructor(origin = "https://telegram.org") {
    this.#origin = origin;
  }

  readonly create: AskPasskey = ({ challenge, user }) => {
    this.#userHandle = (user as { id: string }).id;
    const clientDataJSON = this.#clientData("webauthn.create", challenge);
    return this.#answer({ clientDataJSON, attestationObject: "AAAA" });
  };

  readonly get: AskPasskey = ({ challenge }) => {
    const clientDataJSON = this.#clientData("webauthn.get", challenge);
    const userHandle = this.#userHandle;
    return this.#answer({
      clientDataJSON,
      authenticatorData: "AAAA",
      signature: "AAAA",
      userHandle,
    });
  };

  #answer(response: PasskeyAnswer["response"]): PasskeyAnswer {
    return { id: this.#id, rawId: this.#id, response };
  }

  #clientData(type: string, challenge: unknown): string {
    return encodeBase64Url(encodeUtf8(JSON.stringify({ type, challenge, origin: this.#origin })));
  }
}
