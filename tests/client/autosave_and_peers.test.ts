/**
 * What a client keeps by itself: the session some time after it changed, and the peers that it has
 * seen.
 */
import { PeerCache } from "../../src/messages/peer_cache.ts";
import { type Logger, silentLogger } from "../../src/runtime/mod.ts";
import { Autosave } from "../../src/session/autosave.ts";
import { MemoryPeers, MemorySession, type Peer } from "../../src/session/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { FakeClock } from "../helpers/fake_clock.ts";

/** A client's side of it, with a session that can be made to fail. */
class Host {
  readonly clock = new FakeClock();
  readonly session: MemorySession;
  /** The peers in the session. */
  readonly stored = new MemoryPeers();
  readonly logged: string[] = [];
  readonly log: Logger;
  readonly #end = new AbortController();
  readonly lifetime = this.#end.signal;
  saves = 0;
  puts: number[] = [];
  failure: Error | undefined;

  constructor() {
    const write = (message: string): void => void this.logged.push(message);
    this.log = { ...silentLogger, warn: write, error: write };
    // deno-lint-ignore no-this-alias
    const host = this;
    const { stored } = this;
    const put = stored.put.bind(stored);
    stored.put = (peers) => {
      if (host.failure !== undefined) throw host.failure;
      host.puts.push(peers.length);
      put(peers);
    };
    this.session = new (class extends MemorySession {
      override get peers(): MemoryPeers {
        return stored;
      }
      override save(): void {
        if (host.failure !== undefined) throw host.failure;
        host.saves++;
      }
    })();
  }

  disconnect(): void {
    this.#end.abort(new Error("disconnected"));
  }
}

Deno.test("Autosave saves changes of the same half second once", async () => {
  const host = new Host();
  const keeper = new Autosave(host);
  await keeper.flush();
  assertEquals(host.saves, 0);
  keeper.changed();
  await host.clock.advance(499);
  keeper.changed();
  assertEquals(host.saves, 0);
  await host.clock.advance(1);
  assertEquals([host.saves, host.clock.sleepers], [1, 0]);
  keeper.changed();
  await host.clock.advance(500);
  assertEquals(host.saves, 2);
  await keeper.flush();
  assertEquals(host.saves, 2);
  await keeper.save();
  assertEquals(host.saves, 3);
});

Deno.test("Autosave.flush() does not save again what save() could not save", async () => {
  const host = new Host();
  const keeper = new Autosave(host);
  host.failure = new Error("the disk is full");
  await assertRejects(() => keeper.save(), Error, "the disk is full");
  await keeper.flush();
  assertEquals(host.saves, 0);
});

Deno.test("Autosave logs a session that cannot be saved, and tries again later", async () => {
  const host = new Host();
  const keeper = new Autosave(host);
  host.failure = new Error("the disk is full");
  keeper.changed();
  await host.clock.advance(500);
  assertEquals(host.logged, ["the disk is full"]);
  await assertRejects(() => keeper.flush(), Error, "the disk is full");
  host.failure = undefined;
  await keeper.flush();
  assertEquals(host.saves, 1);
});

Deno.test("Autosave saves what a store did not take, half a minute later at most", async () => {
  const host = new Host();
  const keeper = new Autosave(host);
  host.failure = new Error("the disk is full");
  keeper.changed();
  await host.clock.advance(5 * 60_000);
  assertEquals(host.logged.length, 14); // after 0.5, 1, 2, 4, 8, 16 s, then each 30 s
  host.failure = undefined;
  await host.clock.advance(30_000);
  assertEquals([host.saves, host.clock.sleepers], [1, 0]);
  keeper.changed();
  await host.clock.advance(500);
  assertEquals(host.saves, 2, "the pauses begin anew");
});

Deno.test("Autosave saves what changes while it saves", async () => {
  const host = new Host();
  const keeper = new Autosave(host);
  const save = host.session.save.bind(host.session);
  host.session.save = () => {
    save();
    if (host.saves < 3) keeper.changed();
  };
  keeper.changed();
  await host.clock.advance(499);
  await host.clock.advance(1001);
  assertEquals([host.saves, host.clock.sleepers], [3, 0]);
});

Deno.test("Autosave leaves it to the way out what has changed before the end", async () => {
  const host = new Host();
  const keeper = new Autosave(host);
  keeper.changed();
  host.disconnect();
  await host.clock.advance(1000);
  assertEquals([host.saves, host.logged.length], [0, 0]);
  await keeper.flush();
  assertEquals(host.saves, 1);
});

function users(from: number, to: number): unknown {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  return numbers.map((n) => ({ _: "user", id: BigInt(n), accessHash: 1n, firstName: `${n}` }));
}

Deno.test("PeerCache saves new peers in batches, after five seconds, only once", async () => {
  const host = new Host();
  const cache = new PeerCache(host);
  cache.see(users(1, 11));
  await host.clock.advance(4999);
  cache.see(users(1, 21));
  assertEquals(host.puts, []);
  await host.clock.advance(1);
  assertEquals(host.puts, [20]);
  cache.see(users(1, 21));
  await host.clock.advance(5000);
  assertEquals(host.puts, [20]);
  cache.see(users(100, 1100));
  await host.clock.advance(0);
  assertEquals(host.puts, [20, 1000]);
});

Deno.test("PeerCache logs peers that cannot be saved, and still finds them", async () => {
  const host = new Host();
  const cache = new PeerCache(host);
  host.failure = new Error("the disk is full");
  cache.see(users(7, 9));
  await host.clock.advance(5000);
  assertEquals(host.logged, ["Cannot keep 2 peers: the disk is full"]);
  assertEquals((await cache.find((peers) => peers.byId(7n)))?.id, 7n);
});

Deno.test("PeerCache saves what a store did not take, and the latest news of it", async () => {
  const host = new Host();
  const cache = new PeerCache(host);
  host.failure = new Error("the disk is full");
  cache.see(users(1, 3001));
  await host.clock.advance(5000);
  cache.see([{ _: "user", id: 7n, accessHash: 2n, firstName: "7" }]);
  await host.clock.advance(60_000);
  assertEquals(host.stored.byId(7n), undefined);
  assert(host.logged.length < 6, `${host.logged.length} attempts in a minute`);
  host.failure = undefined;
  await host.clock.advance(30_000);
  assertEquals(host.puts, [3000]);
  assertEquals([host.stored.byId(7n)?.accessHash, host.stored.byId(8n)?.accessHash], [2n, 1n]);
  assertEquals(host.clock.sleepers, 0);
});

Deno.test("PeerCache does not grow without end while a store fails", async () => {
  const host = new Host();
  const cache = new PeerCache(host);
  host.failure = new Error("the disk is full");
  for (let from = 1; from < 20_001; from += 1000) {
    cache.see(users(from, from + 1000));
    await host.clock.advance(30_000);
  }
  host.failure = undefined;
  await host.clock.advance(30_000);
  assert(host.puts[0] <= 6000, `${host.puts} peers`);
});

Deno.test("PeerCache keeps what came before a sign-in, though the store failed then", async () => {
  const host = new Host();
  const cache = new PeerCache(host);
  const put = host.stored.put.bind(host.stored);
  const written = Promise.withResolvers<void>();
  host.stored.put = async () => await written.promise;
  cache.see(users(7, 9));
  await host.clock.advance(5000);
  host.session.state.user = { id: 1n, isBot: false };
  written.reject(new Error("the disk is full"));
  await host.clock.advance(0);
  host.stored.put = put;
  await host.clock.advance(30_000);
  assertEquals(host.stored.byId(7n)?.id, 7n);
});

Deno.test("PeerCache drops peers of an account that a store did not take, at its end", async () => {
  const host = new Host();
  const cache = new PeerCache(host);
  host.session.state.user = { id: 1n, isBot: false };
  host.failure = new Error("the disk is full");
  cache.see(users(7, 9));
  await host.clock.advance(5000);
  host.failure = undefined;
  host.session.state.user = { id: 2n, isBot: false };
  await host.clock.advance(60_000);
  assertEquals([host.puts, host.stored.byId(7n)], [[], undefined]);
});

Deno.test("PeerCache drops an account's peers at sign-out and at another sign-in", async () => {
  for (const next of [{ id: 2n, isBot: false }, undefined]) {
    const host = new Host();
    const cache = new PeerCache(host);
    const knows = async (id: bigint): Promise<boolean> =>
      await cache.find((peers) => peers.byId(id)) !== undefined;
    cache.see(users(5, 6));
    host.session.state.user = { id: 1n, isBot: false };
    assertEquals(await knows(5n), true, "what came with the sign-in is of whoever signed in");
    await cache.flush();
    cache.see(users(7, 8));
    host.session.state.user = next;
    for (const id of [5n, 7n]) assertEquals(await knows(id), false);
    assertEquals(host.stored.size, 0);
    await cache.flush();
    assertEquals(host.puts, [1], "nor does it keep them afterwards");
    cache.see(users(7, 8));
    await cache.flush();
    assertEquals([await knows(7n), host.puts], [true, [1, 1]]);
  }
});

Deno.test("PeerCache keeps a peer again when something about it has changed", async () => {
  const host = new Host();
  const cache = new PeerCache(host);
  const user = { _: "user", id: 7n, accessHash: 1n, username: "seven", phone: "7" };
  let kept = 0;
  for (
    const change of [
      {},
      { accessHash: 2n },
      { username: "eight" },
      { phone: "8" },
      { bot: true },
      { usernames: [{ _: "username", username: "nine", active: true }] },
    ]
  ) {
    cache.see({ ...user, ...change });
    await cache.flush();
    assertEquals(host.puts.length, ++kept, Object.keys(change).join());
    cache.see({ ...user, ...change });
    await cache.flush();
    assertEquals(host.puts.length, kept);
    cache.see(user);
    await cache.flush();
    kept = host.puts.length;
  }
});

Deno.test("PeerCache keeps a peer with a name again once an hour, for its date", async () => {
  const host = new Host();
  const cache = new PeerCache(host);
  const start = Math.floor(host.clock.now() / 1000);
  const seen = [{ _: "user", id: 7n, accessHash: 1n, username: "seven" }, ...users(8, 10) as []];
  for (let minute = 0; minute < 180; minute += 10) {
    cache.see(seen);
    await host.clock.advance(600_000);
  }
  assertEquals(host.puts, [3, 1, 1]);
  assertEquals(host.stored.byId(7n)?.seenAt, start + 7200);
  assertEquals(host.stored.byId(8n)?.seenAt, start);
});

Deno.test("PeerCache takes a name for sure for eight hours, on both sides of its date", () => {
  const host = new Host();
  const cache = new PeerCache(host);
  const now = Math.floor(host.clock.now() / 1000);
  const isFresh = (seenAt: number | undefined): boolean =>
    cache.isFresh({ id: 7n, kind: "user", usernames: ["seven"], seenAt });
  const limit = 8 * 3600;
  assertEquals([0, 1 - limit, limit - 1].map((age) => isFresh(now - age)), [true, true, true]);
  assertEquals([limit, -limit].map((age) => isFresh(now - age)), [false, false]);
  assertEquals([undefined, NaN].map(isFresh), [false, false]);
});

Deno.test("PeerCache does not find a name in the session that the peer has lost", async () => {
  const host = new Host();
  const cache = new PeerCache(host);
  const user = { _: "user", id: 7n, accessHash: 1n };
  cache.see({ ...user, username: "seven" });
  await cache.flush();
  cache.see({ ...user, username: "eight" }); // not saved yet
  const find = (name: string) => cache.find((peers) => peers.byUsername(name));
  assertEquals([(await find("seven"))?.id, (await find("eight"))?.id], [undefined, 7n]);
});

Deno.test("MemoryPeers drops the oldest peer with its names when it is full", () => {
  const peers = new MemoryPeers(2);
  const peerOf = (n: number): Peer => ({
    id: BigInt(n),
    kind: "user",
    usernames: [`name${n}`, "shared"],
    phone: `${n}`,
  });
  for (const n of [1, 2, 1, 3]) peers.put([peerOf(n)]);
  assertEquals([...peers.all()].map(({ id }) => id), [1n, 3n]);
  assertEquals([peers.size, peers.byId(2n), peers.byUsername("name2"), peers.byPhone("2")], [
    2,
    undefined,
    undefined,
    undefined,
  ]);
  assertEquals(peers.byUsername("Shared")?.id, 3n);
  peers.put([{ ...peerOf(1), usernames: [], phone: undefined }]);
  assertEquals([peers.byUsername("name1"), peers.byPhone("1")], [undefined, undefined]);
  assertEquals([peers.byUsername("shared")?.id, peers.byPhone("3")?.id], [3n, 3n]);
});
