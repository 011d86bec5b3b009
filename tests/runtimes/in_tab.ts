/**
 * A page of a browser that does with sessions what the test tells it to: what it can do is in the
 * global `page`.
 */
import { StoreSession } from "../../src/session/mod.ts";
import { indexedDbStore, webStorageStore } from "../../src/session/stores/mod.ts";
import { describeSession, testStore } from "../helpers/store_conformance.ts";
import { PEERS, stateOf } from "../helpers/states.ts";

type Kind = "indexedDb" | "localStorage";

/** What the conformance suite found: the tests that passed, and those that failed, with why. */
export interface Findings {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

/** What a page can be told to do. */
export interface InTab {
  /** Runs what every store must pass. */
  conformance(kind: Kind): Promise<Findings>;
  /** Keeps a session, and describes it. */
  write(kind: Kind): Promise<string>;
  /** Describes the session that was kept. */
  read(kind: Kind): Promise<string>;
  /** Opens a session and keeps it open; gives "open", or what is wrong. */
  hold(holder: string, wait?: boolean): Promise<string>;
}

const open = {
  indexedDb: () => indexedDbStore("test"),
  localStorage: () => webStorageStore(),
};

/** The tests that `add` adds, where there is no `Deno` to add them to. */
function testsOf(add: () => void): [name: string, run: () => Promise<void>][] {
  const tests: [string, () => Promise<void>][] = [];
  const deno = { test: (name: string, run: () => Promise<void>) => tests.push([name, run]) };
  Object.assign(globalThis, { Deno: deno });
  try {
    add();
  } finally {
    Reflect.deleteProperty(globalThis, "Deno");
  }
  return tests;
}

const page: InTab = {
  async conformance(kind) {
    const passed: string[] = [];
    const failed: string[] = [];
    const canSwap = kind === "indexedDb";
    for (const [name, run] of testsOf(() => testStore({ name: kind, open: open[kind], canSwap }))) {
      await run().then(
        () => passed.push(name),
        (error) => failed.push(`${name}: ${error?.stack}`),
      );
    }
    return { passed, failed };
  },
  async write(kind) {
    const session = new StoreSession("kept", open[kind]);
    await session.load();
    session.state = stateOf(7);
    await session.save();
    await session.peers.put(PEERS);
    return await describeSession(session);
  },
  async read(kind) {
    const session = new StoreSession("kept", open[kind]);
    await session.load();
    return await describeSession(session);
  },
  async hold(holder, wait) {
    const session = new StoreSession("held", open.indexedDb, { holder, wait });
    return await session.load().then(() => "open", (error) => String(error));
  },
};

Object.assign(globalThis, { page });
