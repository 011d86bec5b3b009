/**
 * Whether what is secret can be read from what a program prints: its log, its errors, the console,
 * and whatever is turned into text, into JSON, or inspected.
 */
import { inspect } from "node:util";
import type { Logger } from "../../src/runtime/mod.ts";
import { assert, assertRejects } from "./assert.ts";
import { Secrets } from "./secret_search.ts";

export { shows } from "./secret_search.ts";

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
