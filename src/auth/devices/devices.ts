/**
 * The devices on which the account is signed in, and the websites: listing, ending and confirming
 * them. https://core.telegram.org/api/auth#confirming-login,
 * https://core.telegram.org/widgets/login
 */
import type { SignInContext, StepOptions } from "../context.ts";
import { invokeStep } from "../invoke_step.ts";
import {
  type DeviceLike,
  deviceOf,
  type DeviceSession,
  type DeviceSettings,
  type WebSession,
  websiteOf,
} from "./device_session.ts";

/**
 * The devices of the account: `client.devices`. A device may end others only a day after it has
 * signed in itself; before that, ending throws a `SignInError` with the reason `"tooFresh"`.
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

  /** Made by the client. */
  constructor(context: SignInContext) {
    this.#context = context;
  }

  /** Lists all devices, with this one among them. */
  async list(options?: StepOptions): Promise<DeviceSession[]> {
    const request = { _: "account.getAuthorizations" } as const;
    const answer = await invokeStep(this.#context, request, "list devices", options);
    return answer.authorizations.map(deviceOf);
  }

  /**
   * Signs another device out. For this device use {@linkcode Client.signOut}.
   *
   * @throws {SignInError} `deviceUnknown` if the account is not signed in there (any more),
   * `tooFresh`
   */
  async terminate(device: DeviceLike, options?: StepOptions): Promise<void> {
    const request = { _: "account.resetAuthorization", hash: hashOf(device) } as const;
    await invokeStep(this.#context, request, "sign out a device", options);
  }

  /** Signs all other devices out. */
  async terminateOthers(options?: StepOptions): Promise<void> {
    const request = { _: "auth.resetAuthorizations" } as const;
    await invokeStep(this.#context, request, "sign out the other devices", options);
  }

  /** Confirms that a new device is the owner's. An unconfirmed device stays marked for a week. */
  async confirm(device: DeviceLike, options?: StepOptions): Promise<void> {
    const hash = hashOf(device);
    const request = { _: "account.changeAuthorizationSettings", confirmed: true, hash } as const;
    await invokeStep(this.#context, request, "confirm a device", options);
  }

  /** Sets whether a device takes secret chats and calls. */
  async configure(
    device: DeviceLike,
    { acceptsSecretChats, acceptsCalls }: DeviceSettings,
    options?: StepOptions,
  ): Promise<void> {
    const request = {
      _: "account.changeAuthorizationSettings",
      hash: hashOf(device),
      encryptedRequestsDisabled: not(acceptsSecretChats),
      callRequestsDisabled: not(acceptsCalls),
    } as const;
    await invokeStep(this.#context, request, "change the settings of a device", options);
  }

  /** Returns the number of days without use after which a device is signed out. */
  async getInactivityLimit(options?: StepOptions): Promise<number> {
    const request = { _: "account.getAuthorizations" } as const;
    const doing = "ask for the inactivity limit";
    return (await invokeStep(this.#context, request, doing, options)).authorizationTtlDays;
  }

  /**
   * Sets the number of days without use after which a device is signed out, from 1 to 366.
   *
   * @throws {SignInError} `daysInvalid`, `tooFresh`
   */
  async setInactivityLimit(days: number, options?: StepOptions): Promise<void> {
    const request = { _: "account.setAuthorizationTTL", authorizationTtlDays: days } as const;
    await invokeStep(this.#context, request, "set the inactivity limit", options);
  }

  /** Lists all websites and mini apps where the account has signed in with Telegram. */
  async listWeb(options?: StepOptions): Promise<WebSession[]> {
    const request = { _: "account.getWebAuthorizations" } as const;
    const answer = await invokeStep(this.#context, request, "list websites", options);
    return answer.authorizations.map(websiteOf);
  }

  /**
   * Signs the account out of a website.
   *
   * @throws {SignInError} `deviceUnknown` if the account is not signed in there
   */
  async terminateWeb(
    website: bigint | Pick<WebSession, "hash">,
    options?: StepOptions,
  ): Promise<void> {
    const request = { _: "account.resetWebAuthorization", hash: hashOf(website) } as const;
    await invokeStep(this.#context, request, "sign out of a website", options);
  }

  /** Signs the account out of all websites. */
  async terminateAllWeb(options?: StepOptions): Promise<void> {
    const request = { _: "account.resetWebAuthorizations" } as const;
    await invokeStep(this.#context, request, "sign out of websites", options);
  }
}

function hashOf(device: DeviceLike): bigint {
  return typeof device === "bigint" ? device : device.hash;
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}
