// Passkeys: https://core.telegram.org/api/passkeys
// Challenges, the passkeys of accounts, and the methods. webauthn.ts checks what a passkey answers: a wrong origin is
// PASSKEY_ORIGIN_MISMATCH, all else that is wrong is CREDENTIAL_INVALID.

import { encodeBase64Url, encodeUtf8 } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";
import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import { checkClient, signIn } from "./sign_in.ts";
import { keyOf } from "../state/authorizations.ts";
import { authKeyIdHex } from "../caller.ts";
import { badRequest, RpcFailure } from "../failure.ts";
import type { Call, Methods } from "./method.ts";
import {
  checkAssertion,
  checkClientData,
  ES256,
  type PublicKeyCredential,
  readRegistration,
  WebAuthnError,
} from "../webauthn/webauthn.ts";

const RP_ID = "telegram.org";
const ORIGIN = `https://${RP_ID}`;
const CHALLENGE_SECONDS = 300;

interface Challenge {
  readonly text: string;
  readonly expires: number;
}

/** A passkey of an account. */
interface KnownPasskey {
  readonly account: Account;
  passkey: Api.passkey;
  credential: PublicKeyCredential;
}

/** The passkeys of all accounts, and what was asked of them. */
export class Passkeys {
  readonly #random: Random;
  readonly #now: () => number;
  readonly #challenges = new Map<string, Challenge>();
  readonly #passkeys = new Map<string, KnownPasskey>();

  constructor(random: Random, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  /** A new challenge for an auth key. */
  challenge(key: string): string {
    const text = encodeBase64Url(this.#random(32));
    this.#challenges.set(key, { text, expires: this.#now() + CHALLENGE_SECONDS });
    return text;
  }

  /** The passkeys of an account. */
  of(account: Account): Api.passkey[] {
    const all = [...this.#passkeys.values()].filter((one) => one.account === account);
    return all.map(({ passkey }) => passkey);
  }

  /** Adds a passkey to an account: what it answered to the challenge of an auth key. */
  add(key: string, account: Account, asked: Api.InputPasskeyCredential): Api.passkey {
    const { id, response } = publicKeyOf(asked);
    if (response._ !== "inputPasskeyResponseRegister") throw badRequest("CREDENTIAL_INVALID");
    const credential = checked(() => {
      this.#checkClientData(key, "webauthn.create", response.clientData);
      return readRegistration(response.attestationData, id, RP_ID);
    });
    if (this.#passkeys.has(id)) throw badRequest("CREDENTIAL_INVALID");
    const date = Math.floor(this.#now());
    const passkey: Api.passkey = { _: "passkey", id, name: "Offline", date };
    this.#passkeys.set(id, { account, passkey, credential });
    return passkey;
  }

  /** Whose passkey it is that answered to the challenge of an auth key. */
  use(key: string, asked: Api.InputPasskeyCredential): Account {
    const { id, response } = publicKeyOf(asked);
    const known = this.#passkeys.get(id);
    if (response._ !== "inputPasskeyResponseLogin") throw badRequest("CREDENTIAL_INVALID");
    const { clientData, authenticatorData, signature, userHandle } = response;
    checked(() => this.#checkClientData(key, "webauthn.get", clientData));
    if (known === undefined || userHandle !== handleOf(known.account)) {
      throw badRequest("CREDENTIAL_INVALID");
    }
    const answer = { authenticatorData, signature, clientDataJson: clientData.data };
    known.credential = checked(() => checkAssertion(known.credential, answer, RP_ID));
    known.passkey = { ...known.passkey, lastUsageDate: Math.floor(this.#now()) };
    return known.account;
  }

  /** Takes a passkey from an account. Gives whether there was one. */
  delete(account: Account, id: string): boolean {
    return this.#passkeys.get(id)?.account === account && this.#passkeys.delete(id);
  }

  /** The challenge is void after it. */
  #checkClientData(key: string, type: string, { data }: Api.DataJSON): void {
    const challenge = this.#challenges.get(key);
    this.#challenges.delete(key);
    if (challenge === undefined || this.#now() >= challenge.expires) {
      throw new RpcFailure(500, "AUTH_RESTART");
    }
    checkClientData(data, { type, challenge: challenge.text, origin: ORIGIN });
  }
}

/** Says what is wrong with a passkey's answer as Telegram does. */
function checked<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof WebAuthnError)) throw error;
    throw badRequest(error.isOfOtherOrigin ? "PASSKEY_ORIGIN_MISMATCH" : "CREDENTIAL_INVALID");
  }
}

/** The one kind of credential that is taken here; its id is told twice. */
function publicKeyOf(credential: Api.InputPasskeyCredential): Api.inputPasskeyCredentialPublicKey {
  const isOurs = credential._ === "inputPasskeyCredentialPublicKey" &&
    credential.id === credential.rawId;
  if (!isOurs) throw badRequest("CREDENTIAL_INVALID");
  return credential;
}

/** Passkeys: making them, listing and deleting them, and signing in with one. */
export const passkeyMethods: Methods = {
  "account.initPasskeyRegistration": {
    who: "users",
    answer(_request, { world, caller, account }) {
      const id = encodeBase64Url(encodeUtf8(handleOf(account)));
      const publicKey = {
        challenge: world.passkeys.challenge(keyOf(caller)),
        rp: { id: RP_ID, name: "Offline Telegram" },
        user: { id, name: account.phone, displayName: account.firstName },
        pubKeyCredParams: [{ type: "public-key", alg: ES256 }],
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        attestation: "none",
        excludeCredentials: world.passkeys.of(account).map(({ id }) => ({
          type: "public-key",
          id,
        })),
      };
      return { _: "account.passkeyRegistrationOptions", options: json({ publicKey }) };
    },
  },

  "account.registerPasskey": {
    who: "users",
    answer({ credential }, { world, caller, account }) {
      return world.passkeys.add(keyOf(caller), account, credential);
    },
  },

  "account.getPasskeys": {
    who: "users",
    answer(_request, { world, account }) {
      return { _: "account.passkeys", passkeys: world.passkeys.of(account) };
    },
  },

  "account.deletePasskey": {
    who: "users",
    answer(request, { world, account }) {
      return world.passkeys.delete(account, request.id);
    },
  },

  "auth.initPasskeyLogin": {
    who: "anyone but bots",
    answer(request, call) {
      checkClient(call, request);
      const { world, caller } = call;
      const challenge = world.passkeys.challenge(keyOf(caller));
      const publicKey = { challenge, rpId: RP_ID, userVerification: "required" };
      return { _: "auth.passkeyLoginOptions", options: json({ publicKey }) };
    },
  },

  "auth.finishPasskeyLogin": {
    who: "anyone but bots",
    answer({ credential, fromDcId, fromAuthKeyId }, call) {
      const { world, caller } = call;
      const key = fromDcId === undefined || fromAuthKeyId === undefined
        ? keyOf(caller)
        : keyOf({ dcId: fromDcId, authKeyId: authKeyIdHex(fromAuthKeyId) });
      const account = world.passkeys.use(key, credential);
      if (account.dcId !== caller.dcId) throw new RpcFailure(500, "AUTH_RESTART");
      return signInOrAskPassword(call, account);
    },
  },
};

function signInOrAskPassword(call: Call, account: Account): Api.auth.Authorization {
  if (account.password === undefined) return signIn(call, account);
  call.world.authorizations.awaitPassword(call.caller, account);
  throw new RpcFailure(401, "SESSION_PASSWORD_NEEDED");
}

function handleOf({ dcId, id }: Account): string {
  return `${dcId}:${id}`;
}

function json(value: unknown): Api.dataJSON {
  return { _: "dataJSON", data: JSON.stringify(value) };
}
