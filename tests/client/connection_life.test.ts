/**
 * The life of a client's connection over hours: lost, stalled and bad networks, in which time is
 * moved by hand.
 */
import {
  Client,
  type ClientOptions,
  ConnectionError,
  type ConnectionStatus,
  type Dial,
  MemorySession,
} from "../../mod.ts";
import { pipe } from "../../src/net/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "../helpers/assert.ts";
import { FakeClock, settled } from "../helpers/fake_clock.ts";
import "../helpers/remembered_powers.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

const HOUR = 3_600_000;
const TOKEN = "777:TESTTOKEN";

/** A client, and a network that a test can take away. */
interface World extends AsyncDisposable {
  readonly client: Client<MemorySession>;
  readonly telegram: OfflineTelegram;
  readonly clock: FakeClock;
  isDown: boolean;
  dials: number;
  /** Lets time pass until the promise settles; returns the milliseconds. */
  wait<T>(promise: Promise<T>): Promise<number>;
}

function world(options: ClientOptions = {}): World {
  const clock = new FakeClock();
  const telegram = new OfflineTelegram({ clock, random: seededRandom(5) });
  const dial: Dial = async (address, signal) => {
    all.dials++;
    if (all.isDown) throw new ConnectionError("Cannot connect: there is no network");
    return await (options.dial ?? telegram.dial)(address, signal);
  };
  const client = new Client(new MemorySession(), telegram.apiId, telegram.apiHash, {
    ...telegram.clientOptions,
    clock,
    random: seededRandom(6),
    ...options,
    dial,
  });
  const all: World = {
    client,
    telegram,
    clock,
    isDown: false,
    dials: 0,
    async wait(promise) {
      const start = clock.monotonic();
      let isOver = false;
      const end = (): void => void (isOver = true);
      promise.then(end, end);
      for (await settled(); !isOver;) await clock.advance(100);
      return clock.monotonic() - start;
    },
    async [Symbol.asyncDispose]() {
      await client.disconnect();
      await telegram.close();
      assertEquals(clock.sleepers, 0, "nothing sleeps any more");
    },
  };
  return all;
}

/** Begins with a connected bot, takes the network away for an hour, and returns what is then. */
async function afterAnHour(options: ClientOptions): Promise<ConnectionStatus> {
  await using all = world(options);
  await all.client.botSignIn(TOKEN);
  await all.clock.advance(10_000);
  all.isDown = true;
  all.telegram.dc().disconnectAll();
  await all.clock.advance(HOUR);
  all.isDown = false;
  await all.clock.advance(60_000);
  return all.client.status;
}

Deno.test("a client that listens is back within a minute after an hour offline", async () => {
  for (const options of [{ onUpdates: () => {} }, { keepConnected: true }]) {
    assertEquals((await afterAnHour(options)).state, "connected");
  }
});

Deno.test("a client that does not listen is left closed, with the reason", async () => {
  for (const options of [{}, { onUpdates: () => {}, keepConnected: false }]) {
    const status = await afterAnHour(options);
    assert(status.state === "closed");
    assert(status.reason?.message.includes("there is no network"), status.reason?.message);
  }
});

Deno.test("a call fails after giveUpAfter, and says what was tried", async () => {
  await using all = world({ giveUpAfter: 20 });
  await all.client.botSignIn(TOKEN);
  await all.clock.advance(10_000);
  all.isDown = true;
  all.telegram.dc().disconnectAll();
  const failing = all.client.getMe();
  const time = await all.wait(failing);
  const error = await assertRejects(() => failing, ConnectionError);
  assert(
    /^Cannot reach DC 2 for 20 s: [4567] connections failed, the last one: Cannot connect: there/
      .test(error.message),
    error.message,
  );
  assert(time >= 20_000 && time <= 21_100, `${time} ms`);
});

Deno.test("a line that always stalls after 800 bytes is given up in time", async () => {
  await using all = world({
    dial: () => {
      const [client, server] = pipe();
      let left = 800;
      void all.telegram.dc().serve({
        read: () => server.read(),
        write(bytes) {
          const some = bytes.subarray(0, Math.max(left, 0));
          left -= bytes.length;
          return some.length > 0 ? server.write(some) : Promise.resolve();
        },
        close: () => server.close(),
      });
      return Promise.resolve(client);
    },
  });
  const states: string[] = [];
  all.client.on("status", ({ state }) => states.push(state));
  const failing = all.client.getMe();
  const time = await all.wait(failing);
  assertInstanceOf(await failing.catch((error) => error), ConnectionError);
  assert(time >= 60_000 && time <= 62_000, `${time} ms`);
  assert(all.dials >= 4 && all.dials <= 6, `${all.dials} connections`);
  assert(states.includes("waiting"));
});

Deno.test("status follows the connection, and on() tells of it until its end", async () => {
  await using all = world();
  const { client } = all;
  assertEquals(client.status, { state: "closed" });
  const states: string[] = [];
  const off = client.on("status", ({ state }) => states.push(state));
  await client.connect();
  assertEquals([states, client.status.state], [["connecting", "connected"], "connected"]);
  off();
  await client.disconnect();
  assertEquals([states.length, client.status.state], [2, "closed"]);
  const on = client.on.bind(client) as (event: string, listener: () => void) => void;
  assertThrows(() => on("error", () => {}), TypeError, "there is no such event");
});

Deno.test("connect() fails in time when nothing is reached", async () => {
  await using all = world();
  all.isDown = true;
  const failing = all.client.connect();
  const time = await all.wait(failing);
  const { message } = await assertRejects(() => failing, ConnectionError);
  assert(message.startsWith("Cannot reach DC 2 for 60 s"), message);
  assert(time >= 60_000 && time <= 61_100, `${time} ms`);
});

Deno.test("networkChanged(), and the online event of browsers, end the wait", async () => {
  for (
    const tell of [
      (client: Client) => client.networkChanged(),
      () => void globalThis.dispatchEvent(new Event("online")),
    ]
  ) {
    await using all = world({ keepConnected: true });
    await all.client.connect();
    await all.clock.advance(10_000);
    all.isDown = true;
    all.telegram.dc().disconnectAll();
    await all.clock.advance(HOUR);
    all.isDown = false;
    assertEquals(all.client.status.state, "waiting");
    tell(all.client);
    await settled();
    assertEquals(all.client.status.state, "connected");
  }
});

Deno.test("a disconnected client does not listen to the network any more", async () => {
  const all = world();
  const listeners = new Set<unknown>();
  const { addEventListener, removeEventListener } = globalThis;
  globalThis.addEventListener = (_type: string, listener: unknown) => void listeners.add(listener);
  globalThis.removeEventListener = (_type: string, listener: unknown) =>
    void listeners.delete(listener);
  try {
    await all.client.connect();
    assertEquals(listeners.size, 1);
    await all[Symbol.asyncDispose]();
    assertEquals(listeners.size, 0);
  } finally {
    Object.assign(globalThis, { addEventListener, removeEventListener });
  }
});

Deno.test("an error of a listener is uncaught if there is no log", async () => {
  const caught: unknown[] = [];
  const onUncaught = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    caught.push((event.reason as Error).message);
  };
  globalThis.addEventListener("unhandledrejection", onUncaught);
  try {
    await using all = world({
      onUpdates: () => {
        throw new Error("not my day");
      },
    });
    const off = all.client.on("status", () => Promise.reject(new Error("nor mine")));
    await all.client.botSignIn(TOKEN);
    const [{ authKeyId }] = [...all.telegram.api.authorizations(TOKEN)];
    all.telegram.dc().push(authKeyId, { _: "updatesTooLong" });
    await settled();
    await settled();
    off();
    assert(caught.includes("not my day") && caught.includes("nor mine"), caught.join());
  } finally {
    globalThis.removeEventListener("unhandledrejection", onUncaught);
  }
});

Deno.test("a listener that puts itself back is called once for each change", async () => {
  await using all = world();
  const states: string[] = [];
  let off = (): void => {};
  const listener = ({ state }: ConnectionStatus): void => {
    off();
    if (states.push(state) < 50) off = all.client.on("status", listener);
  };
  off = all.client.on("status", listener);
  await all.client.connect();
  assertEquals(states, ["connecting", "connected"]);
});

Deno.test("a listener that listens twice is called twice, until one ends", async () => {
  await using all = world();
  const states: string[] = [];
  const listener = ({ state }: ConnectionStatus): void => void states.push(state);
  const off = all.client.on("status", listener);
  all.client.on("status", listener);
  await all.client.connect();
  assertEquals(states, ["connecting", "connecting", "connected", "connected"]);
  off();
  await all.client.disconnect();
  assertEquals(states.slice(4), ["closed"]);
});

Deno.test("a listener that is no function is a TypeError", async () => {
  await using all = world();
  const on = all.client.on.bind(all.client) as (event: string, listener: unknown) => void;
  for (const listener of [undefined, null, {}, "log"]) {
    assertThrows(() => on("status", listener), TypeError, "Pass a function");
  }
});

Deno.test("thousands of calls with one signal leave nothing on it", async () => {
  await using all = world();
  await all.client.botSignIn(TOKEN);
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  };
  const { any } = AbortSignal;
  Reflect.set(AbortSignal, "any", undefined);
  try {
    const call = () => all.client.invoke({ _: "help.getNearestDc" }, { signal }).catch(() => {});
    for (let turn = 0; turn < 20; turn++) await Promise.all(Array.from({ length: 100 }, call));
  } finally {
    Reflect.set(AbortSignal, "any", any);
  }
  assertEquals(listeners, 0);
});

Deno.test("data that a stream gives after it was closed is ignored", async () => {
  const late: (() => Promise<void>)[] = [];
  await using all = world({
    timeout: 5,
    dial: () => {
      const [client, server] = pipe();
      const isFirst = all.dials === 1;
      void all.telegram.dc().serve(server);
      const { promise: isLate, resolve } = Promise.withResolvers<void>();
      if (isFirst) {
        late.push(async () => {
          resolve();
          await settled();
        });
      }
      return Promise.resolve({
        async read() {
          if (isFirst) await isLate;
          return await client.read();
        },
        write: (bytes) => client.write(bytes),
        close() {
          if (!isFirst) client.close(); // the first one goes on
        },
      });
    },
  });
  const answer = all.client.botSignIn(TOKEN);
  await all.clock.advance(5100);
  for (const deliver of late) await deliver();
  await all.wait(answer);
  assertEquals((await answer).id, 777n);
  assertEquals(all.dials, 2);
});
