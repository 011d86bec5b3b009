/**
 * Passkeys: https://core.telegram.org/api/passkeys
 *
 * Making, listing and deleting passkeys, and signing in with one. The passkeys and the checks of
 * their answers are in state/passkeys.ts.
 */
import { encodeBase64Url, encodeUtf8 } from "../../../crypto/mod.ts";
import type { Api } from "../../../tl/mod.ts";
import { authKeyIdHex, keyOf } from "../caller.ts";
import { RpcFailure } from "../failure.ts";
import { passkeyUserHandle, RP_ID } from "../state/passkeys.ts";
import { ES256 } from "../webauthn/webauthn.ts";
import { checkClient } from "./caller_checks.ts";
import { signInOrAskPassword } from "./login.ts";
import type { Methods } from "./method.ts";

/** Passkeys: making them, listing and deleting them, and signing in with one. */
export const passkeyMethods: Methods = {
  "account.initPasskeyRegistration": {
    callers: "users",
    answer(_request, { state, caller, account }) {
      const id = encodeBase64Url(encodeUtf8(passkeyUserHandle(account)));
      const publicKey = {
        challenge: state.passkeys.challenge(keyOf(caller)),
        rp: { id: RP_ID, name: "Offline Telegram" },
        user: { id, name: account.phone, displayName: account.firstName },
        pubKeyCredParams: [{ type: "public-key", alg: ES256 }],
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        attestation: "none",
        excludeCredentials: state.passkeys.of(account).map(({ id }) => ({
          type: "public-key",
          id,
        })),
      };
      return { _: "account.passkeyRegistrationOptions", options: json({ publicKey }) };
    },
  },

  "account.registerPasskey": {
    callers: "users",
    answer({ credential }, { state, caller, account }) {
      return state.passkeys.add(keyOf(caller), account, credential);
    },
  },

  "account.getPasskeys": {
    callers: "users",
    answer(_request, { state, account }) {
      return { _: "account.passkeys", passkeys: state.passkeys.of(account) };
    },
  },

  "account.deletePasskey": {
    callers: "users",
    answer(request, { state, account }) {
      return state.passkeys.delete(account, request.id);
    },
  },

  "auth.initPasskeyLogin": {
    callers: "anyone but bots",
    answer(request, call) {
      checkClient(call, request);
      const { state, caller } = call;
      const challenge = state.passkeys.challenge(keyOf(caller));
      const publicKey = { challenge, rpId: RP_ID, userVerification: "required" };
      return { _: "auth.passkeyLoginOptions", options: json({ publicKey }) };
    },
  },

  "auth.finishPasskeyLogin": {
    callers: "anyone but bots",
    answer({ credential, fromDcId, fromAuthKeyId }, call) {
      const { state, caller } = call;
      const key = fromDcId === undefined || fromAuthKeyId === undefined
        ? keyOf(caller)
        : keyOf({ dcId: fromDcId, authKeyId: authKeyIdHex(fromAuthKeyId) });
      const account = state.passkeys.use(key, credential);
      if (account.dcId !== caller.dcId) throw new RpcFailure(500, "AUTH_RESTART");
      return signInOrAskPassword(call, account);
    },
  },
};

function json(value: unknown): Api.dataJSON {
  return { _: "dataJSON", data: JSON.stringify(value) };
}
