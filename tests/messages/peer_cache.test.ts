/** The peers that an account has seen: in memory, and in a store that may be slow. */
import { PeerCache } from "../../src/messages/mod.ts";
import { silentLogger, systemClock } from "../../src/runtime/mod.ts";
import { MemoryPeers, MemorySession, type Peer } from "../../src/session/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";

const STORED: Peer = { id: 7n, kind: "user", accessHash: 1n, usernames: [] };
const SEEN = { _: "user", id: 7n, accessHash: 2n, firstName: "Ada" };

/** Looks for a peer in a slow store, and returns what is found. */
async function find(meanwhile: (cache: PeerCache, found: () => void) => void) {
  const { promise, resolve } = Promise.withResolvers<Peer | undefined>();
  class SlowPeers extends MemoryPeers {
    override byId(): Peer | undefined {
      return promise as unknown as Peer;
    }
  }
  const session = new MemorySession();
  Object.defineProperty(session, "peers", { value: new SlowPeers(10) });
  const lifetime = new AbortController();
  const { signal } = lifetime;
  const cache = new PeerCache({ session, clock: systemClock, log: silentLogger, lifetime: signal });
  const finding = cache.find((peers) => peers.byId(7n));
  meanwhile(cache, () => resolve(STORED));
  const found = await finding;
  lifetime.abort();
  return found;
}

Deno.test("A peer that is seen while a slow store looks for it is found", async () => {
  const found = await find((cache, resolve) => {
    cache.see(SEEN);
    resolve();
  });
  assertEquals(found?.accessHash, 2n);
});

Deno.test("A peer that is seen at any moment after a slow store has it is found", async () => {
  for (let turns = 0; turns < 10; turns++) {
    const found = await find(async (cache, resolve) => {
      resolve();
      for (let turn = 0; turn < turns; turn++) await undefined;
      cache.see(SEEN);
    });
    assert(found !== undefined, `it is lost after ${turns} turns`);
  }
});
