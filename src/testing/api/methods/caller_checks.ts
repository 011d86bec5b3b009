/**
 * What methods check of their caller: its client, its data center, and its account.
 */
import { OLDEST_LAYER } from "../../layers/mod.ts";
import { badRequest, migrate, RpcFailure } from "../failure.ts";
import type { Account } from "../state/account.ts";
import type { Call, SignedInCall } from "./method.ts";

/** Refuses a wrong api id or hash, and clients that are too old to sign in. */
export function checkClient(
  { state, caller }: Call,
  { apiId, apiHash }: { readonly apiId: number; readonly apiHash: string },
): void {
  if (caller.layer < OLDEST_LAYER) throw new RpcFailure(406, "UPDATE_APP_TO_LOGIN");
  if (apiId !== state.apiId || apiHash !== state.apiHash) throw badRequest("API_ID_INVALID");
}

/** Refuses a call to a data center other than the account's own. */
export function checkHome({ caller, account }: SignedInCall): void {
  if (caller.dcId !== account.dcId) throw migrate("USER", account.dcId);
}

/** Returns the account of a caller that is signed in, or that must still enter the password. */
export function accountOf({ state, caller }: Call): Account {
  const account = state.authorizations.awaitingPassword(caller) ??
    state.authorizations.get(caller)?.account;
  if (account === undefined) throw new RpcFailure(401, "AUTH_KEY_UNREGISTERED");
  return account;
}
