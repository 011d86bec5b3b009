import type { CliEnvironment } from "../../src/cli/mod.ts";
import { LoginCancelledError } from "../../mod.ts";
import "./quick_passwords.ts";

/**
 * A command-line environment for tests: it collects the output, and types the answers.
 */
export class FakeWorld implements CliEnvironment {
  /** What went to stdout. */
  readonly printed: string[] = [];
  /** What went to stderr, and the questions. */
  readonly noted: string[] = [];
  readonly #answers: string[];
  readonly #env: Readonly<Record<string, string>>;
  readonly #interruption = new AbortController();
  /** Called with each line and each question. */
  onLine?: (line: string) => void;

  constructor(answers: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    this.#answers = [...answers];
    this.#env = env;
  }

  readonly print = (line: string): void => {
    this.printed.push(line);
    this.onLine?.(line);
  };
  readonly note = (line: string): void => {
    this.noted.push(line);
    this.onLine?.(line);
  };
  readonly env = (name: string): string | undefined => this.#env[name];
  readonly ask: CliEnvironment["ask"] = {
    say: (text) => this.note(text),
    askLine: (question) => this.#answer(question),
    askHidden: (question) => this.#answer(`${question}(hidden)`),
  };

  get interrupted(): AbortSignal {
    return this.#interruption.signal;
  }

  /** As ctrl-C does. */
  interrupt(): void {
    this.#interruption.abort(new Error("Interrupted by SIGINT"));
  }

  /** How many answers nobody asked for. */
  get left(): number {
    return this.#answers.length;
  }

  async #answer(question: string): Promise<string> {
    this.note(question);
    const answer = this.#answers.shift();
    if (answer === undefined) throw new LoginCancelledError({ text: "the input ended" });
    return await Promise.resolve(answer);
  }
}
