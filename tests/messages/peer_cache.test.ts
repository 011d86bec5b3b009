/** The peers that an account has seen: in memory, and in a store that may be slow. */
import { PeerCache } from "../../src/messages/mod.ts";
import { silentLogger, systemClock } from "../../src/runtime/mod.ts";
import { MemoryPeers, MemorySession, type Peer } from "../../src/session/mod.ts";
import { assertEquals } from "../helpers/assert.ts";

Deno.test("A peer that is seen while a slow store looks for it is found", async () => {
  const stored: Peer = { id: 7n, kind: "user", accessHash: 1n, usernames: [] };
  const { promise, resolve } = Promise.withResolvers<Peer | undefined>();
  class SlowPeers extends MemoryPeers {
    override byId(): Peer | undefined {
      return promise as unknown as Peer;
    }
  }
  const session = new MemorySession();
  Object.defineProperty(session, "peers", { value: new SlowPeers(10) });
  const lifetime = new AbortController();
  const cache = new PeerCache({
    session,
    clock: systemClock,
    log: silentLogger,
    lifetime: lifetime.signal,
  });
  const finding = cache.find((peers) => peers.byId(7n));
  cache.see({ _: "user", id: 7n, accessHash: 2n, firstName: "Ada" });
  resolve(stored);
  assertEquals((await finding)?.accessHash, 2n);
  lifetime.abort();
});
