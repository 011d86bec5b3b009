/**
 * Tests a session in IndexedDB that several tabs open. tests/runtimes/stores.test.ts uses two real
 * tabs of Chromium.
 */

import "fake-indexeddb/auto";
import { SessionError, StoreSession, type StoreSessionOptions } from "../../src/session/mod.ts";
import { indexedDbStore } from "../../src/session/stores/mod.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../helpers/assert.ts";
import { Browser, type Tab } from "./browser_locks.ts";
import { numberOf, stateOf } from "../helpers/states.ts";

const HOUR = 3_600_000;
const NAME = "me";

/** A session as the scripts of a tab have it; without a tab, as in a runtime that has no locks. */
function sessionIn(
  tab: Tab | undefined,
  database: string,
  options: StoreSessionOptions = {},
): StoreSession {
  const open = (): ReturnType<typeof indexedDbStore> => {
    const { navigator } = globalThis;
    Object.defineProperty(navigator, "locks", { value: tab, configurable: true });
    try {
      return indexedDbStore(database); // looks for them before it waits for anything
    } finally {
      Reflect.deleteProperty(navigator, "locks");
    }
  };
  return new StoreSession(NAME, open, { leaseDuration: HOUR, holder: "a tab", ...options });
}

Deno.test("A closed tab leaves its session free at once", async () => {
  const database = crypto.randomUUID();
  const browser = new Browser();
  const [tab, next] = [browser.open(), browser.open()];
  const first = sessionIn(tab, database, { holder: "the first tab" });
  await first.load();
  first.state = stateOf(1);
  await first.save();
  const second = sessionIn(next, database);
  const error = await assertRejects(() => second.load(), SessionError, "the first tab uses it");
  assertEquals(error.holder, "the first tab");
  assertEquals(browser.isHeld(`tessera:${database}:${NAME}:lease`), true);
  tab.close();
  await second.load();
  assertEquals(numberOf(second.state), 1);
  await second.close();
  await first.close(); // for the timers: it is gone
});

Deno.test("A second tab waits for the first to close, or ends when it closes itself", async () => {
  const database = crypto.randomUUID();
  const browser = new Browser();
  const [tab, next, last] = [browser.open(), browser.open(), browser.open()];
  const first = sessionIn(tab, database);
  await first.load();
  const second = sessionIn(next, database, { wait: true });
  const loaded = second.load();
  const third = sessionIn(last, database, { wait: true });
  const givenUp = assertRejects(() => third.load(), SessionError, "it was closed");
  await third.close();
  await givenUp;
  tab.close();
  await loaded;
  const another = sessionIn(last, database);
  await assertRejects(() => another.load(), SessionError, "uses it since");
  await second.close();
  await another.load();
  await another.close();
  await first.close();
  assertEquals(browser.isHeld(`tessera:${database}:${NAME}:lease`), false);
});

Deno.test("A tab with locks respects a lease in IndexedDB that was taken without one", async () => {
  const database = crypto.randomUUID();
  const tab = new Browser().open();
  const old = sessionIn(undefined, database, { holder: "a tab without locks" });
  await old.load();
  const session = sessionIn(tab, database);
  const error = await assertRejects(() => session.load(), SessionError, "uses it since");
  assertStringIncludes(error.message, "a tab without locks");
  await old.close();
  await session.load(); // the lock was given back when it could not be had
  await session.close();
});

Deno.test("A closed tab leaves its sealed session in IndexedDB free at once", async () => {
  const database = crypto.randomUUID();
  const browser = new Browser();
  const [tab, next] = [browser.open(), browser.open()];
  const secret = new Uint8Array(32).fill(1);
  const first = sessionIn(tab, database, { secret });
  await first.load();
  tab.close();
  const second = sessionIn(next, database, { secret });
  await second.load();
  await second.close();
  await first.close();
});
