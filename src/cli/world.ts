/**
 * The world of an offline Telegram, from the file that `serve --world` reads: its data centers,
 * people, bots, groups, messages, refusals and troubles. world_form.ts has the form of the file.
 */
import {
  type AccountOptions,
  type BotOptions,
  type OfflineTelegramOptions,
  type ScriptedFailure,
  TEST_ACCOUNTS,
  TEST_BOTS,
  type Trouble,
} from "../testing/mod.ts";
import { shortenPath, UsageError } from "./arguments.ts";
import { checkForm, FormError, WORLD } from "./world_form.ts";

/** A person whose code is known. */
export type WorldAccount = AccountOptions & { readonly code: string };

/** A group or channel. */
export interface WorldGroup {
  readonly kind: "group" | "supergroup" | "channel";
  readonly title: string;
  readonly owner: string;
  readonly members?: readonly string[];
  readonly admins?: readonly string[];
  readonly username?: string;
  readonly about?: string;
  readonly messages?: readonly { readonly from?: string; readonly text: string }[];
}

/** A private message. */
export interface WorldMessage {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** A refusal of a method. */
export type WorldFailure = ScriptedFailure & { readonly method: string };

/** A trouble of a data center; of the first one by default. */
export type WorldTrouble = Trouble & { readonly dc?: number };

/** Everything that is in an offline Telegram. */
export interface World extends
  Pick<
    OfflineTelegramOptions,
    "dcs" | "apiId" | "apiHash" | "codeLifetime" | "resetPeriod" | "testMode" | "gzip" | "limits"
  > {
  readonly accounts: readonly WorldAccount[];
  readonly bots: readonly BotOptions[];
  readonly groups: readonly WorldGroup[];
  readonly messages: readonly WorldMessage[];
  readonly failures: readonly WorldFailure[];
  readonly troubles: readonly WorldTrouble[];
}

/** Returns the options of the offline Telegram of a world. {@linkcode fillWorld} does the rest. */
export function worldOptions(world: World): OfflineTelegramOptions {
  const { groups: _, messages: _messages, failures: _failures, troubles: _troubles, ...options } =
    world;
  return options;
}

/** The code of a number that is no test number. */
const CODE = "22222";
const DEFAULT_DC = 2;

/** The code of an account: its own, that of a test number 99966XYYYY, or the code of all others. */
function codeOf({ phone, code }: AccountOptions): string {
  if (typeof code === "string") return code;
  return /^99966(\d)\d{4}$/.exec(digitsOf(phone))?.[1].repeat(5) ?? CODE;
}

function digitsOf(phone: string): string {
  return phone.replaceAll(/\D/g, "");
}

/** Completes a world: people and bots by default, and a code for each person. */
function complete(given: Partial<World>): World {
  const { accounts = TEST_ACCOUNTS, bots = TEST_BOTS } = given;
  return {
    groups: [],
    messages: [],
    failures: [],
    troubles: [],
    ...given,
    accounts: accounts.map((account) => ({ ...account, code: codeOf(account) })),
    bots,
  };
}

/** The world without a file: one data center, two people and a bot. */
export const DEFAULT_WORLD: World = complete({});

/**
 * Reads a world from a file.
 *
 * @throws {UsageError} if it cannot be read, or does not have the form; the text names the place
 */
export async function readWorld(path: string): Promise<World> {
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(path, "utf8").catch((cause) => {
    const { code } = cause as { code?: string };
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be opened (${code})`;
    throw new UsageError(`Cannot read "${shortenPath(path)}": ${why}. Check the path.`);
  });
  return parseWorld(text, shortenPath(path));
}

/** Reads a world from the text of a file. The text is never quoted. */
export function parseWorld(text: string, name: string): World {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, "")); // as some editors begin a file
  } catch (error) {
    throw new UsageError(`Cannot read "${name}": it is not JSON${lineOf(error, text)}`);
  }
  try {
    checkForm(value, WORLD);
    const world = complete(value as Partial<World>);
    checkNames(world);
    return world;
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    throw new UsageError(`Cannot use "${name}": ${error.message}`);
  }
}

/** The line of a fault, as far as the runtime tells it. */
function lineOf(error: unknown, text: string): string {
  const at = /position (\d+)/.exec(String(error))?.[1];
  if (at === undefined) return "";
  return `, at line ${text.slice(0, Number(at)).split("\n").length}`;
}

/** Checks that everybody who is named is there once, and each data center, too. */
function checkNames({ dcs = [DEFAULT_DC], ...world }: World): void {
  checkTwice(dcs, (dc) => String(dc), (index) => `dcs[${index}]`);
  checkTwice(world.accounts, ({ phone }) => digitsOf(phone), (index) => `accounts[${index}].phone`);
  checkTwice(world.bots, ({ token }) => token.split(":")[0], (index) => `bots[${index}].token`);
  const checkDc = (id: number | undefined, place: string): void => {
    if (id === undefined || dcs.includes(id)) return;
    throw new FormError(place, `is ${id}, expected one of dcs: ${dcs.join(", ")}`);
  };
  for (const [index, { dcId = DEFAULT_DC }] of world.accounts.entries()) {
    checkDc(dcId, `accounts[${index}].dcId`);
  }
  for (const [index, { dcId = DEFAULT_DC }] of world.bots.entries()) {
    checkDc(dcId, `bots[${index}].dcId`);
  }
  for (const [index, { dc }] of world.troubles.entries()) checkDc(dc, `troubles[${index}].dc`);
  const check = (who: string, place: string): void => {
    if (isKnown(who, world)) return;
    throw new FormError(place, "is nobody of accounts and bots. Add the account or the bot.");
  };
  for (
    const [index, { owner, members = [], admins = [], messages = [] }] of world.groups.entries()
  ) {
    const place = `groups[${index}]`;
    check(owner, `${place}.owner`);
    for (const [at, who] of members.entries()) check(who, `${place}.members[${at}]`);
    for (const [at, who] of admins.entries()) check(who, `${place}.admins[${at}]`);
    for (const [at, { from }] of messages.entries()) {
      if (from !== undefined) check(from, `${place}.messages[${at}].from`);
    }
  }
  for (const [index, { from, to }] of world.messages.entries()) {
    check(from, `messages[${index}].from`);
    check(to, `messages[${index}].to`);
  }
}

function checkTwice<T>(
  list: readonly T[],
  keyOf: (one: T) => string,
  placeOf: (index: number) => string,
): void {
  const seen = new Set<string>();
  for (const [index, one] of list.entries()) {
    if (seen.has(keyOf(one))) throw new FormError(placeOf(index), "is there twice");
    seen.add(keyOf(one));
  }
}

/** The username of a bot: its own, or the one that it has by default. */
export function botName({ token, username }: BotOptions): string {
  return username ?? `test_${token.split(":")[0]}_bot`;
}

function isKnown(who: string, { accounts, bots }: Pick<World, "accounts" | "bots">): boolean {
  if (!who.startsWith("@")) {
    return accounts.some(({ phone }) => digitsOf(phone) === digitsOf(who));
  }
  const names = [...accounts.map(({ username }) => username), ...bots.map(botName)];
  return names.some((name) => name?.toLowerCase() === who.slice(1).toLowerCase());
}

/** Returns the phone number of a person, or the id of a bot, who is named in a world. */
export function findPlayer(who: string, { accounts, bots }: World): string | bigint {
  if (!who.startsWith("@")) return who;
  const name = who.slice(1).toLowerCase();
  const person = accounts.find(({ username }) => username?.toLowerCase() === name);
  const bot = bots.find((one) => botName(one).toLowerCase() === name);
  return person?.phone ?? BigInt(bot?.token.split(":")[0] ?? 0);
}
