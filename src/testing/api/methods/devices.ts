/**
 * The devices and the websites on which an account is signed in:
 * https://core.telegram.org/api/auth#confirming-login
 *
 * account.getAuthorizations, resetAuthorization, changeAuthorizationSettings, setAuthorizationTTL,
 * the same methods for websites, and auth.resetAuthorizations.
 */
import { badRequest, RpcFailure } from "../failure.ts";
import { authorizationObject } from "../objects/device.ts";
import { userObject } from "../objects/user.ts";
import type { Authorization } from "../state/authorizations.ts";
import type { Methods, SignedInCall } from "./method.ts";

/** A device must have been signed in for this time before it may end others. */
const FRESH_SECONDS = 86_400;
const MAX_TTL_DAYS = 366;
/** The hash with which a device names itself. */
const CURRENT = 0n;

/** The devices and websites of an account. */
export const devicesMethods: Methods = {
  "account.getAuthorizations": {
    callers: "users",
    answer(_request, { state, authorization, account }) {
      return {
        _: "account.authorizations",
        authorizationTtlDays: state.deviceSettings.ttlDays(account),
        authorizations: state.authorizations.of(account).map((one) => {
          const current = one === authorization;
          const object = authorizationObject(state, one, { current: current || undefined });
          return current ? { ...object, hash: CURRENT } : object;
        }),
      };
    },
  },

  "account.resetAuthorization": {
    callers: "users",
    answer(request, call) {
      const other = deviceOf(call, request.hash);
      checkNotFresh(call);
      call.state.authorizations.end(other);
      return true;
    },
  },

  "auth.resetAuthorizations": {
    callers: "users",
    answer(_request, call) {
      checkNotFresh(call);
      const { state, account, authorization } = call;
      for (const other of state.authorizations.of(account)) {
        if (other !== authorization) state.authorizations.end(other);
      }
      return true;
    },
  },

  "account.changeAuthorizationSettings": {
    callers: "users",
    answer(request, call) {
      const device = request.hash === CURRENT ? call.authorization : deviceOf(call, request.hash);
      if (request.confirmed) device.unconfirmedUntil = undefined;
      const { encryptedRequestsDisabled, callRequestsDisabled } = request;
      if (encryptedRequestsDisabled !== undefined) {
        device.encryptedRequestsDisabled = encryptedRequestsDisabled;
      }
      if (callRequestsDisabled !== undefined) device.callRequestsDisabled = callRequestsDisabled;
      return true;
    },
  },

  "account.setAuthorizationTTL": {
    callers: "users",
    answer(request, call) {
      const days = request.authorizationTtlDays;
      if (days < 1 || days > MAX_TTL_DAYS) throw badRequest("TTL_DAYS_INVALID");
      checkNotFresh(call);
      call.state.deviceSettings.setTtlDays(call.account, days);
      return true;
    },
  },

  "account.getWebAuthorizations": {
    callers: "users",
    answer(_request, { state, account }) {
      const websites = state.deviceSettings.websites(account);
      const bots = websites.map(({ botId }) => state.directory.byId(botId));
      return {
        _: "account.webAuthorizations",
        authorizations: websites.map((one) => ({ _: "webAuthorization", ...one })),
        users: [...new Set(bots)].flatMap((bot) => bot ? [userObject(bot, account)] : []),
      };
    },
  },

  "account.resetWebAuthorization": {
    callers: "users",
    answer(request, { state, account }) {
      const ended = state.deviceSettings.endWebsites(account, request.hash);
      if (!ended) throw badRequest("HASH_INVALID");
      return true;
    },
  },

  "account.resetWebAuthorizations": {
    callers: "users",
    answer(_request, { state, account }) {
      state.deviceSettings.endWebsites(account);
      return true;
    },
  },
};

function deviceOf({ state, account }: SignedInCall, hash: bigint): Authorization {
  const device = state.authorizations.of(account).find((one) => one.hash === hash);
  if (device === undefined) throw badRequest("HASH_INVALID");
  return device;
}

function checkNotFresh({ state, authorization }: SignedInCall): void {
  if (state.nowSeconds() - authorization.created < FRESH_SECONDS) {
    throw new RpcFailure(406, "FRESH_RESET_AUTHORISATION_FORBIDDEN");
  }
}
