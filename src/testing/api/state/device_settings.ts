/**
 * What accounts have set about their devices, and the websites where they have signed in with
 * Telegram: https://core.telegram.org/widgets/login. The devices are in authorizations.ts.
 */
import type { Random } from "../../../runtime/mod.ts";
import type { Account } from "./account.ts";
import { randomHash } from "./random_values.ts";

/** A website or mini app where an account has signed in with Telegram. */
export interface Website {
  /** Names it among the account's websites. */
  readonly hash: bigint;
  /** The bot of the website. */
  readonly botId: bigint;
  readonly domain: string;
  readonly browser: string;
  readonly platform: string;
  /** In Unix seconds. */
  readonly dateCreated: number;
  /** In Unix seconds. */
  readonly dateActive: number;
  readonly ip: string;
  readonly region: string;
}

const DEFAULT_TTL_DAYS = 183;

/** The device settings and the websites of all accounts. */
export class DeviceSettings {
  readonly #random: Random;
  readonly #nowSeconds: () => number;
  readonly #ttlDays = new Map<Account, number>();
  readonly #websites = new Map<Account, Website[]>();

  /** The clock counts Unix seconds. */
  constructor(random: Random, nowSeconds: () => number) {
    this.#random = random;
    this.#nowSeconds = nowSeconds;
  }

  /** Returns after how many days without a call a device is signed out. */
  ttlDays(account: Account): number {
    return this.#ttlDays.get(account) ?? DEFAULT_TTL_DAYS;
  }

  /** Sets after how many days without a call a device is signed out. */
  setTtlDays(account: Account, days: number): void {
    this.#ttlDays.set(account, days);
  }

  /** Returns the websites where an account has signed in. */
  websites(account: Account): readonly Website[] {
    return this.#websites.get(account) ?? [];
  }

  /** Signs an account in to a website. */
  addWebsite(account: Account, domain: string, botId: bigint): void {
    const now = Math.floor(this.#nowSeconds());
    const website: Website = {
      hash: randomHash(this.#random),
      botId,
      domain,
      browser: "Offline",
      platform: "Offline",
      dateCreated: now,
      dateActive: now,
      ip: "127.0.0.1",
      region: "Nowhere",
    };
    this.#websites.set(account, [...this.websites(account), website]);
  }

  /** Signs an account out of one website, or of all. Returns whether it was signed in there. */
  endWebsites(account: Account, hash?: bigint): boolean {
    const left = this.websites(account).filter((one) => hash !== undefined && one.hash !== hash);
    const ended = left.length < this.websites(account).length;
    this.#websites.set(account, left);
    return ended;
  }
}
