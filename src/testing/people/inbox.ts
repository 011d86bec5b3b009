/**
 * The messages that wait until a test asks for them, and the tests that wait for messages. Each
 * message is taken once.
 */
import type { Clock } from "../../runtime/mod.ts";
import type { PersonMessage } from "./person_message.ts";

/** A wait for a message. */
export interface InboxWait {
  /** Whether a message is the one. */
  readonly isWanted: (message: PersonMessage) => boolean;
  /** In milliseconds. */
  readonly timeout: number;
  /** What is waited for, for the error: `a message to Ada`. */
  readonly wanted: string;
}

const SHOWN = 5;
const SHOWN_LENGTH = 60;

/** The messages of one person, in the order in which they came. */
export class Inbox {
  readonly #clock: Clock;
  readonly #waiting: PersonMessage[] = [];
  readonly #takers = new Set<(message: PersonMessage) => boolean>();
  readonly #all: PersonMessage[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** All messages that came, taken or not. */
  get all(): readonly PersonMessage[] {
    return this.#all;
  }

  /** Adds a message. */
  add(message: PersonMessage): void {
    this.#all.push(message);
    for (const take of this.#takers) if (take(message)) return;
    this.#waiting.push(message);
  }

  /** Forgets the messages that nobody has taken. */
  clear(): void {
    this.#waiting.length = 0;
  }

  /** Takes the oldest wanted message; waits for one that has not come. */
  async take({ isWanted, timeout, wanted }: InboxWait): Promise<PersonMessage> {
    const index = this.#waiting.findIndex(isWanted);
    if (index >= 0) return this.#waiting.splice(index, 1)[0];
    const done = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<PersonMessage>();
    const take = (message: PersonMessage): boolean => {
      if (!isWanted(message)) return false;
      this.#takers.delete(take);
      resolve(message);
      return true;
    };
    this.#takers.add(take);
    this.#clock.sleep(timeout, done.signal).then(
      () => reject(this.#missing(wanted, timeout)),
      () => {},
    );
    return await promise.finally(() => {
      this.#takers.delete(take);
      done.abort();
    });
  }

  #missing(wanted: string, timeout: number): Error {
    const came = this.#waiting.slice(-SHOWN).map(({ text, from, chat }) =>
      `"${text.slice(0, SHOWN_LENGTH)}" from ${from?.name ?? chat.title}`
    );
    const others = came.length === 0 ? "Nothing else came." : `There is ${came.join(", ")}.`;
    return new Error(
      `Cannot return ${wanted}: it did not come within ${timeout / 1000} s. ${others}`,
    );
  }
}
