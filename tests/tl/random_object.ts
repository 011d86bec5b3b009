/**
 * Random TL objects, made from the schema of @mtcute/core and not from ours. Each has two forms:
 * one for our codec and one for mtcute's. This file does not know the bytes of TL.
 */

import Long from "long";
import {
  API_ENTRIES,
  type Argument,
  type Entry,
  MTPROTO_ENTRIES,
} from "../helpers/mtcute_schema.ts";

/** One value, in the forms of both codecs. */
export interface Pair {
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** The choice of conditional fields. */
export type Flags = "all" | "none" | "some";

const MAX_HEIGHT = 3;
const BARE = new Map(MTPROTO_ENTRIES.map((entry) => [entry.name, entry]));

/** Returns the spec's name: mtcute's service schema puts `mt_` in front. */
export function ownName(name: string): string {
  return name.replace(/^mt_/, "");
}

/** `server_DH_params_ok` stays, `new_nonce_hash1` is `newNonceHash1`, `srp_B` is `srpB`. */
export function ownField(name: string): string {
  const [first, ...others] = name.split("_");
  return first + others.map((part) => part[0].toUpperCase() + part.slice(1)).join("");
}

/** A source of random objects of a schema; the same for the same seed. */
export class RandomObjects {
  #state: number;
  readonly #types = new Map<string, Entry[]>();
  readonly #methods: readonly Entry[];

  constructor(seed: number, api = API_ENTRIES) {
    this.#state = seed;
    this.#methods = api.filter(isSimpleMethod);
    for (const entry of [...api, ...MTPROTO_ENTRIES]) {
      if (entry.kind !== "class") continue;
      const entries = this.#types.get(entry.type);
      if (entries === undefined) this.#types.set(entry.type, [entry]);
      else entries.push(entry);
    }
    // The constructor with the fewest fields comes first: it ends a deep nesting.
    for (const entries of this.#types.values()) {
      entries.sort((a, b) => required(a) - required(b));
    }
  }

  object(entry: Entry, flags: Flags, height = 0): Pair {
    const ours: Record<string, unknown> = { _: ownName(entry.name) };
    const theirs: Record<string, unknown> = { _: entry.name };
    const bits = new Map<string, boolean>();
    for (const argument of entry.arguments) {
      if (argument.type === "#") continue;
      const field = ownField(argument.name);
      const bit = argument.typeModifiers?.predicate;
      if (bit !== undefined) {
        if (!bits.has(bit)) {
          bits.set(bit, flags === "all" || flags === "some" && this.#below(2) === 0);
        }
        const isThere = bits.get(bit) === true;
        if (argument.type === "true") theirs[field] = isThere;
        if (argument.type === "true" && isThere) ours[field] = true;
        if (argument.type === "true" || !isThere) continue;
      }
      const value = this.#argument(argument, height);
      ours[field] = value.ours;
      theirs[field] = value.theirs;
    }
    return { ours, theirs };
  }

  /** Returns a random result of a method. */
  result(method: Entry): Pair {
    return method.typeModifiers?.isVector
      ? this.#vector(method.type, 3, 0)
      : this.#value(method.type, 0);
  }

  #argument(argument: Argument, height: number): Pair {
    const { isVector, isBareVector, predicate } = argument.typeModifiers ?? {};
    if (!isVector && !isBareVector) return this.#value(argument.type, height);
    // mtcute leaves out an empty conditional vector.
    const least = predicate === undefined ? 0 : 1;
    const length = height >= MAX_HEIGHT ? least : least + this.#below(4);
    return this.#vector(argument.type, length, height);
  }

  #vector(type: string, length: number, height: number): Pair {
    const pairs = Array.from({ length }, () => this.#value(type, height));
    return { ours: pairs.map((pair) => pair.ours), theirs: pairs.map((pair) => pair.theirs) };
  }

  #value(type: string, height: number): Pair {
    switch (type) {
      case "int":
        return same(this.#int());
      case "long": {
        const [low, high] = [this.#int(), this.#int()];
        const ours = BigInt.asIntN(64, BigInt(high) << 32n | BigInt(low >>> 0));
        return { ours, theirs: new Long(low, high) };
      }
      case "int53": {
        const theirs = this.#below(0x200000) * 2 ** 32 + this.#below(2 ** 32);
        return { ours: BigInt(theirs), theirs };
      }
      case "double":
        return same(this.#int() / (1 + this.#below(1000)));
      case "string":
        return same(this.#text());
      case "bytes":
        return same(this.#bytes(this.#length()));
      case "int128":
        return same(this.#bytes(16));
      case "int256":
        return same(this.#bytes(32));
      case "Bool":
        return same(this.#below(2) === 0);
      case "!X":
        return this.object(this.#pick(this.#methods), "some", height + 1);
    }
    const bare = BARE.get(type);
    if (bare !== undefined) return this.object(bare, "some", height + 1);
    const entries = this.#types.get(type);
    if (entries === undefined) throw new Error(`Cannot make a "${type}"`);
    return height < MAX_HEIGHT
      ? this.object(this.#pick(entries), "some", height + 1)
      : this.object(entries[0], "none", height + 1);
  }

  #text(): string {
    const letters = ["a", "Z", "0", " ", "é", "ж", "語", "🔑", "\0", "\ufeff"];
    let text = "x";
    for (let left = this.#length(); left > 0; left--) text += this.#pick(letters);
    return text;
  }

  #bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#below(256));
  }

  #length(): number {
    return this.#below(20) === 0 ? 240 + this.#below(40) : this.#below(12);
  }

  #int(): number {
    const edges = [0, -1, 1, 0x7fffffff, -0x80000000];
    return this.#below(8) === 0 ? this.#pick(edges) : this.#below(2 ** 32) | 0;
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)];
  }

  /** mulberry32 */
  #below(limit: number): number {
    this.#state = this.#state + 0x6d2b79f5 | 0;
    let t = Math.imul(this.#state ^ this.#state >>> 15, 1 | this.#state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return Math.floor(((t ^ t >>> 14) >>> 0) / 2 ** 32 * limit);
  }
}

/** Converts a value of mtcute's reader to our form. */
export function comparable(value: unknown): unknown {
  if (Long.isLong(value)) return BigInt(value.toString());
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries.map(([name, field]) => [name, comparable(field)]));
}

function required(entry: Entry): number {
  return entry.arguments.filter(({ typeModifiers }) => typeModifiers?.predicate === undefined)
    .length;
}

function isSimpleMethod(entry: Entry): boolean {
  return entry.kind === "method" && entry.arguments.every(({ type }) => type !== "!X");
}

function same(value: unknown): Pair {
  return { ours: value, theirs: value };
}
