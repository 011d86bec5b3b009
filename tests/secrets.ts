/**
 * Whether what is secret can be read from what a program prints: its log, its errors, the console, and whatever is turned into
 * text, into JSON, or inspected.
 */
import { inspect } from "node:util";
import { bytesToHex, encodeBase64 } from "../src/crypto/mod.ts";
import type { Logger } from "../mod.ts";
import { assert, assertRejects } from "./assert.ts";

/** So many bytes of a secret are enough to be one. */
const WINDOW = 6;

/**
 * Whether `text` shows a part of `secret`, of its beginning, its middle or its end: in hex, as a list of numbers or an object
 * of them, as characters, or in base64 of either alphabet, also within something longer.
 */
export function shows(text: string, secret: Uint8Array): boolean {
  const hex = text.toLowerCase();
  const numbers = text.replace(/\D+/g, " ");
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  const last = Math.max(secret.length - WINDOW - 2, 0);
  return [0, last >> 1, last].some((at) => {
    const start = secret.subarray(at, at + WINDOW);
    // In base64, each three bytes are four letters: one of these three begins such a group.
    const groups = [0, 1, 2].map((by) => secret.subarray(at + by, at + by + WINDOW));
    const object = Array.from(start, (byte, index) => `${at + index} ${byte}`).join(" ");
    return hex.includes(bytesToHex(start)) || numbers.includes([...start].join(" ")) ||
      numbers.includes(object) || text.includes(String.fromCharCode(...start)) ||
      groups.some((group) => group.length === WINDOW && base64.includes(encodeBase64(group)));
  });
}

/** All that was logged, thrown or printed. */
export class Witness {
  readonly #parts: unknown[] = [];
  /** A logger that tells it. */
  readonly logger: Logger;

  constructor() {
    const write = (...parts: unknown[]): void => this.add(...parts);
    this.logger = { debug: write, info: write, warn: write, error: write };
  }

  /** What was printed, or could be. */
  add(...parts: unknown[]): void {
    this.#parts.push(...parts);
  }

  /** The error that a step fails with. */
  async failure(step: () => Promise<unknown>): Promise<void> {
    this.add(await assertRejects(step, Error));
  }

  /** Listens to the console as well, until it is disposed of. */
  watchConsole(): Disposable {
    const names = ["debug", "log", "info", "warn", "error"] as const;
    const { console: printer } = globalThis;
    const before = names.map((name) => printer[name]);
    for (const name of names) printer[name] = (...parts) => this.add(...parts);
    return {
      [Symbol.dispose]: () => names.forEach((name, at) => printer[name] = before[at]),
    };
  }

  /** All of it, in each way in which it can be printed. */
  get text(): string {
    return this.#parts.map((part) => {
      const options = { depth: 20, strAbbreviateSize: Infinity, iterableLimit: Infinity };
      const json = JSON.stringify(part, withoutLongs);
      return `${part} ${Deno.inspect(part, options)} ${inspect(part, { depth: 20 })} ${json}`;
    }).join("\n");
  }

  /** Fails if any of these can be read from it. */
  assertShowsNone(secrets: readonly (string | Uint8Array)[]): void {
    const { text } = this;
    for (const secret of secrets) {
      assert(secret.length > 0, "an empty secret is shown by anything");
      const isShown = typeof secret === "string" ? text.includes(secret) : shows(text, secret);
      assert(!isShown, `it shows ${secret}`);
    }
  }
}

function withoutLongs(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
