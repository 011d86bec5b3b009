// What every store of sessions must do, whatever it is made of. `again` opens what `open` left
// behind: in a fresh process, where there can be one.
import {
  isSealed,
  type KeyValueStore,
  type Peer,
  SessionError,
  StoreSession,
  type StoreSessionOptions,
} from "../../src/session/mod.ts";
import { listSessions } from "../../src/session/stores/mod.ts";
import { KeyValuePeers } from "../../src/session/stores/key_value_peers.ts";
import { type Logger, silentLogger } from "../../src/runtime/mod.ts";
import { writeUpdatesText } from "../../src/session/updates/updates_text.ts";
import { assert, assertEquals, assertInstanceOf, assertMatch, assertRejects } from "./assert.ts";
import { numberOf, PEERS, plain, stateOf, updatesOf } from "./states.ts";

/** A kind of store, under test. */
export interface StoreUnderTest {
  /** Its name, as in a sentence. */
  readonly name: string;
  /** Opens it, with what was kept there before. */
  open(): KeyValueStore | Promise<KeyValueStore>;
  /**
   * What a session of the name holds when it is loaded in a fresh process; without it, a fresh
   * object has to do.
   */
  readElsewhere?(sessionName: string): Promise<string>;
  /** Whether programs can be kept apart. */
  readonly canSwap: boolean;
  /** Whether its sessions can be listed. */
  readonly canList?: boolean;
}

async function sorted(peers: Iterable<Peer> | AsyncIterable<Peer>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { id, kind, accessHash, usernames, phone, seenAt } of peers) {
    texts.push([id, kind, accessHash, usernames, phone, seenAt].join());
  }
  return texts.sort();
}

/** The texts of a peer list, whatever order they are in. */
export const sortedPeers: (peers: Iterable<Peer> | AsyncIterable<Peer>) => Promise<string[]> =
  sorted;

/** What a session shows of itself, as text: for comparing across processes. */
export async function describeSession(session: StoreSession): Promise<string> {
  return JSON.stringify([plain(session.state), await sorted(session.peers.all())]);
}

/** A logger that collects warnings. */
function warnings(): { log: Logger; texts: string[] } {
  const texts: string[] = [];
  return { texts, log: { ...silentLogger, warn: (text) => void texts.push(text) } };
}

/** Adds the tests of a store. */
export function testStore(store: StoreUnderTest): void {
  const { name, open } = store;
  const test = (claim: string, check: () => Promise<void>): void =>
    Deno.test(`${name} ${claim}`, check);

  test("keeps texts by key: any text, any key, the last one set, none after a delete", async () => {
    const opened = await open();
    const long = "0123456789abcdef".repeat(8192);
    for (const key of ["a", "a:b", "a/b", "A", "..", "ключ %41?*", "__proto__"]) {
      await opened.delete(key);
      assertEquals(await opened.get(key) ?? undefined, undefined);
      for (const value of ["", "one", "zwei\n\u0000 \u{1f980}", long]) {
        // PostgreSQL has no texts with a zero character; sessions have none either.
        const text = value.replaceAll("\u0000", "");
        await opened.set(key, text);
        assertEquals(await opened.get(key), text);
      }
      await opened.set(key, key);
    }
    for (const key of ["a", "a:b", "a/b", "A", "..", "ключ %41?*", "__proto__"]) {
      assertEquals(await opened.get(key), key);
      await opened.delete(key);
      await opened.delete(key);
      assertEquals(await opened.get(key) ?? undefined, undefined);
    }
    await opened.close?.();
  });

  test("brings a session back as it was, with its peers", async () => {
    const sessionName = `whole ${crypto.randomUUID()}`;
    const session = new StoreSession(sessionName, open);
    await session.load();
    assertEquals(session.state.dcs.length, 0);
    session.state = stateOf(1);
    await session.save();
    session.state = stateOf(2);
    const saves = [session.save(), session.save()];
    session.state = stateOf(3);
    await Promise.all([...saves, session.save()]);
    await session.peers.put(PEERS);
    const before = await describeSession(session);
    await session.close();

    const again = new StoreSession(sessionName, open);
    await again.load();
    assertEquals(numberOf(again.state), 3);
    assertEquals(await describeSession(again), before);
    await again.close();
    if (store.readElsewhere) assertEquals(await store.readElsewhere(sessionName), before);
  });

  test("keeps sessions of different names apart", async () => {
    const unique = crypto.randomUUID();
    const names = [`apart 1/${unique}`, `apart 2/${unique}`, unique];
    for (const [index, sessionName] of names.entries()) {
      const session = new StoreSession(sessionName, open);
      await session.load();
      session.state = stateOf(index);
      await session.save();
      await session.close();
    }
    for (const [index, sessionName] of names.entries()) {
      const session = new StoreSession(sessionName, open);
      await session.load();
      assertEquals(numberOf(session.state), index);
      await session.close();
    }
  });

  test("finds a peer by id, username and phone, as it was seen last", async () => {
    const opened = await open();
    const peers = opened.peers ?? new KeyValuePeers(opened, `${crypto.randomUUID()}:`);
    await peers.clear();
    await peers.put(PEERS);
    for (const peer of PEERS) {
      assertEquals(await peers.byId(peer.id), peer);
      for (const username of peer.usernames) {
        assertEquals(await peers.byUsername(username.toUpperCase()), peer);
      }
      if (peer.phone !== undefined) assertEquals(await peers.byPhone(peer.phone), peer);
    }
    assertEquals(await peers.byId(1n), undefined);
    assertEquals(await peers.byUsername("toString"), undefined);
    assertEquals(await peers.byPhone("1"), undefined);
    // The name and the number go over to somebody else.
    const [telegram] = PEERS;
    const heir: Peer = { ...telegram, id: 6n };
    const poorer: Peer = { id: telegram.id, kind: "user", accessHash: 2n, usernames: ["renamed"] };
    await peers.put([poorer, heir]);
    assertEquals(await peers.byId(telegram.id), poorer);
    assertEquals(await peers.byUsername("telegram"), heir);
    assertEquals(await peers.byUsername("renamed"), poorer);
    assertEquals(await peers.byPhone("42777"), heir);
    assertEquals(await sorted(peers.all()), await sorted([...PEERS.slice(1), poorer, heir]));
    // Each keeps its date, and loses the names that another peer has now.
    const dated: Peer = { ...heir, seenAt: 1_700_000_000 };
    const late: Peer = { id: 9n, kind: "bot", usernames: ["TELEGRAM"], phone: "42777", seenAt: 1 };
    await peers.put([dated]);
    assertEquals(await peers.byUsername("telegram"), dated);
    await peers.put([late]);
    assertEquals(await peers.byUsername("telegram"), late);
    const { phone: _, ...bare } = dated;
    const nameless: Peer = { ...bare, usernames: [] };
    const all = [...PEERS.slice(1), poorer, nameless, late];
    assertEquals(await sorted(peers.all()), await sorted(all));
    await Promise.all([0, 1, 2, 3].map((n) =>
      peers.put(
        Array.from({ length: 50 }, (_, i) => ({
          id: BigInt(1000 * n + i + 10),
          kind: "user" as const,
          accessHash: BigInt(n),
          usernames: [`u${n}_${i}`],
        })),
      )
    ));
    assertEquals((await sorted(peers.all())).length, 207);
    await peers.clear();
    assertEquals(await sorted(peers.all()), []);
    await opened.close?.();
  });

  test("leaves what is damaged as it is, and says so without quoting it", async () => {
    const sessionName = `damaged ${crypto.randomUUID()}`;
    const session = new StoreSession(sessionName, open);
    await session.load();
    session.state = stateOf(9);
    await session.save();
    await session.close();
    const opened = await open();
    const key = `${sessionName}:session`;
    const text = await opened.get(key) ?? "";
    const flipped = text.slice(0, 99) + (text[99] === "A" ? "B" : "A") + text.slice(100);
    for (const damaged of [flipped, text.slice(0, -9), text.slice(0, 40), "nonsense"]) {
      await opened.set(key, damaged);
      const error = await assertRejects(() => new StoreSession(sessionName, open).load(), Error);
      assert(!error.message.includes(text.slice(12, 30)));
      assertEquals(await opened.get(key), damaged);
    }
    await opened.close?.();
  });

  testUpdates(store);
  if (store.canList) {
    test("lists its sessions, whatever their names are", async () => {
      const mark = crypto.randomUUID();
      const names = ["a", "*[a-z]?\\%_'", "a:session", "ключ"].map((name) => `${mark} ${name}`)
        .sort();
      const opened = await open();
      for (const name of names) await opened.set(`${name}:session`, "text");
      await opened.set(`${mark} b:lease`, "text");
      const found = (await listSessions(opened)).filter((name) => name.startsWith(mark));
      assertEquals(found, names);
      assertEquals(await opened.list?.(`${names[0]}:`, "on"), [`${names[0]}:session`]);
      for (const name of [...names.map((name) => `${name}:session`), `${mark} b:lease`]) {
        await opened.delete(name);
      }
      await opened.close?.();
    });
  }

  if (!store.canSwap) return;
  test("swaps a text only for the one that is expected, and once when many try", async () => {
    const opened = await open();
    const key = `swap ${crypto.randomUUID()}`;
    const swap = (current?: string, next?: string): boolean | Promise<boolean> =>
      opened.swap?.(key, current, next) ?? false;
    assertEquals(await swap("a", "b"), false);
    assertEquals(await swap(undefined, "a"), true);
    assertEquals(await swap(undefined, "b"), false);
    assertEquals(await swap("b", "c"), false);
    assertEquals(await opened.get(key), "a");
    assertEquals(await swap("a", "b"), true);
    assertEquals(await opened.get(key), "b");
    const tries = await Promise.all([1, 2, 3, 4, 5].map((n) => swap("b", `c${n}`)));
    assertEquals(tries.filter(Boolean).length, 1);
    const won = await opened.get(key) ?? undefined;
    assertEquals(await swap("b", undefined), false);
    assertEquals(await swap(won, undefined), true);
    assertEquals(await opened.get(key) ?? undefined, undefined);
    await opened.close?.();
  });

  test("sets a text only while another one begins as expected, in one step", async () => {
    const opened = await open();
    const [key, lease] = [`fenced ${crypto.randomUUID()}`, `guard ${crypto.randomUUID()}`];
    const setIf = (value: string | undefined, prefix: string): boolean | Promise<boolean> =>
      opened.setIf?.(key, value, { key: lease, prefix }) ?? false;
    assertEquals(await setIf("a", ""), false);
    await opened.swap?.(lease, undefined, "\u{1f980}'[%_ 1");
    assertEquals(await setIf("b", "\u{1f980}'[%_ 2"), false);
    assertEquals(await opened.get(key) ?? undefined, undefined);
    assertEquals(await setIf("c", "\u{1f980}'[%_"), true);
    assertEquals(await setIf("d", "\u{1f980}"), true);
    assertEquals(await opened.get(key), "d");
    assertEquals(await setIf("e", "'"), false);
    assertEquals(await setIf(undefined, "2"), false);
    assertEquals(await opened.get(key), "d");
    assertEquals(await setIf(undefined, "\u{1f980}'"), true);
    assertEquals(await setIf(undefined, "\u{1f980}'"), true);
    assertEquals(await opened.get(key) ?? undefined, undefined);
    await opened.swap?.(lease, "\u{1f980}'[%_ 1", undefined);
    await opened.close?.();
  });

  test("makes who takes a lease wait for a write of its former holder, or refuses it", async () => {
    const [first, second] = [await open(), await open()];
    const [key, lease] = [`race ${crypto.randomUUID()}`, `guard ${crypto.randomUUID()}`];
    for (let round = 0; round < 20; round++) {
      await first.swap?.(lease, undefined, "first");
      const late = [1, 2, 3].map((n) =>
        first.setIf?.(`${key} ${n}`, `first ${round}`, { key: lease, prefix: "first" })
      );
      await second.swap?.(lease, "first", "second");
      const found = [1, 2, 3].map((n) => second.get(`${key} ${n}`));
      const seen = await Promise.all(found);
      await Promise.all(late);
      const after = await Promise.all([1, 2, 3].map((n) => second.get(`${key} ${n}`)));
      assertEquals(after, seen); // what the second program has read stays
      await second.swap?.(lease, "second", undefined);
    }
    for (const n of [1, 2, 3]) await first.delete(`${key} ${n}`);
    await first.close?.();
    await second.close?.();
  });
}

/** Adds the tests of the place for the state of the updates. */
function testUpdates({ name, open, canSwap }: StoreUnderTest): void {
  const test = (claim: string, check: () => Promise<void>): void =>
    Deno.test(`${name} ${claim}`, check);
  const opened = async (
    sessionName: string,
    options?: StoreSessionOptions,
  ): Promise<StoreSession> => {
    const session = new StoreSession(sessionName, open, options);
    await session.load();
    return session;
  };
  /** A session that has signed in. */
  const signedIn = async (options?: StoreSessionOptions): Promise<[string, StoreSession]> => {
    const sessionName = `updates ${crypto.randomUUID()}`;
    const session = await opened(sessionName, options);
    session.state = stateOf(1);
    await session.save();
    return [sessionName, session];
  };

  test("keeps how far the updates were received, and does not touch the session", async () => {
    const [sessionName, session] = await signedIn();
    const look = await open();
    const before = await look.get(`${sessionName}:session`);
    assertEquals(await session.updates?.load(), undefined);
    for (const text of ["", "one", "zwei\n\u{1f980} 1.2.", updatesOf(1), updatesOf(2)]) {
      await session.updates?.save(text);
      assertEquals(await session.updates?.load(), text);
    }
    // Those that wait are saved together, and the last one counts.
    await Promise.all([3, 4, 5].map((n) => session.updates?.save(updatesOf(n))));
    assertEquals(await look.get(`${sessionName}:session`), before);
    await session.close();
    const again = await opened(sessionName);
    assertEquals(await again.updates?.load(), updatesOf(5));
    await again.save(); // of the same user: the text stays
    assertEquals(await again.updates?.load(), updatesOf(5));
    await again.close();
    await look.close?.();
  });

  test("forgets the updates of a user who signs out, or in whose place another is", async () => {
    for (const next of [stateOf(2).user, undefined]) {
      const [sessionName, session] = await signedIn();
      const look = await open();
      await session.updates?.save("of the first");
      assert(await look.get(`${sessionName}:updates`) !== undefined);
      session.state = { ...session.state, user: next };
      const { log, texts } = warnings();
      assertEquals(await session.updates?.load(log), undefined);
      if (next === undefined) await session.updates?.save("of nobody");
      await session.save();
      assertEquals(await look.get(`${sessionName}:updates`) ?? undefined, undefined);
      if (next !== undefined) {
        await session.updates?.save("of the second");
        await session.save();
        assertEquals(await session.updates?.load(log), "of the second");
      }
      assert(texts.length <= 1);
      session.state = { ...session.state, user: stateOf(1).user };
      assertEquals(await session.updates?.load(), undefined);
      await session.close();
      await look.close?.();
    }
  });

  test("does without updates that are damaged, too long or of another user", async () => {
    const [sessionName, session] = await signedIn();
    await session.updates?.save(updatesOf(1));
    const look = await open();
    const key = `${sessionName}:updates`;
    const whole = await look.get(key) ?? "";
    const cases: [string, RegExp][] = [
      ["secret nonsense", /it is damaged/],
      [whole.slice(0, -1), /it is damaged/],
      [whole.slice(0, 30), /it is damaged/],
      [whole.replace("tessera-updates1", "tessera-updates2"), /version 2, expected 1/],
      [whole.replace(String(stateOf(1).user?.id), "5"), /it is damaged/],
      [writeUpdatesText({ userId: 5n, text: "{}" }), /it is of another user/],
      ["tessera-updates1.5.".padEnd(12_000_000, "x"), /12000000 characters, expected at most/],
    ];
    for (const [kept, reason] of cases) {
      try {
        await look.set(key, kept);
      } catch (error) {
        assertInstanceOf(error, SessionError); // the storage of a browser is not that large
        continue;
      }
      const { log, texts } = warnings();
      assertEquals(await session.updates?.load(log), undefined);
      assertEquals(texts.length, 1);
      assertMatch(texts[0], reason);
      assert(!texts[0].includes("secret"));
      await session.save(); // as after each key; the session works on
    }
    await session.updates?.save(updatesOf(2));
    assertEquals(await session.updates?.load(), updatesOf(2));
    const error = await assertRejects(
      async () => await session.updates?.save("x".repeat(2 ** 22 + 1)),
      SessionError,
      "4194305 characters, expected at most 4194304",
    );
    assert(!error.message.includes("xx"));
    assertEquals(await session.updates?.load(), updatesOf(2));
    await session.close();
    await look.close?.();
  });

  test("seals the updates with the secret of the session", async () => {
    const secret = new Uint8Array(32).fill(1);
    const [sessionName, session] = await signedIn({ secret });
    await session.updates?.save(updatesOf(7));
    await session.close();
    const look = await open();
    const kept = await look.get(`${sessionName}:updates`) ?? "";
    assert(isSealed(kept) && !kept.includes("100000"));
    const again = await opened(sessionName, { secret });
    assertEquals(await again.updates?.load(), updatesOf(7));
    for (const damaged of [kept.slice(0, -9), `${kept}${"A".repeat(12_000_000)}`, "no seal"]) {
      try {
        await look.set(`${sessionName}:updates`, damaged);
      } catch (error) {
        assertInstanceOf(error, SessionError);
        continue;
      }
      const { log, texts } = warnings();
      assertEquals(await again.updates?.load(log), undefined);
      assertEquals(texts.length, 1);
    }
    await again.close();
    await look.close?.();
  });

  if (!canSwap) return;
  test("refuses the updates of a program whose session another one has taken over", async () => {
    const [sessionName, session] = await signedIn();
    await session.updates?.save("of the first");
    const look = await open();
    const lease = `${sessionName}:lease`;
    await look.swap?.(lease, await look.get(lease) ?? undefined, "of the second");
    await look.set(`${sessionName}:updates`, "of the second");
    await assertRejects(async () => await session.updates?.save("late"), SessionError);
    session.state.user = undefined;
    await assertRejects(() => session.save(), SessionError);
    assertEquals(await look.get(`${sessionName}:updates`), "of the second");
    await session.close();
    await look.swap?.(lease, "of the second", undefined);
    await look.close?.();
  });
}
