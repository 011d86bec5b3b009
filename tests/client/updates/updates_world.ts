/**
 * A client that takes updates, people who write to it, and an offline Telegram, in time by hand.
 * The place where the session keeps the state of the updates can be seen, fail and be slow; a
 * client can be killed, so that the next one finds what was kept until then.
 */
import {
  Client,
  type ClientOptions,
  ConnectionError,
  type Dial,
  MemorySession,
  type Message,
  type Update,
} from "../../../mod.ts";
import { pipe } from "../../../src/net/mod.ts";
import type { Peer, UpdatesPlace } from "../../../src/session/mod.ts";
import {
  OfflineTelegram,
  type OfflineTelegramOptions,
  type Person,
} from "../../../src/testing/mod.ts";
import type { TlObject } from "../../../src/tl/mod.ts";
import { assertEquals } from "../../helpers/assert.ts";
import { FakeClock, settled } from "../../helpers/fake_clock.ts";
import "../../helpers/remembered_powers.ts";
import { seededRandom } from "../../helpers/seeded_random.ts";

export const ADA_PHONE = "+9996621111";
export const BOB_PHONE = "+9996621112";
export const CAROL_PHONE = "+9996621113";
export const ADA = 11n;
export const BOT_TOKEN = "777:TESTTOKEN";

/** A place for the state of the updates, with a memory of what was saved. */
export class SeenPlace implements UpdatesPlace {
  text: string | undefined;
  /** When the state was saved, in milliseconds of the clock. */
  readonly savedAt: number[] = [];
  /** Called before each access: it may throw, or take its time. */
  onLoad: () => void | Promise<void> = () => {};
  onSave: () => void | Promise<void> = () => {};
  readonly #clock: FakeClock;

  constructor(clock: FakeClock, text?: string) {
    this.#clock = clock;
    this.text = text;
  }

  async load(): Promise<string | undefined> {
    await this.onLoad();
    return this.text;
  }

  async save(text: string): Promise<void> {
    this.savedAt.push(this.#clock.monotonic());
    await this.onSave();
    this.text = text;
  }

  /** The pts that was saved last. */
  get pts(): number | undefined {
    return this.text === undefined ? undefined : JSON.parse(this.text).pts;
  }
}

/** A session with such a place. */
export class SeenSession extends MemorySession {
  readonly #place: SeenPlace;

  constructor(clock: FakeClock, text?: string) {
    super();
    this.#place = new SeenPlace(clock, text);
  }

  override get updates(): SeenPlace {
    return this.#place;
  }
}

/** A client of the world, and what belongs to it. */
export interface Running {
  readonly client: Client<SeenSession>;
  readonly session: SeenSession;
  readonly logged: string[];
  /** Cuts its connections. */
  readonly cut: () => void;
  /** Ends it as a killed process ends: nothing is saved, nothing goes out any more. */
  readonly kill: () => void;
  /** Returns a session with all that was kept, as the next process finds it. */
  readonly kept: () => SeenSession;
}

/** The world. */
export class UpdatesWorld implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly telegram: OfflineTelegram;
  /** The calls that reached the offline Telegram. */
  readonly calls: string[] = [];
  readonly requests: TlObject[] = [];
  readonly bob: Person;
  readonly carol: Person;
  readonly #clients: Client<SeenSession>[] = [];
  #seed = 7;

  constructor(options: OfflineTelegramOptions = {}) {
    this.telegram = new OfflineTelegram({
      clock: this.clock,
      random: seededRandom(1),
      accounts: [
        { phone: ADA_PHONE, id: ADA, username: "ada_l" },
        { phone: BOB_PHONE, id: 22n, username: "bobby", firstName: "Bob" },
        { phone: CAROL_PHONE, id: 33n, username: "carol", firstName: "Carol" },
      ],
      ...options,
    });
    const { api } = this.telegram;
    const handle = api.handle.bind(api);
    api.handle = (request, caller) => {
      this.calls.push(request._);
      this.requests.push(request);
      return handle(request, caller);
    };
    this.bob = this.telegram.person(BOB_PHONE);
    this.carol = this.telegram.person(CAROL_PHONE);
  }

  /** Makes a client; without a session, of one that is new. */
  run(session: SeenSession = new SeenSession(this.clock), options: ClientOptions = {}): Running {
    const logged: string[] = [];
    const log = (message: string): void => void logged.push(message);
    const lines = new Set<() => void>();
    let isDead = false;
    const dial: Dial = async () => {
      await Promise.resolve();
      if (isDead) throw new ConnectionError("Cannot connect: the process is dead");
      const [client, server] = pipe();
      const cut = (): void => {
        lines.delete(cut);
        client.close();
        server.close();
      };
      lines.add(cut);
      void this.telegram.dc().serve(server);
      return { read: () => client.read(), write: (bytes) => client.write(bytes), close: cut };
    };
    const cut = (): void => {
      for (const one of [...lines]) one();
    };
    const { apiId, apiHash, clientOptions } = this.telegram;
    const client = new Client(session, apiId, apiHash, {
      ...clientOptions,
      clock: this.clock,
      random: seededRandom(this.#seed++),
      logger: { debug: () => {}, info: () => {}, warn: log, error: log },
      dial,
      ...options,
    });
    this.#clients.push(client);
    const kept = (): SeenSession => {
      const next = new SeenSession(this.clock, session.updates.text);
      next.state = structuredClone({ ...session.state });
      void next.peers.put([...session.peers.all() as Iterable<Peer>]);
      return next;
    };
    const kill = (): void => {
      isDead = true;
      session.updates.onSave = () => {
        throw new Error("the process is dead");
      };
      cut();
    };
    return { client, session, logged, cut, kill, kept };
  }

  /** Makes a client that is signed in as Ada. */
  async ada(options: ClientOptions = {}): Promise<Running> {
    const running = this.run(undefined, options);
    await this.signIn(running.client);
    return running;
  }

  /** Signs in with a phone number. */
  async signIn(client: Client<SeenSession>, phoneNumber = ADA_PHONE): Promise<void> {
    await this.wait(client.start({ phoneNumber, phoneCode: () => "22222" }));
  }

  /** Lets time pass until the promise settles; fails after so many milliseconds. */
  async wait<T>(promise: Promise<T>, limit = 600_000, step = 50): Promise<T> {
    let isOver = false;
    const end = (): void => void (isOver = true);
    promise.then(end, end);
    await settled();
    for (let waited = 0; !isOver; waited += step) {
      if (waited > limit) throw new Error(`it did not settle within ${limit} ms`);
      await this.clock.advance(step);
    }
    return await promise;
  }

  /** Lets time pass until `done()` returns true. */
  async until(done: () => boolean, limit = 60_000, step = 50): Promise<void> {
    await settled();
    for (let waited = 0; !done(); waited += step) {
      if (waited > limit) throw new Error(`it did not happen within ${limit} ms`);
      await this.clock.advance(step);
    }
  }

  /** The number of calls of a method so far. */
  count(method: string): number {
    return this.calls.filter((one) => one === method).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await this.wait(client.disconnect());
    await this.telegram.close();
    await settled();
    assertEquals(this.clock.sleepers, 0, "nothing sleeps any more");
  }
}

/** The texts of the messages among updates. */
export function textsOf(updates: readonly (Update | Message)[]): string[] {
  return updates.flatMap((one) => {
    if (!("kind" in one)) return [one.text];
    return one.kind === "message" ? [one.message.text] : [];
  });
}

/** Numbers as texts, from the first to the last. */
export function numbers(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => String(first + i));
}
