// Passkeys: https://core.telegram.org/api/passkeys
// Challenges, the passkeys of accounts, and the methods. What a passkey says is compared with what was asked of it (type,
// challenge, origin, credential, user handle); its signature is not verified, as that takes more than a client can get wrong.

import { bytesToHex, encodeBase64Url, encodeUtf8, type Random } from "../../crypto/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { Account } from "./account.ts";
import { checkClient, signIn } from "./auth.ts";
import { keyOf } from "./authorizations.ts";
import { badRequest, RpcFailure } from "./failure.ts";
import type { Call, Methods } from "./method.ts";

const RELYING_PARTY = "telegram.org";
const ORIGIN = `https://${RELYING_PARTY}`;
const CHALLENGE_SECONDS = 300;
/** ES256, RS256 and EdDSA, by their numbers in COSE. */
const ALGORITHMS = [-7, -257, -8];

interface Challenge {
  readonly text: string;
  readonly expires: number;
}

/** What WebAuthn says in `clientDataJSON`. */
interface ClientData {
  readonly type?: unknown;
  readonly challenge?: unknown;
  readonly origin?: unknown;
}

/** The passkeys of all accounts, and what was asked of them. */
export class Passkeys {
  readonly #random: Random;
  readonly #now: () => number;
  readonly #challenges = new Map<string, Challenge>();
  readonly #passkeys = new Map<string, { readonly account: Account; passkey: Api.passkey }>();

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

  /** Looks at what a passkey answered to the challenge of an auth key. The challenge is void after it. */
  check(key: string, type: "webauthn.create" | "webauthn.get", { data }: Api.dataJSON): void {
    const challenge = this.#challenges.get(key);
    this.#challenges.delete(key);
    if (challenge === undefined || this.#now() >= challenge.expires) {
      throw new RpcFailure(500, "AUTH_RESTART");
    }
    const said = parse(data);
    if (said.type !== type || said.challenge !== challenge.text) {
      throw badRequest("CREDENTIAL_INVALID");
    }
    if (said.origin !== ORIGIN) throw badRequest("PASSKEY_ORIGIN_MISMATCH");
  }

  /** The passkeys of an account. */
  of(account: Account): Api.passkey[] {
    const all = [...this.#passkeys.values()].filter((one) => one.account === account);
    return all.map(({ passkey }) => passkey);
  }

  /** Adds a passkey to an account. */
  add(account: Account, id: string): Api.passkey {
    if (this.#passkeys.has(id)) throw badRequest("CREDENTIAL_INVALID");
    const date = Math.floor(this.#now());
    const passkey: Api.passkey = { _: "passkey", id, name: "Offline", date };
    this.#passkeys.set(id, { account, passkey });
    return passkey;
  }

  /** Whose passkey it is; notes that it was used. */
  use(id: string): Account | undefined {
    const known = this.#passkeys.get(id);
    if (known) known.passkey = { ...known.passkey, lastUsageDate: Math.floor(this.#now()) };
    return known?.account;
  }

  /** Takes a passkey from an account. Gives whether there was one. */
  delete(account: Account, id: string): boolean {
    return this.#passkeys.get(id)?.account === account && this.#passkeys.delete(id);
  }
}

/** Passkeys: making them, listing and deleting them, and signing in with one. */
export const passkeyMethods: Methods = {
  "account.initPasskeyRegistration": {
    who: "users",
    answer(_request, { world, caller, account }) {
      const id = encodeBase64Url(encodeUtf8(handleOf(account)));
      const publicKey = {
        challenge: world.passkeys.challenge(keyOf(caller)),
        rp: { id: RELYING_PARTY, name: "Offline Telegram" },
        user: { id, name: account.phone, displayName: account.firstName },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
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
      if (
        credential._ !== "inputPasskeyCredentialPublicKey" ||
        credential.response._ !== "inputPasskeyResponseRegister"
      ) {
        throw badRequest("CREDENTIAL_INVALID");
      }
      world.passkeys.check(keyOf(caller), "webauthn.create", credential.response.clientData);
      return world.passkeys.add(account, credential.id);
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
      const publicKey = { challenge, rpId: RELYING_PARTY, userVerification: "required" };
      return { _: "auth.passkeyLoginOptions", options: json({ publicKey }) };
    },
  },

  "auth.finishPasskeyLogin": {
    who: "anyone but bots",
    answer({ credential, fromDcId, fromAuthKeyId }, call) {
      const { world, caller } = call;
      if (
        credential._ !== "inputPasskeyCredentialPublicKey" ||
        credential.response._ !== "inputPasskeyResponseLogin"
      ) {
        throw badRequest("CREDENTIAL_INVALID");
      }
      const { clientData, userHandle } = credential.response;
      const key = fromDcId === undefined || fromAuthKeyId === undefined
        ? keyOf(caller)
        : keyOf({ dcId: fromDcId, authKeyId: keyHex(fromAuthKeyId) });
      world.passkeys.check(key, "webauthn.get", clientData);
      const account = world.passkeys.use(credential.id);
      if (account === undefined || userHandle !== handleOf(account)) {
        throw badRequest("CREDENTIAL_INVALID");
      }
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

function parse(data: string): ClientData {
  try {
    return JSON.parse(data) as ClientData;
  } catch {
    throw badRequest("CREDENTIAL_INVALID");
  }
}

/** The id of an auth key that came as a `long`, in hex of its bytes. */
function keyHex(id: bigint): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, id, true);
  return bytesToHex(bytes);
}
