/**
 * What is done with devices and websites: the steps behind devices.ts.
 * https://core.telegram.org/api/auth#confirming-login, https://core.telegram.org/widgets/login
 */
import type { Api } from "../../tl/mod.ts";
import { call } from "../invoke_step.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import type { DeviceLike, DeviceSession, DeviceSettings, WebSession } from "./devices.ts";

/** All devices, this one among them. */
export async function listDevices(
  context: SignInContext,
  options?: StepOptions,
): Promise<DeviceSession[]> {
  const request = { _: "account.getAuthorizations" } as const;
  const { authorizations } = await call(context, request, "list devices", options);
  return authorizations.map(deviceOf);
}

/** Signs another device out. */
export async function terminateDevice(
  context: SignInContext,
  device: DeviceLike,
  options?: StepOptions,
): Promise<void> {
  const request = { _: "account.resetAuthorization", hash: hashOf(device) } as const;
  await call(context, request, "sign out a device", options);
}

/** Signs all other devices out. */
export async function terminateOtherDevices(
  context: SignInContext,
  options?: StepOptions,
): Promise<void> {
  const request = { _: "auth.resetAuthorizations" } as const;
  await call(context, request, "sign out the other devices", options);
}

/** Says that a new device is the owner's. */
export async function confirmDevice(
  context: SignInContext,
  device: DeviceLike,
  options?: StepOptions,
): Promise<void> {
  const hash = hashOf(device);
  const request = { _: "account.changeAuthorizationSettings", confirmed: true, hash } as const;
  await call(context, request, "confirm a device", options);
}

/** Sets what a device takes. */
export async function configureDevice(
  context: SignInContext,
  device: DeviceLike,
  { acceptsSecretChats, acceptsCalls }: DeviceSettings,
  options?: StepOptions,
): Promise<void> {
  const request = {
    _: "account.changeAuthorizationSettings",
    hash: hashOf(device),
    encryptedRequestsDisabled: acceptsSecretChats === undefined ? undefined : !acceptsSecretChats,
    callRequestsDisabled: acceptsCalls === undefined ? undefined : !acceptsCalls,
  } as const;
  await call(context, request, "set what a device takes", options);
}

/** After how many days without use a device is signed out. */
export async function inactivityLimit(
  context: SignInContext,
  options?: StepOptions,
): Promise<number> {
  const request = { _: "account.getAuthorizations" } as const;
  const { authorizationTtlDays } = await call(
    context,
    request,
    "ask for the inactivity limit",
    options,
  );
  return authorizationTtlDays;
}

/** Sets that. */
export async function setInactivityLimit(
  context: SignInContext,
  days: number,
  options?: StepOptions,
): Promise<void> {
  const request = { _: "account.setAuthorizationTTL", authorizationTtlDays: days } as const;
  await call(context, request, "set the inactivity limit", options);
}

/** All websites and mini apps where the account has signed in. */
export async function listWebsites(
  context: SignInContext,
  options?: StepOptions,
): Promise<WebSession[]> {
  const request = { _: "account.getWebAuthorizations" } as const;
  const { authorizations } = await call(context, request, "list websites", options);
  return authorizations.map(websiteOf);
}

/** Signs the account out of a website. */
export async function terminateWebsite(
  context: SignInContext,
  website: bigint | Pick<WebSession, "hash">,
  options?: StepOptions,
): Promise<void> {
  const request = { _: "account.resetWebAuthorization", hash: hashOf(website) } as const;
  await call(context, request, "sign out of a website", options);
}

/** Signs the account out of all websites. */
export async function terminateAllWebsites(
  context: SignInContext,
  options?: StepOptions,
): Promise<void> {
  const request = { _: "account.resetWebAuthorizations" } as const;
  await call(context, request, "sign out of websites", options);
}

function hashOf(device: DeviceLike): bigint {
  return typeof device === "bigint" ? device : device.hash;
}

function dateOf(seconds: number): Date {
  return new Date(seconds * 1000);
}

/** A device, as Telegram tells of it. */
export function deviceOf(raw: Api.Authorization): DeviceSession {
  return {
    hash: raw.hash,
    deviceModel: raw.deviceModel,
    platform: raw.platform,
    systemVersion: raw.systemVersion,
    appName: raw.appName,
    appVersion: raw.appVersion,
    apiId: raw.apiId,
    ip: raw.ip,
    country: raw.country,
    region: raw.region,
    isCurrent: raw.current ?? false,
    isUnconfirmed: raw.unconfirmed ?? false,
    isPasswordPending: raw.passwordPending ?? false,
    isOfficial: raw.officialApp ?? false,
    createdAt: dateOf(raw.dateCreated),
    activeAt: dateOf(raw.dateActive),
    acceptsSecretChats: !raw.encryptedRequestsDisabled,
    acceptsCalls: !raw.callRequestsDisabled,
  };
}

function websiteOf(raw: Api.WebAuthorization): WebSession {
  const { hash, domain, botId, browser, platform, ip, region } = raw;
  const [createdAt, activeAt] = [dateOf(raw.dateCreated), dateOf(raw.dateActive)];
  return { hash, domain, botId, browser, platform, createdAt, activeAt, ip, region };
}
