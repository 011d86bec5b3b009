// The devices on which an account is signed in, and the websites: https://core.telegram.org/api/auth#confirming-login
// account.getAuthorizations, resetAuthorization, changeAuthorizationSettings, setAuthorizationTTL, the same of websites,
// auth.resetAuthorizations.

import type { Api } from "../../../tl/mod.ts";
import type { Authorization, Device } from "../state/authorizations.ts";
import { badRequest, RpcFailure } from "../failure.ts";
import type { Methods, SignedInCall } from "./method.ts";
import { userObject } from "./users.ts";
import type { World } from "../state/server_state.ts";

/** Only a device that has been signed in for so long may end others. */
const FRESH_SECONDS = 86_400;
const LONGEST_TTL_DAYS = 366;
/** A device names itself by 0 where it ends or changes one. */
const CURRENT = 0n;

/** The devices of an account. */
export const devicesMethods: Methods = {
  "account.getAuthorizations": {
    who: "users",
    answer(_request, { world, authorization, account }) {
      return {
        _: "account.authorizations",
        authorizationTtlDays: world.deviceSettings.ttlDays(account),
        authorizations: world.authorizations.of(account).map((one) => {
          const current = one === authorization;
          const object = authorizationObject(world, one, { current: current || undefined });
          return current ? { ...object, hash: CURRENT } : object;
        }),
      };
    },
  },

  "account.resetAuthorization": {
    who: "users",
    answer(request, call) {
      const other = deviceOf(call, request.hash);
      checkNotFresh(call);
      call.world.authorizations.end(other);
      return true;
    },
  },

  "auth.resetAuthorizations": {
    who: "users",
    answer(_request, call) {
      checkNotFresh(call);
      const { world, account, authorization } = call;
      for (const other of world.authorizations.of(account)) {
        if (other !== authorization) world.authorizations.end(other);
      }
      return true;
    },
  },

  "account.changeAuthorizationSettings": {
    who: "users",
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
    who: "users",
    answer(request, call) {
      const days = request.authorizationTtlDays;
      if (days < 1 || days > LONGEST_TTL_DAYS) throw badRequest("TTL_DAYS_INVALID");
      checkNotFresh(call);
      call.world.deviceSettings.setTtlDays(call.account, days);
      return true;
    },
  },

  "account.getWebAuthorizations": {
    who: "users",
    answer(_request, { world, account }) {
      const websites = world.deviceSettings.websites(account);
      const bots = websites.map(({ botId }) => world.directory.byId(botId));
      return {
        _: "account.webAuthorizations",
        authorizations: websites.map((one) => ({ _: "webAuthorization", ...one })),
        users: [...new Set(bots)].flatMap((bot) => bot ? [userObject(bot, account)] : []),
      };
    },
  },

  "account.resetWebAuthorization": {
    who: "users",
    answer(request, { world, account }) {
      const ended = world.deviceSettings.endWebsites(account, request.hash);
      if (!ended) throw badRequest("HASH_INVALID");
      return true;
    },
  },

  "account.resetWebAuthorizations": {
    who: "users",
    answer(_request, { world, account }) {
      world.deviceSettings.endWebsites(account);
      return true;
    },
  },
};

/** One more device has signed in: the others are told. */
export function announceDevice(world: World, device: Authorization): void {
  const date = world.now();
  const unconfirmed = device.unconfirmedUntil !== undefined || undefined;
  const update: Api.Update = {
    _: "updateNewAuthorization",
    unconfirmed,
    hash: device.hash,
    ...(unconfirmed && { date, device: modelOf(device), location: COUNTRY }),
  };
  for (const other of world.authorizations.of(device.account)) {
    if (other === device) continue;
    world.push(other.authKeyId, { _: "updateShort", update, date });
  }
}

const COUNTRY = "Nowhere";

/** A device as its owner sees it. */
export function authorizationObject(
  world: World,
  device: Device,
  flags: Pick<Api.authorization, "current" | "passwordPending"> = {},
): Api.authorization {
  const { client, unconfirmedUntil = 0 } = device;
  return {
    _: "authorization",
    ...flags,
    unconfirmed: unconfirmedUntil > world.now() || undefined,
    encryptedRequestsDisabled: device.encryptedRequestsDisabled || undefined,
    callRequestsDisabled: device.callRequestsDisabled || undefined,
    hash: device.hash,
    deviceModel: modelOf(device),
    platform: "",
    systemVersion: client?.systemVersion ?? "",
    apiId: device.apiId ?? world.apiId,
    appName: "Offline",
    appVersion: client?.appVersion ?? "",
    dateCreated: device.created,
    dateActive: device.active,
    ip: "127.0.0.1",
    country: COUNTRY,
    region: "",
  };
}

function modelOf({ client }: Device): string {
  return client?.deviceModel ?? "Unknown";
}

function deviceOf({ world, account }: SignedInCall, hash: bigint): Authorization {
  const device = world.authorizations.of(account).find((one) => one.hash === hash);
  if (device === undefined) throw badRequest("HASH_INVALID");
  return device;
}

function checkNotFresh({ world, authorization }: SignedInCall): void {
  if (world.now() - authorization.created < FRESH_SECONDS) {
    throw new RpcFailure(406, "FRESH_RESET_AUTHORISATION_FORBIDDEN");
  }
}
