/**
 * Devices in the form of TL, and the update about a new one:
 * https://core.telegram.org/constructor/authorization
 */
import type { Api } from "../../../tl/mod.ts";
import type { Device } from "../state/authorizations.ts";
import type { ServerState } from "../state/server_state.ts";

const COUNTRY = "Nowhere";

/** Returns a device as its owner sees it. */
export function authorizationObject(
  state: ServerState,
  device: Device,
  flags: Pick<Api.authorization, "current" | "passwordPending"> = {},
): Api.authorization {
  const { client, unconfirmedUntil = 0 } = device;
  return {
    _: "authorization",
    ...flags,
    unconfirmed: unconfirmedUntil > state.nowSeconds() || undefined,
    encryptedRequestsDisabled: device.encryptedRequestsDisabled || undefined,
    callRequestsDisabled: device.callRequestsDisabled || undefined,
    hash: device.hash,
    deviceModel: modelOf(device),
    platform: "",
    systemVersion: client?.systemVersion ?? "",
    apiId: device.apiId ?? state.apiId,
    appName: "Offline",
    appVersion: client?.appVersion ?? "",
    dateCreated: device.created,
    dateActive: device.active,
    ip: "127.0.0.1",
    country: COUNTRY,
    region: "",
  };
}

/** Returns the update that tells the other devices of an account about a new one. */
export function newDeviceUpdates(device: Device, nowSeconds: number): Api.updateShort {
  const unconfirmed = device.unconfirmedUntil !== undefined || undefined;
  return {
    _: "updateShort",
    update: {
      _: "updateNewAuthorization",
      unconfirmed,
      hash: device.hash,
      ...(unconfirmed && { date: nowSeconds, device: modelOf(device), location: COUNTRY }),
    },
    date: nowSeconds,
  };
}

function modelOf({ client }: Device): string {
  return client?.deviceModel ?? "Unknown";
}
