/** A client and an offline Telegram in memory, with a line between them that a test can cut. */

import { Client, type ClientOptions, ConnectionError, MemorySession } from "../../mod.ts";
import { type Clock, systemClock } from "../../src/runtime/mod.ts";
import {
  type AccountOptions,
  OfflineTelegram,
  type OfflineTelegramOptions,
} from "../../src/testing/mod.ts";
import "../helpers/quick_passwords.ts";
import { sameRandom } from "../helpers/remembered_powers.ts";

export const PHONE = "+9996621111";
export const CODE = "22222";
export const PASSWORD = "hunter2";
export const EMAIL = "ada@example.com";

/** What waits this long in milliseconds is a connection: its timeouts and pings are left alone. */
const PATIENCE = 5000;

/** A clock that lets nobody wait between attempts. */
export const IMPATIENT: Clock = {
  ...systemClock,
  sleep: (ms, signal) => ms < PATIENCE ? Promise.resolve() : systemClock.sleep(ms, signal),
};

/** A client that is connected. */
export interface World extends AsyncDisposable {
  readonly telegram: OfflineTelegram;
  readonly client: Client<MemorySession>;
  /** The methods that came to Telegram, in this order. */
  readonly calls: string[];
  /** Cuts the line when the next call of this method was carried out and before it is answered. */
  cutAfter(method: string): void;
  /** Cuts the line then, and lets nobody connect any more. */
  loseAfter(method: string): void;
}

export async function world(
  account: Partial<AccountOptions> = {},
  options: OfflineTelegramOptions = {},
  clientOptions: ClientOptions = {},
): Promise<World> {
  const accounts = [{ phone: PHONE, code: CODE, ...account }];
  const random = sameRandom();
  const telegram = new OfflineTelegram({ accounts, random: random.server, ...options });
  const calls: string[] = [];
  const cuts = new Map<string, "for a moment" | "for good">();
  let isLost = false;
  const { api } = telegram;
  const handle = api.handle.bind(api);
  api.handle = (request, caller) => {
    calls.push(request._);
    const cut = cuts.get(request._);
    cuts.delete(request._);
    try {
      return handle(request, caller);
    } finally {
      isLost ||= cut === "for good";
      if (cut !== undefined) telegram.dc().disconnectAll();
    }
  };
  const { apiId, apiHash } = telegram;
  const client = await Client.open(new MemorySession(), apiId, apiHash, {
    ...telegram.clientOptions,
    dial: (address, signal) =>
      isLost
        ? Promise.reject(new ConnectionError("Cannot connect: the line is cut"))
        : telegram.dial(address, signal),
    random: random.client,
    connectionRetries: 1,
    retryDelay: 1,
    ...clientOptions,
  });
  calls.length = 0;
  return {
    telegram,
    client,
    calls,
    cutAfter: (method) => void cuts.set(method, "for a moment"),
    loseAfter: (method) => void cuts.set(method, "for good"),
    async [Symbol.asyncDispose]() {
      await client.disconnect();
      await telegram.close();
    },
  };
}
