/**
 * The passkeys of all accounts, and the open challenges: https://core.telegram.org/api/passkeys
 *
 * webauthn/ checks the answers of authenticators. An answer for another origin is refused as
 * PASSKEY_ORIGIN_MISMATCH, any other wrong answer as CREDENTIAL_INVALID.
 */
import { encodeBase64Url } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";
import type { Api } from "../../../tl/mod.ts";
import { badRequest, RpcFailure } from "../failure.ts";
import {
  checkAssertion,
  checkClientData,
  type PublicKeyCredential,
  readRegistration,
  WebAuthnError,
} from "../webauthn/webauthn.ts";
import type { Account } from "./account.ts";

/** The relying party: the website to which the passkeys belong. */
export const RP_ID = "telegram.org";
const ORIGIN = `https://${RP_ID}`;
const CHALLENGE_LIFETIME_SECONDS = 300;

interface Challenge {
  readonly text: string;
  readonly expiresAtSeconds: number;
}

interface KnownPasskey {
  readonly account: Account;
  passkey: Api.passkey;
  credential: PublicKeyCredential;
}

/** The passkeys of all accounts, and one open challenge for each auth key. */
export class Passkeys {
  readonly #random: Random;
  readonly #nowSeconds: () => number;
  readonly #challenges = new Map<string, Challenge>();
  readonly #passkeys = new Map<string, KnownPasskey>();

  /** The clock counts Unix seconds. */
  constructor(random: Random, nowSeconds: () => number) {
    this.#random = random;
    this.#nowSeconds = nowSeconds;
  }

  /** Opens a challenge for an auth key, in place of the one before it. */
  challenge(key: string): string {
    const text = encodeBase64Url(this.#random(32));
    const expiresAtSeconds = this.#nowSeconds() + CHALLENGE_LIFETIME_SECONDS;
    this.#challenges.set(key, { text, expiresAtSeconds });
    return text;
  }

  /** Returns the passkeys of an account. */
  of(account: Account): Api.passkey[] {
    const all = [...this.#passkeys.values()].filter((one) => one.account === account);
    return all.map(({ passkey }) => passkey);
  }

  /** Adds a passkey to an account, with its answer to the challenge of an auth key. */
  add(key: string, account: Account, answer: Api.InputPasskeyCredential): Api.passkey {
    const { id, response } = publicKeyOf(answer);
    if (response._ !== "inputPasskeyResponseRegister") throw badRequest("CREDENTIAL_INVALID");
    const credential = checked(() => {
      this.#checkClientData(key, "webauthn.create", response.clientData);
      return readRegistration(response.attestationData, id, RP_ID);
    });
    if (this.#passkeys.has(id)) throw badRequest("CREDENTIAL_INVALID");
    const date = Math.floor(this.#nowSeconds());
    const passkey: Api.passkey = { _: "passkey", id, name: "Offline", date };
    this.#passkeys.set(id, { account, passkey, credential });
    return passkey;
  }

  /** Returns the account whose passkey has answered the challenge of an auth key. */
  use(key: string, answer: Api.InputPasskeyCredential): Account {
    const { id, response } = publicKeyOf(answer);
    const known = this.#passkeys.get(id);
    if (response._ !== "inputPasskeyResponseLogin") throw badRequest("CREDENTIAL_INVALID");
    const { clientData, authenticatorData, signature, userHandle } = response;
    checked(() => this.#checkClientData(key, "webauthn.get", clientData));
    if (known === undefined || userHandle !== passkeyUserHandle(known.account)) {
      throw badRequest("CREDENTIAL_INVALID");
    }
    const assertion = { authenticatorData, signature, clientDataJson: clientData.data };
    known.credential = checked(() => checkAssertion(known.credential, assertion, RP_ID));
    known.passkey = { ...known.passkey, lastUsageDate: Math.floor(this.#nowSeconds()) };
    return known.account;
  }

  /** Deletes a passkey of an account. Returns whether the account had it. */
  delete(account: Account, id: string): boolean {
    return this.#passkeys.get(id)?.account === account && this.#passkeys.delete(id);
  }

  /** Checks the client data of an answer, and voids the challenge. */
  #checkClientData(key: string, type: string, { data }: Api.DataJSON): void {
    const challenge = this.#challenges.get(key);
    this.#challenges.delete(key);
    if (challenge === undefined || this.#nowSeconds() >= challenge.expiresAtSeconds) {
      throw new RpcFailure(500, "AUTH_RESTART");
    }
    checkClientData(data, { type, challenge: challenge.text, origin: ORIGIN });
  }
}

/** Returns the user handle that a passkey of an account carries. */
export function passkeyUserHandle({ dcId, id }: Account): string {
  return `${dcId}:${id}`;
}

/** Runs a check, and turns its `WebAuthnError` into Telegram's refusal. */
function checked<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof WebAuthnError)) throw error;
    throw badRequest(error.isOfOtherOrigin ? "PASSKEY_ORIGIN_MISMATCH" : "CREDENTIAL_INVALID");
  }
}

/** Returns the only kind of credential that is accepted; its two ids must be equal. */
function publicKeyOf(credential: Api.InputPasskeyCredential): Api.inputPasskeyCredentialPublicKey {
  const isAccepted = credential._ === "inputPasskeyCredentialPublicKey" &&
    credential.id === credential.rawId;
  if (!isAccepted) throw badRequest("CREDENTIAL_INVALID");
  return credential;
}
