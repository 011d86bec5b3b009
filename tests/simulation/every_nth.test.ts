/**
 * Whole sign-ins in which one operation fails: for every n, the n-th dial, read, write or operation
 * of the store. Each ends in success or one error of a known kind, leaves nothing open after
 * `disconnect()`, and can be repeated at once. A store has three methods or all that there are.
 */
import {
  Client,
  ConnectionError,
  type KeyValueStore,
  type Peer,
  type PeerStore,
  SessionError,
  SignInError,
  StoreSession,
} from "../../mod.ts";
import type { ByteStream, Dial } from "../../src/net/mod.ts";
import { thisProgram } from "../../src/session/lease/lease_holder.ts";
import { writeLease } from "../../src/session/lease/lease_text.ts";
import { MemoryPeers } from "../../src/session/peers/memory_peers.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { sameRandom } from "../helpers/remembered_powers.ts";
import { ProcessClock, VirtualTime } from "./virtual_time.ts";

const PHONE = "+9996621111";
const CODE = "22222";
const PASSWORD = "hunter2";
/** Milliseconds in which a sign-in ends, whatever fails. */
const LIMIT = 300_000;

type Operation = "dial" | "read" | "write" | "store";

const FLOWS = {
  "a bot": { botAuthToken: "777:TESTTOKEN" },
  "a person": { phoneNumber: PHONE, phoneCode: CODE, password: PASSWORD },
};

/** The error of a store that somebody else wrote. */
class DiskError extends Error {}

/** The operations of one sign-in, of which one fails. */
class Operations {
  readonly #kind: Operation;
  readonly #failing: number;
  #count = 0;
  /** The names of the operations of the store that were begun. */
  readonly ofStore = new Set<string>();

  constructor(kind: Operation, failing: number) {
    this.#kind = kind;
    this.#failing = failing;
  }

  /** Whether the failing operation has come. */
  get hasFailed(): boolean {
    return this.#count >= this.#failing;
  }

  /** Begins an operation; throws if it is the one that fails. */
  begin(kind: Operation, name: string = kind): void {
    if (kind === "store") this.ofStore.add(name);
    if (kind !== this.#kind || ++this.#count !== this.#failing) return;
    if (kind === "store") throw new DiskError(`the operation ${name} was to fail`);
    throw new ConnectionError(`Cannot ${name}: the operation was to fail`);
  }
}

/** The parts of a sign-in that a store is made of. */
interface StoreHost {
  readonly operations: Operations;
  /** What is open: streams, stores, locks and claims. */
  readonly open: Set<unknown>;
}

/** A store with three methods. */
function smallStore({ operations }: StoreHost, texts: Map<string, string>): KeyValueStore {
  const operate = async <T>(name: string, run: () => T): Promise<T> => {
    operations.begin("store", name);
    return await Promise.resolve(run());
  };
  return {
    get: (key) => operate("get", () => texts.get(key)),
    set: (key, value) => operate("set", () => void texts.set(key, value)),
    delete: (key) => operate("delete", () => void texts.delete(key)),
  };
}

/** A store that can hold a lease, and has one that a program has left which was killed. */
function leasingStore(host: StoreHost, texts: Map<string, string>): KeyValueStore {
  const { operations, open } = host;
  const begin = (name: string): void => operations.begin("store", name);
  const times = { since: 0, expires: 1, duration: 30_000, beat: 0 };
  const { kernel } = thisProgram();
  const holder = { name: "a killed program", ...(kernel !== undefined && { kernel }) };
  texts.set("me:lease", writeLease({ token: "of the killed", holder, ...times, claim: "killed" }));
  /** Opens something, and returns a function that closes it. */
  const opened = (name: string): () => void => {
    const one = Symbol(name);
    open.add(one);
    return () => open.delete(one);
  };
  return {
    ...smallStore(host, texts),
    async setCache(key, value) {
      await Promise.resolve(begin("setCache"));
      texts.set(key, value);
    },
    async swap(key, current, next) {
      await Promise.resolve(begin("swap"));
      if (texts.get(key) !== current) return false;
      if (next === undefined) texts.delete(key);
      else texts.set(key, next);
      return true;
    },
    async lock() {
      await Promise.resolve(begin("lock"));
      return opened("lock");
    },
    claims: {
      make(name) {
        begin("claims.make");
        return opened(name);
      },
      isHeld() {
        begin("claims.isHeld");
        return false;
      },
    },
  };
}

/** A store that is opened for the session, with every method that there is. */
async function wholeStore(host: StoreHost, texts: Map<string, string>): Promise<KeyValueStore> {
  const { operations, open } = host;
  const begin = (name: string): void => operations.begin("store", name);
  await Promise.resolve(begin("open"));
  const store = leasingStore(host, texts);
  open.add(store);
  return {
    ...store,
    async setIf(key, value, { key: guard, prefix }) {
      await Promise.resolve(begin("setIf"));
      if (!texts.get(guard)?.startsWith(prefix)) return false;
      if (value === undefined) texts.delete(key);
      else texts.set(key, value);
      return true;
    },
    guardPeers: () => failingPeers(operations),
    close() {
      open.delete(store);
      begin("close");
    },
  };
}

function failingPeers(operations: Operations): PeerStore {
  const peers = new MemoryPeers();
  const operate = <T>(name: string, run: () => T): T => {
    operations.begin("store", `peers.${name}`);
    return run();
  };
  return {
    put: (added: readonly Peer[]) => operate("put", () => peers.put(added)),
    byId: (id) => operate("byId", () => peers.byId(id)),
    byUsername: (username) => operate("byUsername", () => peers.byUsername(username)),
    byPhone: (phone) => operate("byPhone", () => peers.byPhone(phone)),
    clear: () => operate("clear", () => peers.clear()),
    all: () => operate("all", () => peers.all()),
  };
}

type StoreKind = "three methods" | "a lease" | "every method";

const LEASE = ["claims.isHeld", "claims.make", "get", "lock", "swap"];
/** The operations of a store that a sign-in begins. */
const NEEDED: Readonly<Record<StoreKind, readonly string[]>> = {
  "three methods": ["delete", "get", "set"],
  "a lease": [...LEASE, "delete", "set", "setCache"].sort(),
  "every method": [...LEASE, "close", "open", "peers.put", "setIf"].sort(),
};

/** A client and its servers, in which one operation fails. */
class SignIn implements StoreHost {
  readonly time = new VirtualTime();
  readonly clock = new ProcessClock(this.time);
  readonly client: Client;
  readonly operations: Operations;
  readonly open = new Set<unknown>();
  readonly #telegram: OfflineTelegram;

  constructor(kind: Operation, failing: number, store: StoreKind) {
    this.operations = new Operations(kind, failing);
    const random = sameRandom();
    this.#telegram = new OfflineTelegram({
      dcs: [2, 4],
      accounts: [{ phone: PHONE, code: CODE, password: PASSWORD, dcId: 4 }],
      random: random.server,
      clock: this.clock,
    });
    const { apiId, apiHash, clientOptions } = this.#telegram;
    const session = new StoreSession("me", this.#store(store), { clock: this.clock });
    this.client = new Client(session, apiId, apiHash, {
      ...clientOptions,
      dial: this.#dial,
      clock: this.clock,
      random: random.client,
    });
  }

  /** Runs something to its end. Returns its error, if it has one. */
  async run(task: Promise<unknown>): Promise<Error | undefined> {
    let isOver = false;
    let failure: Error | undefined;
    task.catch((error) => failure = error).finally(() => isOver = true);
    await this.time.runUntil(this.time.now + LIMIT, () => isOver);
    assert(isOver, "it does not end");
    return failure;
  }

  /** Disconnects, and checks that nothing is open after that. */
  async disconnect(where: string): Promise<void> {
    checkError(await this.run(this.client.disconnect()), `${where} disconnect()`);
    assertEquals(this.clock.sleepers, 0, `${where} somebody sleeps after disconnect()`);
    assertEquals([...this.open], [], `${where} something is open after disconnect()`);
  }

  readonly #dial: Dial = async (address, signal) => {
    this.operations.begin("dial");
    const stream = await this.#telegram.dial(address, signal);
    const isFailed = (kind: Operation): void => {
      try {
        this.operations.begin(kind);
      } catch (error) {
        stream.close();
        throw error;
      }
    };
    const watched: ByteStream = {
      read: async () => {
        isFailed("read");
        return await stream.read();
      },
      write: async (bytes) => {
        isFailed("write");
        await stream.write(bytes);
      },
      close: () => {
        this.open.delete(watched);
        stream.close();
      },
    };
    this.open.add(watched);
    return watched;
  };

  #store(kind: StoreKind): KeyValueStore | (() => Promise<KeyValueStore>) {
    const texts = new Map<string, string>();
    if (kind === "three methods") return smallStore(this, texts);
    return kind === "a lease" ? leasingStore(this, texts) : () => wholeStore(this, texts);
  }
}

/** Checks that an error is of a type that programs know, and that of the store is its cause. */
function checkError(error: Error | undefined, where: string): void {
  if (error === undefined) return;
  const isKnown = error instanceof ConnectionError || error instanceof SessionError ||
    error instanceof SignInError;
  assert(isKnown, `${where} it throws ${error}`);
  if (!(error instanceof SessionError)) return;
  assert(error.cause instanceof DiskError, `${where} the error has the cause ${error.cause}`);
}

/** Signs in while an operation fails; returns the operations that were begun. */
async function signInWithout(
  answers: Parameters<Client["start"]>[0],
  kind: Operation,
  failing: number,
  store: StoreKind,
): Promise<Operations> {
  const where = `with the failure of ${kind} ${failing}, in a store with ${store},`;
  const signIn = new SignIn(kind, failing, store);
  const error = await signIn.run(signIn.client.start(answers));
  checkError(error, where);
  await signIn.disconnect(where);
  if (error === undefined) return signIn.operations;
  const other = new SignIn(kind, failing, store);
  await other.run(other.client.start(answers));
  const again = await other.run(other.client.start(answers));
  assertEquals(again, undefined, `${where} it cannot be repeated`);
  await other.disconnect(where);
  return signIn.operations;
}

/** Lets each operation of a kind fail; returns the names of those of the store. */
async function failEach(
  answers: Parameters<Client["start"]>[0],
  kind: Operation,
  store: StoreKind,
): Promise<string[]> {
  for (let n = 1;; n++) {
    const { hasFailed, ofStore } = await signInWithout(answers, kind, n, store);
    if (!hasFailed) return [...ofStore].sort();
  }
}

for (const [who, answers] of Object.entries(FLOWS)) {
  for (const kind of ["dial", "read", "write"] as const) {
    Deno.test(`The sign-in of ${who} survives the failure of every n-th ${kind}`, async () => {
      await failEach(answers, kind, "three methods");
    });
  }
  for (const [store, needed] of Object.entries(NEEDED) as [StoreKind, readonly string[]][]) {
    Deno.test(`The sign-in of ${who} survives each failure of a store with ${store}`, async () => {
      assertEquals(await failEach(answers, "store", store), needed);
    });
  }
}
