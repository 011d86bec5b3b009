/**
 * Questions to bots that wait for their answers: pressed buttons and inline queries.
 * https://core.telegram.org/api/bots/buttons and https://core.telegram.org/api/bots/inline
 */
import type { Api } from "../../../tl/mod.ts";
import { type Random, randomLong } from "../../../runtime/mod.ts";

/** What a bot answers to an inline query. */
export interface InlineAnswer {
  readonly botId: bigint;
  readonly results: readonly Api.inputBotInlineResult[];
  readonly answer: Omit<Api.messages.botResults, "_" | "queryId" | "results" | "users">;
}

/** A question that waits. */
interface Waiting<Answer> {
  readonly botId: bigint;
  resolve(answer: Answer | undefined): void;
}

/** Waits in vain for an answer; ends early with the signal. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Questions of one kind. */
export class BotQueries<Answer> {
  readonly #random: Random;
  readonly #sleep: Sleep | undefined;
  readonly #waiting = new Map<bigint, Waiting<Answer>>();

  /** Without a sleep, a question waits until the bot answers. */
  constructor(random: Random, sleep?: Sleep) {
    this.#random = random;
    this.#sleep = sleep;
  }

  /**
   * Makes a question to a bot. Its answer is undefined if the bot does not answer within this time.
   */
  ask(
    botId: bigint,
    timeoutMs: number,
  ): { readonly id: bigint; readonly answer: Promise<Answer | undefined> } {
    const id = randomLong(this.#random);
    const done = new AbortController();
    const answer = new Promise<Answer | undefined>((resolve) => {
      this.#waiting.set(id, { botId, resolve });
    }).finally(() => {
      this.#waiting.delete(id);
      done.abort();
    });
    this.#sleep?.(timeoutMs, done.signal).then(() => this.#waiting.get(id)?.resolve(undefined))
      .catch(() => {});
    return { id, answer };
  }

  /** Answers a question of a bot. Returns whether the question waits. */
  answer(id: bigint, botId: bigint, answer: Answer): boolean {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined || waiting.botId !== botId) return false;
    this.#waiting.delete(id);
    waiting.resolve(answer);
    return true;
  }

  /** Ends all questions without an answer. */
  end(): void {
    for (const { resolve } of this.#waiting.values()) resolve(undefined);
  }
}
