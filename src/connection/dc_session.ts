/**
 * The session with a data center, over all its connections: it begins with the key, goes on over a
 * new connection, and begins anew when the key is replaced.
 * https://core.telegram.org/mtproto/description#session
 */
import { concatBytes } from "../crypto/mod.ts";
import { type AuthKey, type ClientEvent, ClientSession } from "../mtproto/mod.ts";
import { abortable } from "../runtime/mod.ts";
import { createAuthKey } from "./create_auth_key.ts";
import type { DcKeyState } from "./dc_key.ts";
import type { DcConnectionOptions } from "./dc_options.ts";
import { initConnectionHead } from "./init_connection.ts";
import type { PacketStream } from "./packet_stream.ts";
import { SteadyTime } from "./steady_time.ts";

/** The protocol adds this to the ids of test data centers. */
const TEST_DC = 10_000;

/** A session for a new connection. */
export interface OpenedSession {
  readonly session: ClientSession;
  /** What happened in it before the connection was ready. */
  readonly events: readonly ClientEvent[];
}

/** The session with one data center. */
export class DcSession {
  readonly #options: DcConnectionOptions;
  readonly #onSession: (session: ClientSession) => void;
  readonly #time: SteadyTime;
  #head: Uint8Array | undefined;
  #session: ClientSession | undefined;
  /** Whether the time that is kept is of before a sleep, or of a clock that was set. */
  #isTimeStale = false;

  /** `onSession` is called with each new session, which takes the calls over. */
  constructor(options: DcConnectionOptions, onSession: (session: ClientSession) => void) {
    const { clock, key } = options;
    this.#options = options;
    this.#onSession = onSession;
    this.#time = new SteadyTime(clock, () => {
      this.#session?.doubtTime();
      this.#isTimeStale = true;
    });
    if (key.state !== undefined) this.adopt(this.begin(key.state, { synchronized: false }));
  }

  /** The session, if there is a key. */
  get current(): ClientSession | undefined {
    return this.#session;
  }

  /** The id of the data center as the transport and the key exchange have it. */
  get dcId(): number {
    const { id, testMode } = this.#options.dc;
    return testMode ? id + TEST_DC : id;
  }

  /** The local time in milliseconds since 1970. */
  readonly now = (): number => this.#time.now();

  /** Milliseconds from that time to the time of day. */
  get apart(): number {
    return this.#time.apart;
  }

  /**
   * Returns the session for a new connection; runs the key exchange over it if there is no key. It
   * is not in use before `adopt()`.
   *
   * @param deadline when it aborts, nothing that comes later counts
   * @param replaced the key in whose place another one is wanted
   */
  async over(
    stream: PacketStream,
    packets: AsyncGenerator<Uint8Array, void>,
    deadline: AbortSignal,
    replaced?: AuthKey,
  ): Promise<OpenedSession> {
    const { key, keys, random, clock } = this.#options;
    const { now, dcId } = this;
    const isKnown = key.state !== undefined;
    // Abortable: a stream may go on after it was closed.
    const exchange = async (): Promise<DcKeyState> => {
      const making = createAuthKey(stream, packets, now, { keys, dcId, random });
      const made = await abortable(making, deadline);
      return { ...made, timeOffset: made.timeOffset - this.apart };
    };
    const opening = { stream, packets, deadline, over: this, replaced };
    const state = await key.obtain(exchange, () => clock.monotonic(), opening);
    deadline.throwIfAborted();
    const { session = this.#session, events = [] } = state;
    // Another connection may have made a new key since the last time.
    if (session?.authKey !== state.authKey) {
      return { session: this.begin(state, { synchronized: !isKnown }), events };
    }
    if (session === this.#session) session.reconnected();
    return { session, events };
  }

  /** Goes on with a session, which takes the calls over. */
  adopt(session: ClientSession): void {
    if (session === this.#session) return;
    this.#session = session;
    this.#onSession(session);
  }

  /** Throws if the description of the client is wrong, which a call could not say any more. */
  checkDescription(): void {
    this.#descriptionHead();
  }

  /** Begins a new session with the same key. */
  restart(): void {
    this.#session?.restart();
  }

  /** Gives up the key, if a key exchange succeeds. The calls go with the new one then. */
  doubtKey(): void {
    if (this.#session !== undefined) this.#options.key.doubt(this.#session.authKey);
  }

  /**
   * Keeps the salt and the time of the session: the time by the clock of the machine, which is all
   * that the next process has. Ours differs from it after a sleep.
   */
  keepState(): void {
    const session = this.#session;
    if (session === undefined) return;
    const { authKey, serverSalt, timeOffset } = session;
    this.#options.key.update({ authKey, serverSalt, timeOffset: timeOffset - this.apart });
  }

  /** Takes note of an answer: it is known again how the clocks differ. */
  heard(): void {
    if (this.#isTimeStale) this.keepState();
    this.#isTimeStale = false;
  }

  /** Begins a session; `synchronized` if the time is from a key exchange in this process. */
  begin(
    { authKey, serverSalt, timeOffset }: DcKeyState,
    { synchronized }: { readonly synchronized: boolean },
  ): ClientSession {
    return new ClientSession({
      authKey,
      serverSalt,
      timeOffset: timeOffset + this.apart,
      random: this.#options.random,
      synchronized,
      wantsUpdates: this.#options.wantsUpdates,
      hidesLengths: this.#options.hidesLengths,
      wrapFirst: (query) => concatBytes(this.#descriptionHead(), query),
    });
  }

  #descriptionHead(): Uint8Array {
    return this.#head ??= initConnectionHead(this.#options.info);
  }
}
