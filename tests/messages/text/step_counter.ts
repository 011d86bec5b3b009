/**
 * Counts the steps of the code in a folder: how often each of its blocks runs, as the coverage of
 * V8 knows it. So a test can tell linear from quadratic time without a clock.
 */
import { Session } from "node:inspector/promises";

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

/** Counts the steps of code while it is open. */
export class StepCounter {
  readonly #session = new Session();
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Counts the steps of the code in a folder of src/. */
  static async of(folder: string): Promise<StepCounter> {
    const counter = new StepCounter(`/src/${folder}/`);
    counter.#session.connect();
    await counter.#session.post("Profiler.enable");
    await counter.#session.post("Profiler.startPreciseCoverage", {
      callCount: true,
      detailed: true,
    });
    return counter;
  }

  /** The steps that a function takes. */
  async count(run: () => unknown): Promise<number> {
    await this.#take();
    run();
    return await this.#take();
  }

  async #take(): Promise<number> {
    const coverage = await this.#session.post("Profiler.takePreciseCoverage") as unknown;
    return (coverage as Coverage).result
      .filter(({ url }) => url.includes(this.#folder))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((sum, { count }) => sum + count, 0);
  }

  /** Ends the counting. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.post("Profiler.stopPreciseCoverage");
    this.#session.disconnect();
  }
}
