/**
 * Where the state of the updates goes when a session is copied, moved or short of room. What each
 * store must do is in store_conformance.ts.
 */

import { indexedDB } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { DatabaseSync } from "node:sqlite";
import {
  type KeyValueStore,
  MemorySession,
  type Session,
  SessionError,
  SqliteSession,
  StoreSession,
  StringSession,
} from "../../mod.ts";
import { copySession, exportSession, importSession } from "../../src/session/convert/mod.ts";
import { KeyValuePeers } from "../../src/session/stores/key_value_peers.ts";
import { folderStore, indexedDbStore, webStorageStore } from "../../src/session/stores/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { numberOf, PEERS, stateOf, updatesOf } from "../helpers/states.ts";

const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));
let files = 0;
const newPath = (): string => `${FOLDER}/${files++}.session`;

async function opened<T extends Session>(session: T): Promise<T> {
  await session.load();
  return session;
}

async function signedIn(session: StoreSession): Promise<StoreSession> {
  await session.load();
  session.state = stateOf(1);
  await session.save();
  await session.updates?.save(updatesOf(1));
  return session;
}

Deno.test("A copy of a session goes on with the updates where the original was", async () => {
  const from = await signedIn(new SqliteSession(newPath()));
  const to = new StoreSession("copy", folderStore(`${FOLDER}/copy`));
  await copySession(from, to);
  assertEquals(await (await opened(to)).updates?.load(), updatesOf(1));
  await to.close();

  const path = newPath();
  await exportSession(from, "tessera-file", { path });
  await from.close();
  assertEquals(await (await importSession(path)).updates?.load(), updatesOf(1));
  const exported = await opened(new SqliteSession(path));
  assertEquals(await exported.updates?.load(), updatesOf(1));
  await exported.close();
});

Deno.test("A copy into a session without a place for the updates does without them", async () => {
  const from = await signedIn(new SqliteSession(newPath()));
  const to: Session = { state: new MemorySession().state, load() {}, save() {} };
  await copySession(from, to);
  assertEquals(numberOf(to.state), 1);
  const text = await exportSession(from, "tessera");
  assertEquals(await (await importSession(text)).updates?.load(), undefined);
  await copySession(new StringSession(await exportSession(from, "telethon")), from);
});

Deno.test("Yesterday's file of a session goes on with the updates of yesterday", async () => {
  const path = newPath();
  const session = await signedIn(new SqliteSession(path));
  await Deno.copyFile(path, `${path}-yesterday`);
  await session.updates?.save(updatesOf(2));
  await session.close();
  await Deno.copyFile(`${path}-yesterday`, path);
  // The copy was made while the program ran: its lease is free, as the program has ended.
  const restored = await opened(new SqliteSession(path));
  assertEquals(await restored.updates?.load(), updatesOf(1));
  await restored.close();
});

Deno.test("A file has the updates in a row of a table that older versions know", async () => {
  const path = newPath();
  await (await signedIn(new SqliteSession(path))).close();
  const database = new DatabaseSync(path);
  const keys = database.prepare("SELECT key FROM entry ORDER BY key").all().map(({ key }) => key);
  assertEquals(keys, ["own:session", "own:updates"]);
  assertEquals(database.prepare("PRAGMA user_version").get()?.user_version, 2);
  // A file of before has no such row.
  database.exec("DELETE FROM entry WHERE key = 'own:updates'");
  database.close();
  const session = await opened(new SqliteSession(path));
  assertEquals(await session.updates?.load(), undefined);
  assertEquals(numberOf(session.state), 1);
  await session.close();
});

Deno.test("Updates of a user who left under an older version go with the next save", async () => {
  const values = new Map<string, string>();
  const store: KeyValueStore = {
    get: (key) => values.get(key),
    set: (key, value) => values.set(key, value),
    delete: (key) => values.delete(key),
  };
  await (await signedIn(new StoreSession("me", store))).close();
  const kept = values.get("me:updates") ?? "";
  const other = await opened(new StoreSession("me", store));
  other.state = stateOf(2);
  await other.save();
  await other.close();
  values.set("me:updates", kept); // an older tessera does not know the key
  const session = await opened(new StoreSession("me", store));
  assertEquals(await session.updates?.load(), undefined);
  await session.save();
  assertEquals([...values.keys()], ["me:session"]);
  await session.close();
});

Deno.test("A store that does not answer is no damaged state of the updates", async () => {
  let isCut = false;
  const session = await signedIn(
    new StoreSession("me", {
      get: () => {
        if (isCut) throw new SessionError("The line is cut");
        return undefined;
      },
      set: () => {},
      delete: () => {},
    }),
  );
  isCut = true;
  await assertRejects(async () => await session.updates?.load(), SessionError, "The line is cut");
});

/** A `Storage` of the web with room for some characters. */
class SmallStorage {
  readonly values = new Map<string, string>();
  room = 60_000;

  getItem(key: string): string | null {
    return this.values.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    let used = key.length + value.length;
    for (const [one, text] of this.values) if (one !== key) used += one.length + text.length;
    if (used > this.room) throw new DOMException("It is full", "QuotaExceededError");
    this.values.set(key, value);
  }

  removeItem(key: string): void {
    this.values.delete(key);
  }
}

Deno.test("localStorage that is full gives up peers, then the updates, then nothing", async () => {
  const storage = new SmallStorage();
  const session = await opened(new StoreSession("me", webStorageStore(storage)));
  session.state = stateOf(1);
  await session.save();
  await session.peers.put(PEERS);
  storage.room = [...storage.values].reduce(
    (all, [key, text]) => all + key.length + text.length,
    0,
  );
  await session.updates?.save("x".repeat(100));
  assertEquals([...storage.values.keys()].sort(), ["me:session", "me:updates"]);
  await assertRejects(async () => await session.updates?.save(updatesOf(1)), SessionError, "full");
  assertEquals(await session.updates?.load(), "x".repeat(100));
  storage.room = storage.getItem("me:session")?.length ?? 0;
  storage.room += "me:session".length + 10;
  session.state = { ...stateOf(1), testMode: true };
  await session.save();
  assertEquals([...storage.values.keys()], ["me:session"]);
  await session.close();
});

Deno.test("IndexedDB that is full gives up peers, then the updates, under a lease", async () => {
  const store = await indexedDbStore("full");
  const session = await opened(new StoreSession("me", store));
  session.state = stateOf(1);
  await session.save();
  await new KeyValuePeers(store, "me:").put(PEERS);
  await session.updates?.save("of the updates");
  const prototype = Object.getPrototypeOf(
    await new Promise<IdbStore>((resolve) => {
      const request = indexedDB.open("full", 1);
      request.onsuccess = () =>
        resolve(request.result.transaction("entry").objectStore("entry") as unknown as IdbStore);
    }),
  ) as IdbStore;
  const { put } = prototype;
  let failures = 1;
  prototype.put = function (value, key) {
    const request = put.call(this, value, key);
    if (failures-- > 0) this.transaction._abort("QuotaExceededError");
    return request;
  };
  try {
    await session.updates?.save("after the peers");
    assertEquals(await store.get("me:peers:new0"), undefined);
    assertEquals(await session.updates?.load(), "after the peers");
    failures = 2;
    session.state = { ...stateOf(1), testMode: true };
    await session.save();
    assertEquals(await store.get("me:updates"), undefined);
    failures = 3;
    const failed = await assertRejects(() => session.save(), SessionError, "QuotaExceededError");
    assert(failed.cause instanceof DOMException);
  } finally {
    prototype.put = put;
    await session.close();
    await store.close?.();
  }
});

/** As much of the store of fake-indexeddb as is used here. */
interface IdbStore {
  readonly transaction: { _abort(name: string): void };
  put(value: unknown, key: unknown): unknown;
}
