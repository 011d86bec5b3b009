/** Tests a lease under the faults of stores, clocks and programs, with a fake store and clock. */

import { DatabaseSync } from "node:sqlite";
import { Client } from "../../src/client/mod.ts";
import {
  type KeyValueStore,
  MemorySession,
  SessionError,
  SqliteSession,
  StoreSession,
  type StoreSessionOptions,
  StringSession,
} from "../../src/session/mod.ts";
import type { Dial } from "../../src/net/mod.ts";
import { systemClock } from "../../src/runtime/mod.ts";
import { HolderTime } from "../../src/session/lease/lease_time.ts";
import { SqliteStore } from "../../src/session/stores/sqlite_store.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../helpers/assert.ts";
import { FakeClock, settled } from "../helpers/fake_clock.ts";
import { runs } from "../helpers/long.ts";
import { openFarSession } from "../helpers/session_kinds.ts";
import { numberOf, PEERS, stateOf } from "../helpers/states.ts";

const D = 30_000;
const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

/** A store of a database server, on a line that can be cut. */
class Server {
  readonly values = new Map<string, string>();
  /** Whether questions wait until the line heals, as those of ioredis do. */
  isCut = false;
  #waiting: (() => void)[] = [];

  /** The store of one program. */
  store(): KeyValueStore {
    const { values } = this;
    const set = (key: string, value: string | undefined): void => {
      if (value === undefined) values.delete(key);
      else values.set(key, value);
    };
    return {
      get: (key) => this.#answer(() => values.get(key)),
      set: (key, value) => this.#answer(() => set(key, value)),
      delete: (key) => this.#answer(() => set(key, undefined)),
      swap: (key, current, next) =>
        this.#answer(() => values.get(key) === current && (set(key, next), true)),
      setIf: (key, value, guard) =>
        this.#answer(() =>
          values.get(guard.key)?.startsWith(guard.prefix) === true && (set(key, value), true)
        ),
    };
  }

  heal(): void {
    this.isCut = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  async #answer<T>(work: () => T): Promise<T> {
    if (this.isCut) await new Promise<void>((go) => this.#waiting.push(go));
    return work();
  }
}

/** A program with a session in a server's store, and a clock of its own. */
function program(
  server: Server,
  options: StoreSessionOptions = {},
): { session: StoreSession; clock: FakeClock; lost: Error[] } {
  const clock = new FakeClock();
  const session = new StoreSession("me", server.store(), {
    leaseDuration: D,
    holder: "a program elsewhere",
    clock,
    ...options,
  });
  const lost: Error[] = [];
  session.onLost = (error) => lost.push(error);
  return { session, clock, lost };
}

async function opened(server: Server): Promise<ReturnType<typeof program>> {
  const one = program(server);
  await one.session.load();
  one.session.state = stateOf(1);
  await one.session.save();
  return one;
}

Deno.test("A holder that cannot reach the store stops before another may take over", async () => {
  const server = new Server();
  const { session, clock, lost } = await opened(server);
  server.isCut = true;
  const saving = assertRejects(() => session.save(), SessionError, "could not be renewed for 12 s");
  await clock.advance(0.4 * D - 100);
  assertEquals([session.mayUseKey(), lost.length], [true, 0]);
  await clock.advance(200);
  assertEquals([session.mayUseKey(), lost.length], [false, 1]);
  await saving;
  await session.close(); // it does not wait for the store
  server.heal();
  await settled();
  assertEquals(server.values.has("me:lease"), true);
  await session.load(); // its own lease is still there, and free at once
  assertEquals(session.mayUseKey(), true);
  await session.close();
  assertEquals([...server.values.keys()], ["me:session"]);
});

Deno.test("A taker watches an unchanged lease for longer than its holder may use it", async () => {
  const server = new Server();
  const holder = await opened(server);
  const taker = program(server, { wait: true });
  const loaded = taker.session.load();
  await holder.clock.advance(1000); // and then it stands still
  for (let passed = 0; passed < 0.6 * D - 1000; passed += 1000) {
    await taker.clock.advance(1000);
    assertEquals(taker.session.mayUseKey(), false);
  }
  await taker.clock.advance(3000);
  await loaded;
  assertEquals(taker.session.mayUseKey(), true);
  await taker.session.close();
  holder.clock.suspend(D);
  assertEquals(holder.session.mayUseKey(), false);
  await holder.session.close();
});

Deno.test("A taker that was paused itself does not count that time", async () => {
  const server = new Server();
  const holder = await opened(server);
  const taker = program(server, { wait: true });
  const loaded = taker.session.load();
  await taker.clock.advance(1500);
  taker.clock.suspend(10 * D); // the whole computer slept, with both programs
  holder.clock.suspend(10 * D);
  await taker.clock.advance(5000);
  assertEquals(taker.session.mayUseKey(), false);
  await holder.clock.advance(10_000);
  assertEquals([holder.session.mayUseKey(), holder.lost.length], [true, 0]);
  await holder.session.close();
  await taker.clock.advance(5000);
  await loaded;
  await taker.session.close();
});

for (
  const [claim, pause] of [
    ["whose clocks went on", (clock: FakeClock) => clock.suspend(20_000)],
    ["that slept for hours", (clock: FakeClock) => clock.suspend(20_000_000)],
  ] as const
) {
  Deno.test(`A paused holder ${claim} asks the store before it uses the key again`, async () => {
    const server = new Server();
    const { session, clock, lost } = await opened(server);
    pause(clock);
    assertEquals(session.mayUseKey(), false);
    await settled();
    assertEquals([session.mayUseKey(), lost.length], [true, 0]);

    pause(clock);
    const other = program(server, { wait: true });
    const loaded = other.session.load();
    for (let look = 0; look < 30; look++) await other.clock.advance(1000);
    await loaded;
    assertEquals(session.mayUseKey(), false);
    await settled();
    assertEquals([session.mayUseKey(), lost.length], [false, 1]);
    assertEquals(lost[0].message.includes("a program elsewhere has taken it over"), true);
    await session.close();
    assertEquals(other.session.mayUseKey(), true);
    await other.session.close();
  });
}

Deno.test("A save that was queued while the line was cut does not undo a later one", async () => {
  const server = new Server();
  const { session, clock } = await opened(server);
  server.isCut = true;
  session.state = stateOf(2);
  const saving = assertRejects(() => session.save(), SessionError);
  const putting = assertRejects(async () => await session.peers.put(PEERS), SessionError);
  await clock.advance(0.5 * D);
  await saving;
  await putting;

  const healed = new Server(); // the same data over another line
  healed.values.set("me:lease", server.values.get("me:lease") ?? "");
  Object.defineProperty(healed, "values", { value: server.values });
  const other = program(healed, { wait: true });
  const loaded = other.session.load();
  for (let look = 0; look < 30; look++) await other.clock.advance(1000);
  await loaded;
  other.session.state = stateOf(3);
  await other.session.save();
  const before = [...server.values];
  server.heal();
  await settled();
  assertEquals([...server.values], before);
  await session.close();
  await other.session.close();
});

Deno.test("A lease in a store that was emptied is taken again, with the session", async () => {
  const server = new Server();
  const { session, clock, lost } = await opened(server);
  await session.updates?.save("kept");
  server.values.clear();
  await clock.advance(0.3 * D);
  assertEquals([session.mayUseKey(), lost.length], [true, 0]);
  const keys = ["me:lease", "me:session", "me:updates"];
  assertEquals([...server.values.keys()].sort(), keys);
  session.state = { ...stateOf(1), testMode: true };
  server.values.clear();
  await session.save(); // at once
  assertEquals([...server.values.keys()].sort(), keys);
  await session.close();
  const again = program(server);
  await again.session.load();
  assertEquals(again.session.state.testMode, true);
  assertEquals(await again.session.updates?.load(), "kept");
  await again.session.close();
});

Deno.test("A lease is lost if another program used the emptied store meanwhile", async () => {
  const server = new Server();
  const { session, clock, lost } = await opened(server);
  server.values.clear();
  const other = program(server);
  await other.session.load();
  other.session.state = stateOf(7);
  await other.session.save();
  await other.session.close();
  await clock.advance(0.3 * D);
  assertEquals([session.mayUseKey(), lost.length], [false, 1]);
  await session.close();
  await other.session.load();
  assertEquals(numberOf(other.session.state), 7);
  await other.session.close();
});

Deno.test("A clock that is set does not end a lease", async () => {
  const server = new Server();
  const { session, clock, lost } = await opened(server);
  for (const jump of [3_600_000, -7_200_000, 3_600_000]) {
    clock.suspend(jump);
    session.mayUseKey();
    await clock.advance(D);
    assertEquals([session.mayUseKey(), lost.length], [true, 0]);
  }
  await session.close();
});

Deno.test("A pause between two readings of a clock counts for the holder", () => {
  for (let nth = 0; nth < 20; nth++) {
    let readings = 0;
    let paused = 0;
    const read = (): number => (readings++ === nth && (paused += D), paused);
    const time = new HolderTime({ ...systemClock, now: read, monotonic: read });
    const before = paused;
    for (let marks = 0; marks < 5; marks++) time.mark();
    assert(time.now() >= paused - before, `paused at reading ${nth}`);
  }
});

Deno.test("A holder that has lost its session cannot put peers", async () => {
  const path = `${FOLDER}/peers.session`;
  const one = new StoreSession("own", () => {
    const store = SqliteStore.open(path);
    Object.defineProperty(store, "claims", { value: undefined }); // as on another machine
    return store;
  }, { holder: "a machine far away" });
  await one.load();
  await one.peers.put(PEERS.slice(0, 1));
  const file = new DatabaseSync(path);
  file.exec("DELETE FROM entry"); // as if another program had seen it stopped
  const other = new SqliteSession(path);
  await other.load();
  const lost = Promise.withResolvers<Error>();
  one.onLost = lost.resolve;
  await assertRejects(async () => await one.peers.put(PEERS), SessionError, "taken it over");
  assertEquals((await lost.promise).message.includes(`process ${Deno.pid}`), true);
  await assertRejects(async () => await one.peers.clear(), SessionError, "taken it over");
  assertEquals(file.prepare("SELECT count(*) AS n FROM peer").get()?.n, 1);
  file.close();
  await one.close();
  await other.peers.put(PEERS);
  await other.close();
});

Deno.test("A worker of this process cannot take the lease of the main thread", async () => {
  for (const kind of ["SqliteSession", "folder"]) {
    for (const open of ["openSession", "openFarSession"].slice(0, runs(1, 2))) {
      const path = `${FOLDER}/${kind}_${open}.session`;
      const session = openFarSession(kind, path);
      await session.load();
      const helper = new URL("../helpers/session_kinds.ts", import.meta.url).href;
      const code = `import { ${open} } from "${helper}";
        ${open}("${kind}", "${path}").load().then(() => "loaded", ({ message }) => message)
          .then((said) => postMessage(said));`;
      const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
      const worker = new Worker(url, { type: "module" });
      const said = await new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data));
      worker.terminate();
      URL.revokeObjectURL(url);
      assertEquals(String(said).includes(`process ${Deno.pid}`), true, String(said));
      await session.close();
    }
  }
});

Deno.test("A session does not wait for ever for a store that does not answer", async () => {
  const server = new Server();
  server.isCut = true;
  const { session, clock } = program(server);
  const loading = assertRejects(() => session.load(), SessionError, "does not answer for 30 s");
  await clock.advance(D);
  await loading;
  await session.close();

  const slow = program(server, { exclusive: false });
  server.heal();
  await slow.session.load();
  server.isCut = true;
  slow.session.save().catch(() => {});
  const closed = slow.session.close();
  await slow.clock.advance(D);
  await closed;
  server.heal();
});

Deno.test("leaseDuration is a number of milliseconds that a lease can have", () => {
  for (const leaseDuration of [Infinity, NaN, -5, 0, 9, 1e12]) {
    const make = (): StoreSession => new StoreSession("me", new Map(), { leaseDuration });
    assertThrows(make, TypeError, "expected a number from 10 to 86400000");
    assertThrows(() => new SqliteSession("me", { leaseDuration }), TypeError, "Cannot lease");
  }
});

Deno.test("Client sends nothing while its session says that the key may not be used", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  const server = new Server();
  const session = new StoreSession("me", server.store());
  let isHeld = true;
  session.mayUseKey = () => isHeld;
  const options = { ...clientOptions, giveUpAfter: 0.5, retryDelay: 1 };
  await using client = await Client.open(session, apiId, apiHash, options);
  await client.start({ botAuthToken: "777:TESTTOKEN" });
  isHeld = false;
  const error = await assertRejects(() => client.getMe());
  assertEquals(`${error}`.includes("does not hold its session now"), true, `${error}`);
  assertEquals(client.connected, false);
  isHeld = true;
  client.networkChanged(); // the pauses between attempts have grown
  assertEquals((await client.getMe())?.isBot, true);
});

/** Dials the offline Telegram, and tells of each write. */
function noting(telegram: OfflineTelegram, onWrite: () => void): Dial {
  return async (address, signal) => {
    const stream = await telegram.dial(address, signal);
    const write = stream.write.bind(stream);
    return Object.assign(stream, { write: (bytes: Uint8Array) => (onWrite(), write(bytes)) });
  };
}

Deno.test("Client does not send a packet that was made before its session was lost", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  const session = new MemorySession();
  let isHeld = true;
  Object.assign(session, { mayUseKey: () => isHeld });
  let written = 0;
  let pauses = false;
  await using client = new Client(session, apiId, apiHash, {
    ...clientOptions,
    giveUpAfter: 0.5,
    retryDelay: 1,
    dial: noting(telegram, () => written++),
    random(length) {
      if (pauses) isHeld = false; // as after a pause in the middle of the encryption
      return crypto.getRandomValues(new Uint8Array(length));
    },
  });
  await client.start({ botAuthToken: "777:TESTTOKEN" });
  const before = written;
  pauses = true;
  await assertRejects(() => client.getMe(), Error, "does not hold its session now");
  assertEquals(written, before);
  pauses = false;
  isHeld = true;
  client.networkChanged();
  assertEquals((await client.getMe())?.isBot, true);
});

Deno.test("Client writes nothing more if its session is lost while it connects", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  await using first = new Client(new StringSession(), apiId, apiHash, clientOptions);
  await first.start({ botAuthToken: "777:TESTTOKEN" });
  const text = first.session.save();
  await first.disconnect();
  let most = Infinity;
  for (let nth = 1; nth < most; nth++) {
    let writes = 0;
    const session = new StringSession(text);
    Object.assign(session, { mayUseKey: () => writes < nth });
    await using client = new Client(session, apiId, apiHash, {
      ...clientOptions,
      forwardSecrecy: true, // with an exchange of keys, and a call that binds the new one
      giveUpAfter: 0.1,
      retryDelay: 1,
      dial: noting(telegram, () => writes++),
    });
    const ended = await client.getMe().then(() => true, () => false);
    assertEquals(writes, nth);
    if (ended) most = nth;
  }
  assert(most > 4, `${most} writes`);
});
