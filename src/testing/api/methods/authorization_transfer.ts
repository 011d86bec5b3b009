/**
 * Carrying an authorization to another data center, and ending it:
 * https://core.telegram.org/api/datacenter
 *
 * auth.exportAuthorization, importAuthorization, logOut.
 */
import { badRequest } from "../failure.ts";
import { userObject } from "../objects/user.ts";
import type { Methods } from "./method.ts";

/** Carrying an authorization to another data center, and ending it. */
export const authorizationTransferMethods: Methods = {
  "auth.exportAuthorization": {
    callers: "users and bots",
    answer(request, { state, caller, authorization, account }) {
      if (request.dcId === caller.dcId || !state.dcs.has(request.dcId)) {
        throw badRequest("DC_ID_INVALID");
      }
      const bytes = state.authorizations.export(authorization, request.dcId);
      return { _: "auth.exportedAuthorization", id: account.id, bytes };
    },
  },

  "auth.importAuthorization": {
    callers: "anyone",
    answer(request, { state, caller }) {
      const { account } = state.authorizations.import(caller, request.id, request.bytes);
      return { _: "auth.authorization", user: userObject(account, account) };
    },
  },

  "auth.logOut": {
    callers: "users and bots",
    answer(_request, { state, authorization, account }) {
      state.authorizations.end(authorization);
      return { _: "auth.loggedOut", futureAuthToken: state.futureTokens.issue(account) };
    },
  },
};
