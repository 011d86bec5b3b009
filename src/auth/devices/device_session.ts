/**
 * A device on which the account is signed in, and a website:
 * https://core.telegram.org/constructor/authorization
 */
import type { Api } from "../../tl/mod.ts";
import { dateOf } from "../date.ts";

/** A device on which the account is signed in. */
export interface DeviceSession {
  /** The number by which the device is ended or confirmed; 0n for this device. */
  readonly hash: bigint;
  /** Whether it is this device. */
  readonly isCurrent: boolean;
  /** Whether the owner has not confirmed it yet: see {@linkcode Devices.confirm}. */
  readonly isUnconfirmed: boolean;
  /** Whether the 2FA password has not been entered there yet. */
  readonly isPasswordPending: boolean;
  /** Whether it is one of Telegram's official apps. */
  readonly isOfficial: boolean;
  /** For example `"PC 64bit"`. */
  readonly deviceModel: string;
  /** The operating system. */
  readonly platform: string;
  /** Its version. */
  readonly systemVersion: string;
  /** The name under which the application is registered. */
  readonly appName: string;
  /** Its version. */
  readonly appVersion: string;
  /** The application's id. */
  readonly apiId: number;
  /** When it signed in. */
  readonly createdAt: Date;
  /** When it was last used. */
  readonly activeAt: Date;
  /** The IP address from which it was last used. */
  readonly ip: string;
  /** The country of that address. */
  readonly country: string;
  /** The region of that address. */
  readonly region: string;
  /** Whether it takes secret chats. */
  readonly acceptsSecretChats: boolean;
  /** Whether it takes calls. */
  readonly acceptsCalls: boolean;
}

/** A website or mini app where the account has signed in with Telegram. */
export interface WebSession {
  /** The number by which it is ended. */
  readonly hash: bigint;
  /** The website. */
  readonly domain: string;
  /** The id of its bot. */
  readonly botId: bigint;
  /** The browser with which the account signed in. */
  readonly browser: string;
  /** The operating system of that browser. */
  readonly platform: string;
  /** When the account signed in. */
  readonly createdAt: Date;
  /** When it was last used. */
  readonly activeAt: Date;
  /** The IP address from which it was last used. */
  readonly ip: string;
  /** The region of that address. */
  readonly region: string;
}

/** The settings of a device. A field that is left out stays as it is. */
export interface DeviceSettings {
  /** Whether it takes secret chats. */
  acceptsSecretChats?: boolean;
  /** Whether it takes calls. */
  acceptsCalls?: boolean;
}

/** A device, or its hash. */
export type DeviceLike = bigint | Pick<DeviceSession, "hash">;

/** Reads Telegram's description of a device. */
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

/** Reads Telegram's description of a website. */
export function websiteOf(raw: Api.WebAuthorization): WebSession {
  const { hash, domain, botId, browser, platform, ip, region } = raw;
  const [createdAt, activeAt] = [dateOf(raw.dateCreated), dateOf(raw.dateActive)];
  return { hash, domain, botId, browser, platform, createdAt, activeAt, ip, region };
}
