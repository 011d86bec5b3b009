/**
 * A race of dials, as in RFC 8305: the addresses of a data center are dialled one after the other,
 * without waiting for the end of the former, and the first connection wins. Which addresses, and
 * in which order, is decided in addresses.ts.
 *
 * | event                                       | what follows                                  |
 * |---------------------------------------------|-----------------------------------------------|
 * | the race begins                             | the first address is dialled                  |
 * | 300 ms after the last start                 | the next address is dialled                   |
 * | the address that was dialled last fails     | the next address is dialled at once           |
 * | an address connects                         | it wins; the other dials are aborted          |
 * | an aborted dial connects all the same       | its stream is closed                          |
 * | every address failed                        | the race fails with all of their reasons      |
 * | a proxy refuses the program                 | the race fails with this reason               |
 * | the signal aborts                           | the race fails with its reason                |
 * | the signal aborts after the race            | the stream of the winner is closed            |
 */
import { type Address, ConnectionError, formatAddress } from "../net/mod.ts";
import { type Clock, errorOf } from "../runtime/mod.ts";
import { closeStream } from "./packet_stream.ts";

/** Milliseconds from one dial to the next. */
export const RACE_SPACING = 300;

/** The parts of a race. */
export interface RaceOptions {
  readonly clock: Clock;
  /** Ends the race, and later the connection of the winner. */
  readonly signal: AbortSignal;
  /** Milliseconds from one dial to the next; 300 by default. */
  readonly spacing?: number;
  /** Called with each address that failed, or was still being dialled when the signal aborted. */
  readonly onFailed?: (address: Address) => void;
}

/** Opens a connection of some kind. */
export type Open<Stream> = (address: Address, signal: AbortSignal) => Promise<Stream>;

/** Anything that is open. */
interface Closable {
  close(): void;
}

/** The connection that won a race. */
export interface RaceWinner<Stream> {
  readonly stream: Stream;
  readonly address: Address;
}

/**
 * Dials the addresses in their order, and returns the first connection.
 *
 * @throws {ConnectionError} if every dial fails; `cause` has the error of each
 */
export function raceDial<Stream extends Closable>(
  dial: Open<Stream>,
  candidates: readonly Address[],
  options: RaceOptions,
): Promise<RaceWinner<Stream>> {
  return new Race(dial, candidates, options).run();
}

class Race<Stream extends Closable> {
  readonly #dial: Open<Stream>;
  readonly #candidates: readonly Address[];
  readonly #options: RaceOptions;
  readonly #result = Promise.withResolvers<RaceWinner<Stream>>();
  /** The dials that are under way. */
  readonly #running = new Map<Address, AbortController>();
  readonly #onAbort = (): void => this.#abort(this.#options.signal.reason);
  readonly #failures = new Map<Address, unknown>();
  #started = 0;
  /** Ends the wait for the next start. */
  #pause = new AbortController();
  #isOver = false;

  constructor(dial: Open<Stream>, candidates: readonly Address[], options: RaceOptions) {
    this.#dial = dial;
    this.#candidates = candidates;
    this.#options = options;
  }

  run(): Promise<RaceWinner<Stream>> {
    const { signal } = this.#options;
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#candidates.length === 0) {
      return Promise.reject(new ConnectionError("Cannot connect: there is no address to dial"));
    }
    signal.addEventListener("abort", this.#onAbort, { once: true });
    this.#startNext();
    return this.#result.promise;
  }

  #startNext(): void {
    const address = this.#candidates[this.#started];
    if (this.#isOver || address === undefined) return;
    this.#started++;
    const pause = this.#pause = new AbortController();
    void this.#attempt(address, pause);
    if (this.#started === this.#candidates.length) return;
    const { clock, spacing = RACE_SPACING } = this.#options;
    clock.sleep(spacing, pause.signal).then(() => {
      // A failure in the same turn may have started the next one.
      if (this.#pause === pause) this.#startNext();
    }, () => {});
  }

  async #attempt(address: Address, pause: AbortController): Promise<void> {
    const own = new AbortController();
    this.#running.set(address, own);
    let stream: Stream;
    try {
      stream = await this.#dial(address, own.signal);
    } catch (error) {
      // A program may reject with anything, also with nothing.
      const said = errorOf(error);
      const reason = said === error ? said : new Error(`Cannot connect: ${said.message}`);
      if (!this.#isOver) this.#fail(address, pause, reason);
      return;
    }
    if (this.#isOver) closeStream(stream); // it came too late
    else this.#win(address, stream);
  }

  #fail(address: Address, pause: AbortController, error: unknown): void {
    this.#running.delete(address);
    this.#failures.set(address, error);
    const fault = error instanceof ConnectionError ? error.proxyFault : undefined;
    // A proxy that cannot be used says nothing about the address behind it.
    if (fault === undefined || fault === "target") this.#options.onFailed?.(address);
    if (fault === "refused") {
      this.#close(error);
    } else if (this.#failures.size === this.#candidates.length) {
      this.#isOver = true;
      this.#result.reject(failureOf(this.#failures));
    } else if (this.#pause === pause) {
      pause.abort();
      this.#startNext();
    }
  }

  #win(address: Address, stream: Stream): void {
    this.#isOver = true;
    this.#pause.abort();
    const { signal } = this.#options;
    const winner = this.#running.get(address);
    signal.removeEventListener("abort", this.#onAbort);
    if (winner !== undefined) follow(signal, winner);
    const lost = new ConnectionError("Cannot go on: another address was faster");
    for (const [other, own] of this.#running) {
      if (other === address) continue;
      this.#running.delete(other);
      own.abort(lost);
    }
    this.#result.resolve({ stream, address });
  }

  /** Ends the race. After its end, closes the connection that won. */
  #abort(reason: unknown): void {
    if (!this.#isOver) {
      for (const address of this.#running.keys()) this.#options.onFailed?.(address);
    }
    this.#close(reason);
  }

  /** Ends the race and all of its dials. */
  #close(reason: unknown): void {
    this.#isOver = true;
    this.#pause.abort();
    for (const own of this.#running.values()) own.abort(reason);
    this.#running.clear();
    this.#result.reject(reason);
  }
}

/** Lets a signal abort the dial that won. It keeps nothing else of the race. */
function follow(signal: AbortSignal, winner: AbortController): void {
  signal.addEventListener("abort", () => winner.abort(signal.reason), { once: true });
}

/** Returns the error of a race that everybody lost. */
function failureOf(failures: ReadonlyMap<Address, unknown>): unknown {
  const errors = [...failures.values()];
  // A dial that fails in another way has a fault of its own, which no other address mends.
  const fault = errors.find((error) => !(error instanceof ConnectionError));
  const said = new Set(errors.map((error) => (error as Error).message));
  // A proxy that does not answer is the same fault for each address.
  if (said.size === 1 || fault !== undefined) return fault ?? errors[0];
  const tried = [...failures].map(([address, error]) => {
    const where = `"${formatAddress(address)}"`;
    return `${where} (${reasonOf(error as Error, where)})`;
  });
  const [{ dcId }] = failures.keys();
  // Of several addresses only the target can be at fault: a proxy's other errors are all alike.
  const [{ proxyFault }] = errors as ConnectionError[];
  const target = dcId === undefined ? "the server" : `DC ${dcId}`;
  const advice = proxyFault === undefined ? "Check the network, or use a VPN" : "Check the proxy";
  return new ConnectionError(
    `Cannot connect to ${target} at any of ${tried.length} addresses: ${tried.join(", ")}. ` +
      `${advice}.`,
    {
      cause: new AggregateError(errors),
      permanent: errors.every((error) => (error as ConnectionError).permanent),
      proxyFault,
    },
  );
}

/** The reason in the text of an error, without the address, which is named before it. */
function reasonOf({ message }: Error, where: string): string {
  const [reason] = message.replace(`Cannot connect to ${where}: `, "").split(/\.(?:\s|$)/);
  return reason;
}
