import { type Peer, StoreSession } from "../../src/session/mod.ts";
import { KeyValuePeers } from "../../src/session/stores/key_value_peers.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { sortedPeers } from "../helpers/store_conformance.ts";
import { longTest, runs } from "../helpers/long.ts";

const PREFIX = "me:";

/** A store in memory that counts writes, and fails when `left` runs out. */
class CountingStore {
  readonly values: Map<string, string>;
  writes = 0;
  left = Infinity;

  constructor(values = new Map<string, string>()) {
    this.values = values;
  }

  get(key: string): string | undefined {
    return this.values.get(key);
  }

  set(key: string, value: string): void {
    this.#count();
    this.values.set(key, value);
  }

  delete(key: string): void {
    this.#count();
    this.values.delete(key);
  }

  #count(): void {
    this.writes++;
    if (this.left-- <= 0) throw new Error("The power is out");
  }
}

function peer(n: number, names: readonly string[] = [`user_${n}`]): Peer {
  return { id: BigInt(n + 1), kind: "user", accessHash: BigInt(n) << 20n, usernames: names };
}

function peers(first: number, count: number): Peer[] {
  return Array.from({ length: count }, (_, n) => peer(first + n));
}

Deno.test("KeyValuePeers reads old buckets, and replaces their peers by new ones", async () => {
  const store = new CountingStore(
    new Map([
      ["me:peers:fc", '{"777000":["user","-5",["Telegram"],"42777"]}'],
      ["me:peers:74", '{"-4123":["chat","",[]]}'],
      ["me:names:3f", '{"telegram":"777000"}'],
      ["me:names:66", '{"+42777":"777000"}'],
    ]),
  );
  const old = new KeyValuePeers(store, PREFIX);
  const telegram = { id: 777000n, kind: "user", accessHash: -5n, usernames: ["Telegram"] } as const;
  assertEquals(await old.byId(777000n), { ...telegram, phone: "42777" });
  assertEquals((await old.byUsername("TELEGRAM"))?.id, 777000n);
  assertEquals((await old.byPhone("42777"))?.id, 777000n);
  await old.put([{ ...telegram, usernames: ["Other"] }]);
  for (const now of [old, new KeyValuePeers(store, PREFIX)]) {
    assertEquals(await now.byId(777000n), { ...telegram, usernames: ["Other"] });
    assertEquals(await now.byUsername("telegram"), undefined);
    assertEquals(await now.byPhone("42777"), undefined);
    assertEquals((await now.byUsername("other"))?.accessHash, -5n);
    assertEquals((await sortedPeers(now.all())).length, 2);
  }
});

longTest("KeyValuePeers writes one text for a few new peers, and moves many at once", async () => {
  const store = new CountingStore();
  const kept = new KeyValuePeers(store, PREFIX);
  for (let first = 0; first < 500; first += 10) await kept.put(peers(first, 10));
  assertEquals(store.writes, 50);
  for (let first = 500; first < 20_500; first += 1000) await kept.put(peers(first, 1000));
  assert(store.writes < 50 + 2 * 20 + 520, String(store.writes));
  for (const now of [kept, new KeyValuePeers(store, PREFIX)]) {
    for (const n of [0, 499, 500, 12_345, 20_000, 20_499]) {
      assertEquals(await now.byId(BigInt(n + 1)), peer(n));
      assertEquals(await now.byUsername(`USER_${n}`), peer(n));
    }
    assertEquals((await sortedPeers(now.all())).length, 20_500);
  }
  await kept.clear();
  assertEquals(store.values.size, 0);
  assertEquals(await kept.byId(1n), undefined);
});

Deno.test("KeyValuePeers finds the present owner of a name among former owners", async () => {
  const store = new CountingStore();
  const kept = new KeyValuePeers(store, PREFIX);
  /** The ids of all who have the name in a copy of the peers. */
  const owners = async (): Promise<bigint[]> => {
    const ids: bigint[] = [];
    for await (const { id, usernames } of kept.all()) if (usernames.includes("name")) ids.push(id);
    return ids;
  };
  await kept.put([peer(1, ["name"]), ...peers(100, 16_384)]); // moves on at once
  await kept.put([peer(2, ["name"]), ...peers(100, 1000)]); // waits in the longer text
  assertEquals([(await kept.byUsername("name"))?.id, await owners()], [3n, [3n]]);
  await kept.put([peer(3, ["name"])]); // waits in the short one
  assertEquals([(await kept.byUsername("name"))?.id, await owners()], [4n, [4n]]);
  await kept.put([peer(2, ["name", "more"])]);
  assertEquals((await new KeyValuePeers(store, PREFIX).byUsername("name"))?.id, 3n);
  assertEquals(await owners(), [3n]);
  await kept.put([peer(4, ["name"]), ...peers(30_000, 16_384)]); // all move to the buckets
  assertEquals([(await kept.byUsername("name"))?.id, await owners()], [5n, [5n]]);
  assertEquals((await kept.byId(3n))?.usernames, ["more"]);
});

Deno.test("KeyValuePeers loses no peer when it is killed or a write fails", async () => {
  const before = new CountingStore();
  const filled = new KeyValuePeers(before, PREFIX);
  await filled.put(peers(0, 16_000));
  await filled.put(peers(16_000, 300));
  const whole = before.writes;
  await filled.put(peers(16_300, 200));
  assertEquals(before.writes, whole + 1);
  for (const left of [300, 0, 1, 513].slice(0, runs(1, 4))) {
    const store = new CountingStore(new Map(before.values));
    store.left = left;
    const ended = new KeyValuePeers(store, PREFIX);
    await assertRejects(() => ended.put(peers(20_000, 1000)), Error, "The power is out");
    store.left = Infinity;
    const next = new KeyValuePeers(store, PREFIX);
    for (const n of [0, 8000, 16_300, 16_499]) {
      assertEquals(await next.byId(BigInt(n + 1)), peer(n));
    }
    assert((await sortedPeers(next.all())).length >= 16_500);
    await ended.put([peer(7, ["again"])]);
    const last = new KeyValuePeers(store, PREFIX);
    assertEquals((await last.byUsername("again"))?.id, 8n);
    assertEquals(await last.byId(20_501n), peer(20_500));
  }
});

for (const secret of [undefined, "correct horse"]) {
  const how = secret === undefined ? "" : ", sealed";
  Deno.test(`A store with setCache() writes peers by it, the session by set()${how}`, async () => {
    const called = new Set<string>();
    const store = new CountingStore();
    const write = (name: string) => (...given: string[]): void => {
      assertEquals(given.length, 2);
      called.add(`${name} ${given[0]}`);
      store.set(given[0], given[1]);
    };
    const get = (key: string): string | undefined => store.get(key);
    const remove = (key: string): void => store.delete(key);
    const three = { get, set: write("set"), delete: remove };
    for (const given of [{ ...three, setCache: write("setCache") }, three]) {
      const session = new StoreSession("me", given, { secret });
      await session.load();
      await session.save();
      await session.peers.put(peers(0, 3));
      await session.close();
    }
    assertEquals([...called], ["set me:session", "setCache me:peers:new0", "set me:peers:new0"]);
  });
}
