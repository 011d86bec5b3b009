// Signing in by a QR code that another device scans: https://core.telegram.org/api/qr-login
// auth.exportLoginToken, acceptLoginToken, importLoginToken.

import type { Api } from "../../../tl/mod.ts";
import { checkClient, signIn } from "./sign_in.ts";
import { authorizationObject } from "./devices.ts";
import { RpcFailure } from "../failure.ts";
import type { AcceptedToken } from "../state/login_tokens.ts";
import type { Call, Methods } from "./method.ts";

/** Signing in by a QR code. */
export const qrMethods: Methods = {
  "auth.exportLoginToken": {
    who: "anyone but bots",
    answer(request, call) {
      const { world, caller } = call;
      checkClient(call, request);
      const accepted = world.loginTokens.acceptedFor(caller);
      if (accepted !== undefined) return finish(call, accepted);
      const { bytes: token, expires } = world.loginTokens.create(caller, request.exceptIds);
      return { _: "auth.loginToken", expires, token };
    },
  },

  "auth.acceptLoginToken": {
    who: "users",
    answer(request, { world, account }) {
      const hash = world.authorizations.newHash();
      const device = world.loginTokens.accept(request.token, account, hash);
      const date = world.now();
      const update: Api.Updates = { _: "updateShort", update: { _: "updateLoginToken" }, date };
      world.push(device.authKeyId, update);
      return authorizationObject(world, {
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
    who: "anyone but bots",
    answer(request, call) {
      return finish(call, call.world.loginTokens.import(request.token, call.caller));
    },
  },
};

/** The device signs in with an accepted token, where the account lives. */
function finish(call: Call, { account, bytes: token }: AcceptedToken): Api.auth.LoginToken {
  const { world, caller } = call;
  if (account.dcId !== caller.dcId) {
    return { _: "auth.loginTokenMigrateTo", dcId: account.dcId, token };
  }
  if (account.password !== undefined) {
    world.authorizations.awaitPassword(caller, account);
    throw new RpcFailure(401, "SESSION_PASSWORD_NEEDED");
  }
  return { _: "auth.loginTokenSuccess", authorization: signIn(call, account) };
}
