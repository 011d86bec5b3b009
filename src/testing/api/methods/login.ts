/**
 * The last step of every way to sign in: it signs the caller's key in, or asks for the password.
 */
import type { Api } from "../../../tl/mod.ts";
import { RpcFailure } from "../failure.ts";
import { newDeviceUpdates } from "../objects/device.ts";
import { userObject } from "../objects/user.ts";
import type { Account } from "../state/account.ts";
import type { Authorization } from "../state/authorizations.ts";
import type { ServerState } from "../state/server_state.ts";
import type { Call } from "./method.ts";

/** Signs the caller in to an account; an account with a password must enter that first. */
export function signInOrAskPassword(call: Call, account: Account): Api.auth.Authorization {
  if (account.password === undefined) return signIn(call, account);
  call.state.authorizations.awaitPassword(call.caller, account);
  throw new RpcFailure(401, "SESSION_PASSWORD_NEEDED");
}

/** Signs the caller in to an account, and tells the account's other devices. */
export function signIn({ state, caller }: Call, account: Account): Api.auth.Authorization {
  const approvedHash = state.loginTokens.take(caller)?.hash;
  const device = state.authorizations.signIn(caller, account, approvedHash);
  announceDevice(state, device);
  const { password, otherwiseReloginDays, tmpSessions } = account;
  const mustSet = password === undefined && otherwiseReloginDays !== undefined;
  return {
    _: "auth.authorization",
    ...(mustSet && { setupPasswordRequired: true, otherwiseReloginDays }),
    tmpSessions,
    user: userObject(account, account),
  };
}

function announceDevice(state: ServerState, device: Authorization): void {
  const updates = newDeviceUpdates(device, state.nowSeconds());
  for (const other of state.authorizations.of(device.account)) {
    if (other !== device) state.push(other.authKeyId, updates);
  }
}
