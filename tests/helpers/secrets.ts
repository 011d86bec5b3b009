/**
 * Whether what is secret can be read from what a program prints: its log, its errors, the console, and whatever is turned into
 * text, into JSON, or inspected.
 */
import type { Logger } from "../../src/runtime/mod.ts";
import { inspect } from "node:util";
import { assert, assertRejects } from "./assert.ts";

/** So many bytes of a secret are enough to be one. */
const WINDOW = 6;

/** Every so many letters, numbers or digits of a text that could stand for bytes, in each way in which bytes are printed. */
function* windowsIn(text: string): Iterable<string> {
  for (const [run] of text.matchAll(/[0-9a-f]{12,}/gi)) {
    for (const at of [0, 1]) yield* slide(fromHex(run.slice(at)));
  }
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{10,}/g)) {
    // Each three bytes are four letters, and nobody knows where they begin.
    for (const at of [0, 1, 2, 3]) yield* slide(fromBase64(run.slice(at)));
  }
  const numbers = Array.from(text.matchAll(/\d+/g), ([digits]) => Math.min(Number(digits), 256));
  yield* slide(numbers.map((n) => String.fromCharCode(n)).join(""));
  for (const at of [0, 1]) { // an object of them: every other one is an index
    yield* slide(
      numbers.filter((_, index) => index % 2 === at).map((n) => String.fromCharCode(n)).join(""),
    );
  }
  const plain = text.replace(
    /\\(?:x|u00)([0-9a-f]{2})/gi,
    (_, hex) => String.fromCharCode(parseInt(hex, 16)),
  );
  // deno-lint-ignore no-control-regex
  if (/[\0-\x08\x0e-\x1f\x80-\xff]/.test(plain)) yield* slide(plain);
}

function* slide(letters: string): Iterable<string> {
  for (let at = 0; at + WINDOW <= letters.length; at++) yield letters.slice(at, at + WINDOW);
}

function fromHex(digits: string): string {
  return (digits.match(/../g) ?? []).map((pair) => String.fromCharCode(parseInt(pair, 16))).join(
    "",
  );
}

function fromBase64(letters: string): string {
  const text = letters.replaceAll("-", "+").replaceAll("_", "/");
  return atob(text.length % 4 === 1 ? text.slice(0, -1) : text);
}

/** Secrets, and whether a text shows one. */
export class Secrets {
  readonly #windows = new Set<string>();
  readonly #texts = new Set<string>();

  /** Bytes are looked for by their beginning, their middle and their end; a text as it is. */
  add(secret: Uint8Array | string): void {
    if (typeof secret === "string") {
      this.#texts.add(secret);
      return;
    }
    const last = Math.max(secret.length - WINDOW, 0);
    for (const at of [0, last >> 1, last]) {
      const window = secret.subarray(at, at + WINDOW);
      if (window.length === WINDOW && !isPattern(window)) {
        this.#windows.add(String.fromCharCode(...window));
      }
    }
  }

  /** What of a text is one of them, or a part of one; undefined if nothing is. */
  findIn(text: string): string | undefined {
    for (const secret of this.#texts) if (text.includes(secret)) return secret;
    if (this.#windows.size === 0) return undefined;
    for (const window of windowsIn(text)) {
      if (this.#windows.has(window)) {
        return `the bytes ${Array.from(window, (byte) => byte.charCodeAt(0))} in: ${
          text.slice(0, 300)
        }`;
      }
    }
  }
}

/** Tests have keys of one byte over and over, or of all bytes in turn: such a part of them could be anything. */
function isPattern(bytes: Uint8Array): boolean {
  const steps = Array.from(bytes.subarray(1), (byte, at) => byte - bytes[at] & 0xff);
  return new Set(steps).size === 1 || new Set(bytes).size < 4;
}

/**
 * Whether `text` shows a part of `secret`, of its beginning, its middle or its end: in hex, as a list of numbers or an object
 * of them, as characters, or in base64 of either alphabet, also within something longer.
 */
export function shows(text: string, secret: Uint8Array): boolean {
  const secrets = new Secrets();
  secrets.add(secret);
  return secrets.findIn(text) !== undefined;
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
    const bytes = new Secrets();
    for (const secret of secrets) {
      assert(secret.length > 0, "an empty secret is shown by anything");
      if (typeof secret === "string") assert(!text.includes(secret), `it shows ${secret}`);
      else bytes.add(secret);
    }
    const shown = bytes.findIn(text);
    assert(shown === undefined, `it shows ${shown}`);
  }
}

function withoutLongs(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
