/** Peers are a cache: one that cannot be read, or for which there is no room, stops nobody. */

import { OfflineTelegram } from "../../src/testing/mod.ts";
import { Client, SessionError, StoreSession } from "../../mod.ts";
import { type KeyValueStore, webStorageStore } from "../../src/session/stores/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import "../helpers/quick_seals.ts";
import { numberOf, PEERS, stateOf } from "../helpers/states.ts";

const SECRET = "correct horse";

function storeOf(values: Map<string, string>): KeyValueStore {
  return {
    get: (key) => values.get(key),
    set: (key, value) => values.set(key, value),
    delete: (key) => values.delete(key),
  };
}

/** Opens a session, and puts peers through the list of the newest into the buckets. */
async function withPeers(store: KeyValueStore, secret?: string): Promise<StoreSession> {
  const session = new StoreSession("me", store, { secret });
  await session.load();
  session.state = stateOf(1);
  await session.save();
  await session.peers.put(PEERS);
  return session;
}

const DAMAGES: Readonly<Record<string, (text: string, key: string) => string>> = {
  "cut short": (text) => text.slice(0, -5),
  "another text": () => "a letter",
  "null": () => "null",
  "a list of nulls": () => "[null]",
  "a peer without a form": (_, key) => key.includes("new") ? '[["1"],["x","user"]]' : '{"1":null}',
  "an id that is no number": (_, key) =>
    key.includes("new") ? '[["x","user","1",["ada"]]]' : '{"x":["user","1",["ada"]]}',
};

for (const [damage, change] of Object.entries(DAMAGES)) {
  for (const secret of [undefined, SECRET]) {
    const kind = secret === undefined ? "" : "sealed ";
    Deno.test(`A ${kind}cache of peers that is damaged (${damage}) counts as empty`, async () => {
      const values = new Map<string, string>();
      await (await withPeers(storeOf(values), secret)).close();
      for (const [key, text] of values) {
        if (/:(peers|names):/.test(key)) values.set(key, change(text, key));
      }
      const session = new StoreSession("me", storeOf(values), { secret });
      await session.load();
      assertEquals(numberOf(session.state), 1);
      assertEquals(await session.peers.byUsername("nobody"), undefined);
      assertEquals(await session.peers.byId(1n), undefined);
      for await (const peer of session.peers.all()) assert(peer.id !== 1n);
      await session.peers.put(PEERS);
      assertEquals((await session.peers.byId(PEERS[0].id))?.id, PEERS[0].id);
      await session.close();
    });
  }
}

Deno.test("Peers that were sealed with another passphrase do not stop a message", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  const values = new Map<string, string>();
  const other = new Map<string, string>();
  await (await withPeers(storeOf(other), "another")).close();
  const open = (): Promise<Client> =>
    Client.open(
      new StoreSession("me", storeOf(values), { secret: SECRET }),
      apiId,
      apiHash,
      clientOptions,
    );
  {
    await using client = await open();
    await client.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
  }
  for (const [key, text] of other) if (key.includes(":peers:")) values.set(key, text);
  await using client = await open();
  assertEquals((await client.sendMessage("+9996621111", "Hello!")).text, "Hello!");
});

Deno.test("A store that fails is no damaged cache: the error is reported", async () => {
  const session = new StoreSession("me", {
    get: (key) => {
      if (key.includes(":peers:")) throw new SessionError("The line is cut");
      return undefined;
    },
    set: () => {},
    delete: () => {},
  });
  await session.load();
  await assertRejects(async () => await session.peers.byId(1n), SessionError, "The line is cut");
});

/** A storage with room for some characters. */
class SmallStorage {
  readonly values = new Map<string, string>();
  readonly #room: number;

  constructor(room: number) {
    this.#room = room;
  }

  getItem(key: string): string | null {
    return this.values.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    let used = key.length + value.length;
    for (const [one, text] of this.values) if (one !== key) used += one.length + text.length;
    if (used > this.#room) throw new DOMException("It is full", "QuotaExceededError");
    this.values.set(key, value);
  }

  removeItem(key: string): void {
    this.values.delete(key);
  }
}

Deno.test("localStorage that is full of peers has room for the session", async () => {
  const storage = new SmallStorage(20_000);
  storage.setItem("site:peers:00", "of the site");
  const session = new StoreSession("me", webStorageStore(storage));
  await session.load();
  const many = Array.from({ length: 2000 }, (_, n) => ({
    id: BigInt(n + 1),
    kind: "user" as const,
    accessHash: 1n,
    usernames: [`somebody_${n}`],
  }));
  for (let first = 0; first < many.length; first += 5) {
    // A save of peers may fail; that of the session may not.
    await Promise.resolve(session.peers.put(many.slice(first, first + 5))).catch(() => {});
  }
  session.state = stateOf(7);
  await session.save();
  await session.close();
  const again = new StoreSession("me", webStorageStore(storage));
  await again.load();
  assertEquals(numberOf(again.state), 7);
  assertEquals(storage.getItem("site:peers:00"), "of the site");
  await again.close();

  const full = new StoreSession("me", webStorageStore(new SmallStorage(100)));
  await full.load();
  full.state = stateOf(1);
  await assertRejects(() => full.save(), SessionError, "the storage of the browser is full");
});
