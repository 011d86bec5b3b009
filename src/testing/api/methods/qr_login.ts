/**
 * Signing in with a QR code that another device scans: https://core.telegram.org/api/qr-login
 *
 * auth.exportLoginToken, acceptLoginToken, importLoginToken.
 */
import type { Api } from "../../../tl/mod.ts";
import { authorizationObject } from "../objects/device.ts";
import type { AcceptedToken } from "../state/login_tokens.ts";
import { checkClient } from "./caller_checks.ts";
import { signInOrAskPassword } from "./login.ts";
import type { Call, Methods } from "./method.ts";

/** Signing in with a QR code. */
export const qrLoginMethods: Methods = {
  "auth.exportLoginToken": {
    callers: "anyone but bots",
    answer(request, call) {
      const { state, caller } = call;
      checkClient(call, request);
      const accepted = state.loginTokens.acceptedFor(caller);
      if (accepted !== undefined) return finish(call, accepted);
      const { bytes, expiresAtSeconds } = state.loginTokens.create(caller, request.exceptIds);
      return { _: "auth.loginToken", expires: expiresAtSeconds, token: bytes };
    },
  },

  "auth.acceptLoginToken": {
    callers: "users",
    answer(request, { state, account }) {
      const hash = state.authorizations.newHash();
      const device = state.loginTokens.accept(request.token, account, hash);
      const date = state.nowSeconds();
      const update: Api.Updates = { _: "updateShort", update: { _: "updateLoginToken" }, date };
      state.push(device.authKeyId, update);
      return authorizationObject(state, {
        hash,
        apiId: device.apiId,
        dcId: device.dcId,
        authKeyId: device.authKeyId,
        client: device.device,
        created: date,
        active: date,
      }, { passwordPending: account.password !== undefined });
    },
  },

  "auth.importLoginToken": {
    callers: "anyone but bots",
    answer(request, call) {
      return finish(call, call.state.loginTokens.import(request.token, call.caller));
    },
  },
};

/** Signs in with an accepted token, or names the data center of the account. */
function finish(call: Call, { account, bytes: token }: AcceptedToken): Api.auth.LoginToken {
  const { caller } = call;
  if (account.dcId !== caller.dcId) {
    return { _: "auth.loginTokenMigrateTo", dcId: account.dcId, token };
  }
  return { _: "auth.loginTokenSuccess", authorization: signInOrAskPassword(call, account) };
}
