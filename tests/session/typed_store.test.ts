/** A store of anybody fails with a `SessionError`, in every operation that a session begins. */
import {
  type KeyValueStore,
  type Peer,
  type PeerStore,
  SessionError,
  StoreSession,
} from "../../mod.ts";
import { storeError } from "../../src/session/stores/store_error.ts";
import { listSessions } from "../../src/session/stores/mod.ts";
import { typedStore } from "../../src/session/stores/typed_store.ts";
import { assert, assertEquals, assertMatch, assertRejects } from "../helpers/assert.ts";
import { stateOf } from "../helpers/states.ts";

const FAILURE = new RangeError("the line is cut.");
const SAID = "the store has failed: the line is cut. Check the store, then try again.";

function fail(): never {
  throw FAILURE;
}

const PEERS: PeerStore = {
  put: fail,
  byId: fail,
  byUsername: fail,
  byPhone: fail,
  clear: fail,
  // deno-lint-ignore require-yield
  *all() {
    fail();
  },
};

const STORE: Required<KeyValueStore> = {
  get: fail,
  set: fail,
  setCache: fail,
  delete: fail,
  swap: fail,
  setIf: fail,
  list: fail,
  lock: fail,
  claims: { make: fail, isHeld: fail },
  close: fail,
  peers: PEERS,
  guardPeers: () => PEERS,
};

async function assertTyped(doing: string, run: () => unknown): Promise<void> {
  const error = await assertRejects(async () => await run(), SessionError);
  assertEquals(error.message, `Cannot ${doing}: ${SAID}`);
  assertEquals(error.cause, FAILURE);
}

Deno.test("Each operation of a store that fails throws a SessionError with its cause", async () => {
  const store = typedStore(STORE, "me") as Required<KeyValueStore>;
  const guard = { key: "lease", prefix: "" };
  const read = 'read the session "me"';
  const save = 'save the session "me"';
  await assertTyped(read, () => store.get("key"));
  await assertTyped(save, () => store.set("key", "value"));
  await assertTyped(save, () => store.setCache("key", "value"));
  await assertTyped(save, () => store.delete("key"));
  await assertTyped(save, () => store.swap("key", undefined, "value"));
  await assertTyped(save, () => store.setIf("key", "value", guard));
  await assertTyped('close the session "me"', () => store.close());
  for (const peers of [store.peers, store.guardPeers(guard, () => FAILURE)]) {
    await assertTyped(save, () => peers.put([]));
    await assertTyped(save, () => peers.clear());
    await assertTyped(read, () => peers.byId(1n));
    await assertTyped(read, () => peers.byUsername("durov"));
    await assertTyped(read, () => peers.byPhone("15550100"));
    await assertTyped(read, async () => {
      for await (const _ of peers.all() as AsyncIterable<Peer>);
    });
  }
  assertEquals(store.claims.isHeld("name"), undefined);
  const failing = typedStore({ ...STORE, guardPeers: fail }, "me");
  await assertTyped(read, () => failing.guardPeers?.(guard, () => FAILURE));
  await assertTyped("list the sessions", () => listSessions(STORE));
  await assertTyped('open the session "me"', () => new StoreSession("me", fail).load());
});

Deno.test("A store has the optional methods of the one that it is made of, and no others", () => {
  const { get, set, delete: remove } = STORE;
  const methods = (store: KeyValueStore): string[] => Object.keys(typedStore(store, "me")).sort();
  assertEquals(methods({ get, set, delete: remove }), ["delete", "get", "set"]);
  const { list: _, ...rest } = STORE;
  assertEquals(methods(STORE), Object.keys(rest).sort());
});

Deno.test("An error that is a SessionError already is passed on as it is", async () => {
  const error = new SessionError("Cannot save it: the disk is full");
  const set = (): never => {
    throw error;
  };
  const thrown = await assertRejects(async () =>
    await typedStore({ ...STORE, set }, "me").set("key", "value")
  );
  assertEquals(thrown, error);
});

Deno.test("The error of a store without a text has its code or its name", () => {
  const told = (cause: unknown): string => storeError("save it", cause).message;
  const refused = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
  assertMatch(told(refused), /failed: ECONNREFUSED\. Check/);
  assertMatch(told(new DOMException("", "QuotaExceededError")), /failed: QuotaExceededError\. /);
  assertMatch(told("a text"), /failed: a text\. /);
});

Deno.test("The error of a store that quotes the session is not quoted", async () => {
  const store: KeyValueStore = {
    get: () => undefined,
    set(_, value) {
      throw new Error(`ERR unknown command, with args beginning with: ${value.slice(0, 40)}`);
    },
    delete: () => {},
  };
  const session = new StoreSession("me", store);
  await session.load();
  session.state = stateOf(1);
  const { message, cause } = await assertRejects(() => session.save(), SessionError);
  assertEquals(
    message,
    'Cannot save the session "me": the store has failed. Check the store, then try again.',
  );
  assert(cause instanceof Error);
});

Deno.test("Whatever a store throws, its error has a text", () => {
  let reads = 0;
  const toString = (): string => reads++ === 0 ? fail() : ""; // the secret watcher reads it
  const error = storeError("save it", { toString });
  assertMatch(error.message, /^Cannot save it: the store has failed: its error has no text\. /);
  const odd = Object.assign(new Error(), { message: 5 });
  assertMatch(storeError("save it", odd).message, /failed: 5\. Check/);
});

Deno.test("What is no store, or has an odd method, is refused when it is opened", async () => {
  const { get, set, delete: remove } = STORE;
  const whole = { get, set, delete: remove };
  const odd: unknown[] = [undefined, {}, { get, set }, { ...whole, swap: true }];
  for (const name of ["peers", "claims", "setCache", "close"]) {
    odd.push(Object.defineProperty({ ...whole }, name, { get: fail }));
  }
  for (const store of odd) {
    const session = new StoreSession("me", () => store as KeyValueStore);
    const load = (): Promise<void> => session.load();
    await assertRejects(load, SessionError, 'Cannot open the session "me": the store has failed: ');
  }
  const load = (): Promise<void> => new StoreSession("me", () => ({} as KeyValueStore)).load();
  await assertRejects(load, SessionError, "it lacks get(), set() or delete()");
});

Deno.test("A value that is not a text is refused, with and without a lease", async () => {
  const whole = { set: () => {}, delete: () => {}, swap: () => false };
  for (const value of [5, false, {}, new Uint8Array(1)]) {
    const get = (): string => value as unknown as string;
    for (const store of [{ ...whole, get }, { ...whole, get, swap: undefined }]) {
      const load = (): Promise<void> => new StoreSession("me", store).load();
      await assertRejects(load, SessionError, `a value of type ${typeof value}, expected the text`);
    }
  }
});

Deno.test("A store whose swap refuses the text that it has returned is given up", async () => {
  for (const text of [undefined, "{}"]) {
    const store = { get: () => text, set: () => {}, delete: () => {}, swap: () => false };
    const load = (): Promise<void> => new StoreSession("me", store).load();
    await assertRejects(load, SessionError, "swap() of its store refuses the text that get()");
  }
});

Deno.test("A lock or a claim that cannot be given up does not fail the close", async () => {
  const values = new Map<string, string>();
  const store: KeyValueStore = {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    delete: (key) => void values.delete(key),
    swap(key, current, next) {
      if (values.get(key) !== current) return false;
      if (next === undefined) return values.delete(key);
      return !!values.set(key, next);
    },
    lock: () => Promise.resolve(fail),
    claims: { make: () => fail, isHeld: () => undefined },
  };
  const session = new StoreSession("me", store);
  await session.load();
  await session.close();
  assertEquals([...values.keys()], []);
});

Deno.test("A store that can be neither read nor closed tells that it cannot be read", async () => {
  const { get, set, delete: remove, close } = STORE;
  const session = new StoreSession("me", () => ({ get, set, delete: remove, close }));
  await assertRejects(() => session.load(), SessionError, 'Cannot read the session "me"');
});
