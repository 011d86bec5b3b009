// Taking an authorization to another data center, and ending it: https://core.telegram.org/api/datacenter
// auth.exportAuthorization, importAuthorization, logOut.

import { badRequest } from "../failure.ts";
import type { Methods } from "./method.ts";
import { userObject } from "./users.ts";

/** Taking an authorization to another data center, and ending it. */
export const transferMethods: Methods = {
  "auth.exportAuthorization": {
    who: "members",
    answer(request, { world, caller, authorization, account }) {
      if (request.dcId === caller.dcId || !world.dcs.has(request.dcId)) {
        throw badRequest("DC_ID_INVALID");
      }
      const bytes = world.authorizations.export(authorization, request.dcId);
      return { _: "auth.exportedAuthorization", id: account.id, bytes };
    },
  },

  "auth.importAuthorization": {
    who: "anyone",
    answer(request, { world, caller }) {
      const { account } = world.authorizations.import(caller, request.id, request.bytes);
      return { _: "auth.authorization", user: userObject(account, account) };
    },
  },

  "auth.logOut": {
    who: "members",
    answer(_request, { world, authorization, account }) {
      world.authorizations.end(authorization);
      return { _: "auth.loggedOut", futureAuthToken: world.futureTokens.issue(account) };
    },
  },
};
