// What an account has set about its devices, and the websites where it has signed in with Telegram:
// https://core.telegram.org/widgets/login. Who is signed in where is in authorizations.ts.

import { bytesToBigInt } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";
import type { Account } from "./account.ts";

/** A website, or a mini app, where an account has signed in with Telegram. */
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

/** What accounts have set about their devices. */
export class DeviceSettings {
  readonly #random: Random;
  readonly #now: () => number;
  readonly #ttlDays = new Map<Account, number>();
  readonly #websites = new Map<Account, Website[]>();

  constructor(random: Random, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  /** After how many days without a call a device is signed out. */
  ttlDays(account: Account): number {
    return this.#ttlDays.get(account) ?? DEFAULT_TTL_DAYS;
  }

  /** Sets after how many days without a call a device is signed out. */
  setTtlDays(account: Account, days: number): void {
    this.#ttlDays.set(account, days);
  }

  /** Where an account has signed in with Telegram. */
  websites(account: Account): readonly Website[] {
    return this.#websites.get(account) ?? [];
  }

  /** Signs an account in to a website. */
  addWebsite(account: Account, domain: string, botId: bigint): void {
    const now = Math.floor(this.#now());
    const website: Website = {
      hash: bytesToBigInt(this.#random(7)),
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

  /** Signs an account out of a website, or of all. Gives whether there was one. */
  endWebsites(account: Account, hash?: bigint): boolean {
    const left = this.websites(account).filter((one) => hash !== undefined && one.hash !== hash);
    const ended = left.length < this.websites(account).length;
    this.#websites.set(account, left);
    return ended;
  }
}
