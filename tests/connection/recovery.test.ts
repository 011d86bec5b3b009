/**
 * The way to go on after the end of a connection: the table in recovery.ts, row by row.
 */
import { type ConnectionEnd, MAX_RETRY_DELAY, Recovery } from "../../src/connection/recovery.ts";
import { SecurityError } from "../../src/mtproto/mod.ts";
import { ConnectionError } from "../../src/net/mod.ts";
import { TransportError } from "../../src/transport/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

/** The middle of the jitter. */
const half = (length: number): Uint8Array => new Uint8Array(length).with(0, 0x80);
const LOST = new ConnectionError("lost");
const UNKNOWN_KEY = new TransportError(-404);

/** A recovery whose connections end one after another. */
class Connections {
  readonly recovery: Recovery;
  #now = 1_000_000;

  constructor(random = half) {
    this.recovery = new Recovery(1000, random);
  }

  /** Ends a connection after `lifetime` milliseconds; returns the delay and the way to go on. */
  end(
    error: Error,
    { worked = false, wasFruitless = false, lifetime = 100, keyAge = Infinity } = {},
  ) {
    this.#now += lifetime;
    const now = this.#now;
    const end: ConnectionEnd = { error, worked, wasFruitless, lifetime, now, keyAge };
    const { delay, goOnWith, failsCalls } = this.recovery.after(end);
    this.#now += delay;
    return { delay, goOnWith, failsCalls };
  }
}

const SAME = "the same session";

Deno.test("attempts without any use are made after 1, 2, 4 … 30 s", () => {
  const connections = new Connections();
  const delays = Array.from({ length: 8 }, () => connections.end(LOST).delay);
  assertEquals(delays, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

Deno.test("pauses vary by a fifth, and never more", () => {
  const random = seededRandom(7);
  const seen = new Set<number>();
  for (let run = 0; run < 500; run++) {
    const connections = new Connections(random);
    for (let turn = 0; turn < 7; turn++) {
      const expected = Math.min(1000 * 2 ** turn, MAX_RETRY_DELAY);
      const { delay } = connections.end(LOST);
      assert(delay >= expected * 0.8 && delay <= expected * 1.2, `${delay} for ${expected}`);
      seen.add(Math.round(delay / expected * 100));
    }
  }
  assertEquals(seen.size, 41, "every percent happens");
});

Deno.test("a connection that worked is opened again at once, but not again and again", () => {
  const connections = new Connections();
  connections.end(LOST);
  connections.end(LOST);
  const long = { worked: true, lifetime: 5000 };
  const short = { worked: true, lifetime: 100 };
  assertEquals(connections.end(LOST, long).delay, 0);
  assertEquals([1, 2, 3].map(() => connections.end(LOST, short).delay), [1000, 0, 1000]);
});

Deno.test("-404 leads to the same session, a new session and a new key, in this order", () => {
  const connections = new Connections();
  const ways = Array.from({ length: 4 }, () => connections.end(UNKNOWN_KEY));
  assertEquals(ways.map(({ goOnWith }) => goOnWith), [SAME, "a new session", "a new key", SAME]);
  assertEquals(ways.map(({ delay }) => delay), [0, 0, 0, 1000]);
  assert(ways.every(({ failsCalls }) => !failsCalls));
});

Deno.test("-404 counts in a row only", () => {
  const connections = new Connections();
  for (let turn = 0; turn < 5; turn++) {
    assertEquals(connections.end(UNKNOWN_KEY).goOnWith, SAME);
    assertEquals(connections.end(LOST, { worked: true, lifetime: 5000 }).goOnWith, SAME);
  }
});

Deno.test("a key that is less than a minute old is never given up", () => {
  const connections = new Connections();
  for (let turn = 0; turn < 9; turn++) {
    assertEquals(connections.end(UNKNOWN_KEY, { keyAge: 59_999 }).goOnWith, SAME);
  }
});

Deno.test("a broken rule fails the calls at once in the exchange, later for the 3rd time", () => {
  const exchange = new Connections().end(new SecurityError("nonce", "no"));
  assertEquals(exchange, { delay: 1000, goOnWith: SAME, failsCalls: true });
  const connections = new Connections();
  const broken = new SecurityError("msg_key", "no");
  const fails = Array.from({ length: 7 }, () => connections.end(broken).failsCalls);
  assertEquals(fails, [false, false, true, false, false, true, false]);
});

Deno.test("packets that are not for our key fail no calls, however many come", () => {
  const connections = new Connections();
  const ends = Array.from(
    { length: 5 },
    () => connections.end(new SecurityError("auth_key_id", "no")),
  );
  assertEquals(ends.map(({ failsCalls }) => failsCalls), Array(5).fill(false));
  assertEquals(ends.map(({ delay }) => delay), [1000, 2000, 4000, 8000, 16_000]);
});

Deno.test("a connection that lives for a minute makes good for a broken rule", () => {
  const connections = new Connections();
  const broken = new SecurityError("msg_key", "no");
  const good = { worked: true, lifetime: 60_000 };
  for (let turn = 0; turn < 9; turn++) {
    const { failsCalls, goOnWith, delay } = connections.end(broken, good);
    assertEquals([failsCalls, goOnWith, delay], [false, SAME, 1000]);
  }
});

Deno.test("an address that does not serve the data center fails the calls", () => {
  assertEquals(new Connections().end(new TransportError(-444)).failsCalls, true);
  assertEquals(new Connections().end(new TransportError(-429)).failsCalls, false);
});

Deno.test("a broken rule counts for a minute, whatever happens between", () => {
  const connections = new Connections();
  const broken = new SecurityError("msg_key", "no");
  const fails = [11_600, 53_500, 8700].map((lifetime) => {
    const { failsCalls } = connections.end(broken, { worked: true, lifetime });
    return failsCalls;
  });
  assertEquals(fails, [false, false, false], "the third comes 62 s after the first");
});

Deno.test("connections that answer no call begin with less and less, and not at once", () => {
  const connections = new Connections();
  const fruitless = { worked: true, wasFruitless: true, lifetime: 5000 };
  const windows = Array.from({ length: 6 }, () => {
    const { delay } = connections.end(LOST, fruitless);
    assert(delay > 0);
    return connections.recovery.window;
  });
  assertEquals(windows, [16_384, 8192, 4096, 2048, 2048, 2048]);
  connections.end(LOST, { worked: true, lifetime: 60_000 });
  assertEquals(connections.recovery.window, undefined);
});

Deno.test("a new network begins anew", () => {
  const connections = new Connections();
  for (let turn = 0; turn < 6; turn++) connections.end(LOST);
  connections.recovery.reset();
  assertEquals(connections.end(LOST).delay, 1000);
});
