/**
 * The race of dials: when each address is dialled, who wins, and that nothing is left of the
 * losers.
 */
import fc from "fast-check";
import { raceDial, type RaceWinner } from "../../src/connection/race.ts";
import {
  type Address,
  type ByteStream,
  ConnectionError,
  type Dial,
  formatAddress,
} from "../../src/net/mod.ts";
import type { Clock } from "../../src/runtime/mod.ts";
import { assert, assertEquals, assertInstanceOf, assertRejects } from "../helpers/assert.ts";
import { FakeClock, settled } from "../helpers/fake_clock.ts";
import { runs } from "../helpers/long.ts";

const SEED = 20261127;
const SPACING = 300;

/** What becomes of one dial, `after` so many milliseconds. */
interface Fate {
  readonly ends: "connected" | "failed" | "never";
  readonly after: number;
  /** Whether the dial goes on after its signal has aborted. */
  readonly isDeaf?: boolean;
}

const connects = (after: number, isDeaf = false): Fate => ({ ends: "connected", after, isDeaf });
const fails = (after: number): Fate => ({ ends: "failed", after });
const hangs: Fate = { ends: "never", after: 0 };

/** The plan of a race: when each address is dialled, and who connects first, when. */
interface Plan {
  readonly starts: readonly number[];
  readonly winner?: number;
  readonly end: number;
}

/** The rule of the race, as data. */
function planOf(fates: readonly Fate[]): Plan {
  const starts: number[] = [];
  let winner: number | undefined;
  let end = Infinity;
  for (let next = 0; starts.length < fates.length && next < end;) {
    const { ends, after } = fates[starts.length];
    starts.push(next);
    if (ends === "connected" && next + after < end) {
      winner = starts.length - 1;
      end = next + after;
    }
    next += ends === "failed" ? Math.min(after, SPACING) : SPACING;
  }
  const failedAt = fates.map(({ ends, after }, i) => ends === "failed" ? starts[i] + after : NaN);
  return { starts, winner, end: winner === undefined ? Math.max(...failedAt) : end };
}

/** A race on a clock by hand. */
class Track {
  readonly clock = new FakeClock();
  readonly control = new AbortController();
  readonly addresses: readonly Address[];
  readonly starts: number[] = [];
  readonly failed: number[] = [];
  /** The streams that are open, by the index of their address. */
  readonly open = new Set<number>();
  readonly race: Promise<RaceWinner<ByteStream>>;
  result: RaceWinner<ByteStream> | Error | undefined;
  end: number | undefined;

  constructor(fates: readonly Fate[]) {
    this.addresses = fates.map((_, index) => ({ host: `10.0.0.${index}`, port: 443, dcId: 2 }));
    const dial: Dial = async (address, signal) => {
      const index = this.addresses.indexOf(address);
      this.starts.push(this.clock.monotonic());
      const { ends, after, isDeaf } = fates[index];
      await this.clock.sleep(ends === "never" ? 1e9 : after, isDeaf ? undefined : signal);
      if (ends !== "failed") return this.#stream(index, signal);
      throw new ConnectionError(`Cannot connect to "${formatAddress(address)}": number ${index}.`);
    };
    this.race = raceDial(dial, this.addresses, {
      clock: this.clock,
      signal: this.control.signal,
      onFailed: (address) => this.failed.push(this.addresses.indexOf(address)),
    });
    const ended = (result: RaceWinner<ByteStream> | Error): void => {
      this.result = result;
      this.end = this.clock.monotonic();
    };
    this.race.then(ended, ended);
  }

  get winner(): number | undefined {
    const { result } = this;
    if (result === undefined || result instanceof Error) return undefined;
    return this.addresses.indexOf(result.address);
  }

  #stream(index: number, signal?: AbortSignal): ByteStream {
    this.open.add(index);
    const close = (): void => void this.open.delete(index);
    signal?.addEventListener("abort", close, { once: true });
    return { read: () => Promise.resolve(undefined), write: () => Promise.resolve(), close };
  }
}

async function run(fates: readonly Fate[], ms = 100_000): Promise<Track> {
  const track = new Track(fates);
  await track.clock.advance(ms);
  return track;
}

Deno.test("raceDial() dials one address if it connects within 300 ms", async () => {
  const { starts, winner, end, open, clock } = await run([connects(299), connects(1)]);
  assertEquals([starts, winner, end, [...open]], [[0], 0, 299, [0]]);
  assertEquals(clock.sleepers, 0);
});

Deno.test("raceDial() dials the next address after 300 ms; the first to connect wins", async () => {
  const dead = await run([hangs, connects(20)]);
  assertEquals([dead.starts, dead.winner, dead.end], [[0, 300], 1, 320]);
  const slow = await run([connects(400), connects(200), connects(1)]);
  assertEquals([slow.starts, slow.winner, slow.end], [[0, 300], 0, 400]);
  assertEquals([[...slow.open], slow.clock.sleepers], [[0], 0]);
});

Deno.test("raceDial() dials the next address at once when the last one fails", async () => {
  const track = await run([fails(10), fails(0), hangs, fails(400), connects(5)]);
  assertEquals(track.starts, [0, 10, 10, 310, 610]);
  assertEquals([track.winner, track.end, track.failed], [4, 615, [0, 1]]);
  // The failure of an earlier one changes nothing: the next one has begun already.
  const early = await run([fails(350), hangs, connects(1)]);
  assertEquals(early.starts, [0, 300, 600]);
});

Deno.test("raceDial() dials one address when the last one fails as the time is over", async () => {
  const waits: (() => void)[] = [];
  const dials: ((error: Error) => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    sleep: () => new Promise((resolve) => waits.push(resolve)),
  };
  const dial: Dial = () => new Promise((_, reject) => dials.push(reject));
  const addresses = ["a", "b", "c"].map((host) => ({ host, port: 1 }));
  const control = new AbortController();
  const race = raceDial(dial, addresses, { clock, signal: control.signal });
  for (const isFirst of [true, false]) {
    const [fail, wait] = [dials.at(-1), waits.at(-1)];
    if (isFirst) fail?.(new ConnectionError("no"));
    wait?.();
    if (!isFirst) fail?.(new ConnectionError("no"));
    await settled();
    assertEquals(dials.length, isFirst ? 2 : 3);
  }
  control.abort(new Error("the end"));
  await assertRejects(() => race, Error, "the end");
});

Deno.test("raceDial() closes a stream that comes too late", async () => {
  const track = await run([connects(1000, true), connects(10)]);
  assertEquals([track.winner, [...track.open]], [1, [1]]);
});

Deno.test("raceDial() names every address and its reason when all fail", async () => {
  const { result, failed, clock } = await run([fails(5), fails(1000), fails(20)]);
  assertInstanceOf(result, ConnectionError);
  assertEquals(
    result.message,
    'Cannot connect to DC 2 at any of 3 addresses: "10.0.0.0:443" (number 0), ' +
      '"10.0.0.2:443" (number 2), "10.0.0.1:443" (number 1). Check the network, or use a VPN.',
  );
  assertInstanceOf(result.cause, AggregateError);
  assertEquals(result.cause.errors.length, 3);
  assertEquals([failed, clock.sleepers], [[0, 2, 1], 0]);
});

Deno.test("raceDial() tells of the proxy that cannot reach any address", async () => {
  const { signal } = new AbortController();
  const candidates = [{ host: "10.0.0.1", port: 443 }, { host: "10.0.0.2", port: 443 }];
  const dial = ({ host }: Address) =>
    Promise.reject(new ConnectionError(`Not "${host}". Check it.`, { proxyFault: "target" }));
  const error = await assertRejects(
    () => raceDial(dial, candidates, { clock: new FakeClock(), signal }),
    ConnectionError,
    "Check the proxy.",
  );
  assertEquals(error.proxyFault, "target");
});

Deno.test("raceDial() passes the error of a single address on", async () => {
  const { result } = await run([fails(5)]);
  assertInstanceOf(result, ConnectionError);
  assertEquals(result.message, 'Cannot connect to "10.0.0.0:443": number 0.');
});

Deno.test("raceDial() shows the fault of a dial that fails in another way", async () => {
  const clock = new FakeClock();
  const dial: Dial = ({ host }) => {
    if (host === "a") throw new ConnectionError("no network");
    throw new TypeError("a fault of the program");
  };
  const addresses = ["a", "b", "c"].map((host) => ({ host, port: 1 }));
  const { signal } = new AbortController();
  const race = raceDial(dial, addresses, { clock, signal });
  await assertRejects(() => race, TypeError, "a fault of the program");
});

/** Races three addresses, whose dials end with these errors after 10 ms, or never. */
async function throughProxy(
  ...errors: readonly (ConnectionError | undefined)[]
): Promise<{ error: unknown; failed: string[]; aborted: number }> {
  const clock = new FakeClock();
  const failed: string[] = [];
  let aborted = 0;
  const dial: Dial = async ({ port }, signal) => {
    const error = errors[port];
    await clock.sleep(error === undefined ? 1e9 : 10, signal).catch(() => void aborted++);
    throw error ?? new ConnectionError("another one was faster");
  };
  const addresses = errors.map((_, port) => ({ host: `10.0.0.${port}`, port, dcId: 2 }));
  const { signal } = new AbortController();
  const onFailed = ({ host }: Address): void => void failed.push(host);
  const race = raceDial(dial, addresses, { clock, signal, onFailed });
  const result = race.catch((error) => error);
  await clock.advance(1000);
  return { error: await result, failed, aborted };
}

Deno.test("raceDial() ends at once when a proxy refuses the program", async () => {
  const refused = new ConnectionError("the proxy refuses", { proxyFault: "refused" });
  const alone = await throughProxy(refused, refused, refused);
  assertEquals(alone, { error: refused, failed: [], aborted: 0 });
  const second = await throughProxy(undefined, refused, refused);
  assertEquals(second, { error: refused, failed: [], aborted: 1 });
});

Deno.test("raceDial() says once that a proxy is dead, and blames no address for it", async () => {
  const dead = () => new ConnectionError("no proxy there", { proxyFault: "unreachable" });
  const first = dead();
  const { error, failed } = await throughProxy(first, dead(), dead());
  assertEquals([error, failed], [first, []]);
});

Deno.test("raceDial() says whether every address is forbidden, and behind which hop", async () => {
  const target = (port: number, permanent: boolean) =>
    new ConnectionError(`Cannot connect to "10.0.0.${port}:${port}": the rules of the proxy.`, {
      proxyFault: "target",
      permanent,
    });
  for (const isLast of [true, false]) {
    const { error, failed } = await throughProxy(target(0, true), target(1, isLast));
    assertInstanceOf(error, ConnectionError);
    assertEquals([error.permanent, error.proxyFault], [isLast, "target"]);
    assertEquals(failed, ["10.0.0.0", "10.0.0.1"]);
  }
});

Deno.test("raceDial() without an address fails", async () => {
  const { result } = await run([]);
  assertInstanceOf(result, ConnectionError);
});

Deno.test("raceDial() ends with its signal, also when the dials do not", async () => {
  for (const isDeaf of [false, true]) {
    const track = new Track([connects(2000, isDeaf), connects(2000, isDeaf), hangs]);
    await track.clock.advance(400);
    track.control.abort(new Error("the end"));
    await assertRejects(() => track.race, Error, "the end");
    assertEquals(track.failed, [0, 1], "those that were still being dialled");
    await track.clock.advance(10_000);
    assertEquals([track.starts, [...track.open], track.clock.sleepers], [[0, 300], [], 0]);
  }
  const track = await run([connects(10)]);
  track.control.abort();
  assertEquals([...track.open], [], "the connection that won ends with the signal, too");
  const aborted = AbortSignal.abort(new Error("too early"));
  const dial: Dial = () => Promise.reject(new Error("nobody was to dial"));
  const clock = new FakeClock();
  const race = raceDial(dial, [{ host: "a", port: 1 }], { clock, signal: aborted });
  await assertRejects(() => race, Error, "too early");
});

const fate = fc.record({
  ends: fc.constantFrom<Fate["ends"]>("connected", "failed", "failed", "never"),
  after: fc.integer({ min: 0, max: 1000 }),
  isDeaf: fc.boolean(),
});

/** Makes all sums of times differ, so that no two things happen at once. */
function apart(fates: readonly Fate[]): Fate[] {
  return fates.map((one, index) => ({ ...one, after: one.after + 2 ** -(index + 1) }));
}

Deno.test("raceDial() keeps to its plan, whatever becomes of the dials", async () => {
  const races = fc.array(fate, { minLength: 1, maxLength: 8 }).map(apart);
  const property = fc.asyncProperty(races, async (fates) => {
    const track = await run(fates);
    const plan = planOf(fates);
    assertEquals(track.starts, plan.starts);
    assertEquals(track.winner, plan.winner);
    assertEquals([...track.open], plan.winner === undefined ? [] : [plan.winner]);
    if (fates.some(({ ends }) => ends === "connected")) assertEquals(track.end, plan.end);
    else if (fates.every(({ ends }) => ends === "failed")) {
      assertInstanceOf(track.result, ConnectionError);
      assertEquals(track.end, plan.end);
    } else assertEquals(track.result, undefined, "it waits for those that hang");
    track.control.abort(new Error("the end"));
    await settled();
    assertEquals(track.open.size, 0);
    const deaf = fates.filter(({ ends, isDeaf }, index) =>
      ends === "never" && isDeaf && index < track.starts.length
    );
    assert(track.clock.sleepers <= deaf.length, "no timer is left");
  });
  await fc.assert(property, { seed: SEED, numRuns: runs(60, 2000) });
});
