/**
 * The devices on which the account is signed in, and the websites: looking, ending, confirming.
 * https://core.telegram.org/api/auth#confirming-login, https://core.telegram.org/widgets/login
 * What is done is in device_steps.ts.
 */
import type { SignInContext, StepOptions } from "../context.ts";
import { loadSteps } from "../later.ts";

/** One device on which the account is signed in. */
export interface DeviceSession {
  /** Names it, for ending or confirming it; 0n for this one. */
  readonly hash: bigint;
  /** Whether it is the one that asks. */
  readonly isCurrent: boolean;
  /** Whether nobody has said yet that it is the owner's: see {@linkcode Devices.confirm}. */
  readonly isUnconfirmed: boolean;
  /** Whether the 2FA password has not been given there yet. */
  readonly isPasswordPending: boolean;
  /** Whether it is an official app of Telegram's. */
  readonly isOfficial: boolean;
  /** For example `"PC 64bit"`. */
  readonly deviceModel: string;
  /** The operating system. */
  readonly platform: string;
  /** Its version. */
  readonly systemVersion: string;
  /** The application, by the name that it was registered under. */
  readonly appName: string;
  /** Its version. */
  readonly appVersion: string;
  /** The application's id. */
  readonly apiId: number;
  /** When it signed in. */
  readonly createdAt: Date;
  /** When it was used last. */
  readonly activeAt: Date;
  /** The IP address that it was used from last. */
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

/** One website or mini app where the account has signed in with Telegram. */
export interface WebSession {
  /** Names it, for ending it. */
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
  /** When it was used last. */
  readonly activeAt: Date;
  /** The IP address that it was used from last. */
  readonly ip: string;
  /** The region of that address. */
  readonly region: string;
}

/** What can be set of one device; what is left out stays as it is. */
export interface DeviceSettings {
  /** Whether it takes secret chats. */
  acceptsSecretChats?: boolean;
  /** Whether it takes calls. */
  acceptsCalls?: boolean;
}

/** A device, or its hash. */
export type DeviceLike = bigint | Pick<DeviceSession, "hash">;

/**
 * The devices of the account: what {@linkcode Client.devices} is. A device may end others only a day after it has signed in
 * itself; before that, ending throws a `SignInError` with the reason `"tooFresh"`.
 *
 * @example
 * ```ts
 * import { Client, StringSession } from "@tessera/mtproto";
 * import { OfflineTelegram } from "@tessera/mtproto/testing";
 *
 * await using telegram = new OfflineTelegram();
 * const { apiId, apiHash, clientOptions } = telegram;
 * await using client = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
 * await client.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
 * for (const device of await client.devices.list()) {
 *   console.log(device.deviceModel, device.isCurrent ? "(this one)" : device.hash);
 * }
 * ```
 */
export class Devices {
  readonly #context: SignInContext;

  /** The devices of whoever is signed in. Made by the client. */
  constructor(context: SignInContext) {
    this.#context = context;
  }

  /** All devices, this one among them. */
  async list(options?: StepOptions): Promise<DeviceSession[]> {
    const { listDevices } = await loadSteps();
    return await listDevices(this.#context, options);
  }

  /**
   * Signs another device out. For this one there is {@linkcode Client.signOut}.
   *
   * @throws {SignInError} `deviceUnknown` if it is none of the account's, or signed out already; `tooFresh`
   */
  async terminate(device: DeviceLike, options?: StepOptions): Promise<void> {
    const { terminateDevice } = await loadSteps();
    await terminateDevice(this.#context, device, options);
  }

  /** Signs all other devices out. */
  async terminateOthers(options?: StepOptions): Promise<void> {
    const { terminateOtherDevices } = await loadSteps();
    await terminateOtherDevices(this.#context, options);
  }

  /** Says that a new device is the owner's. Until then, or for a week, it counts as unconfirmed. */
  async confirm(device: DeviceLike, options?: StepOptions): Promise<void> {
    const { confirmDevice } = await loadSteps();
    await confirmDevice(this.#context, device, options);
  }

  /** Sets what a device takes. */
  async configure(
    device: DeviceLike,
    settings: DeviceSettings,
    options?: StepOptions,
  ): Promise<void> {
    const { configureDevice } = await loadSteps();
    await configureDevice(this.#context, device, settings, options);
  }

  /** After how many days without use a device is signed out. */
  async getInactivityLimit(options?: StepOptions): Promise<number> {
    const { inactivityLimit } = await loadSteps();
    return await inactivityLimit(this.#context, options);
  }

  /**
   * Sets after how many days without use a device is signed out, from 1 to 366.
   *
   * @throws {SignInError} `daysInvalid`, `tooFresh`
   */
  async setInactivityLimit(days: number, options?: StepOptions): Promise<void> {
    const { setInactivityLimit } = await loadSteps();
    await setInactivityLimit(this.#context, days, options);
  }

  /** All websites and mini apps where the account has signed in with Telegram. */
  async listWeb(options?: StepOptions): Promise<WebSession[]> {
    const { listWebsites } = await loadSteps();
    return await listWebsites(this.#context, options);
  }

  /** Signs the account out of a website. Throws a `SignInError` with the reason `deviceUnknown` if it is signed in at none such. */
  async terminateWeb(
    website: bigint | Pick<WebSession, "hash">,
    options?: StepOptions,
  ): Promise<void> {
    const { terminateWebsite } = await loadSteps();
    await terminateWebsite(this.#context, website, options);
  }

  /** Signs the account out of all websites. */
  async terminateAllWeb(options?: StepOptions): Promise<void> {
    const { terminateAllWebsites } = await loadSteps();
    await terminateAllWebsites(this.#context, options);
  }
}
