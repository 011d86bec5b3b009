/**
 * DcConnection with streams, dials and options of a program that does what it should not.
 */
import type { ByteStream } from "../../src/net/mod.ts";
import { raceDial } from "../../src/connection/race.ts";
import { silentLogger } from "../../src/runtime/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { Harness, unreachable } from "../helpers/connection_harness.ts";
import { FakeClock, settled } from "../helpers/fake_clock.ts";

/** Returns the reasons of the rejections that nobody handles while `work` runs. */
async function uncaughtIn(work: () => Promise<void>): Promise<unknown[]> {
  const caught: unknown[] = [];
  const onUncaught = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    caught.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", onUncaught);
  try {
    await work();
    await settled();
  } finally {
    globalThis.removeEventListener("unhandledrejection", onUncaught);
  }
  return caught;
}

/** A stream whose pending read does not end when it is closed. */
function deaf(stream: ByteStream): ByteStream {
  const never = new Promise<undefined>(() => {});
  return {
    read: async () => await stream.read() ?? await never,
    write: (bytes) => stream.write(bytes),
    close: () => stream.close(),
  };
}

Deno.test("a close() of a stream that throws keeps nothing open", async () => {
  const fault = new Error("close failed");
  const caught = await uncaughtIn(async () => {
    const harness: Harness = new Harness({
      dial: async () => {
        const stream = await harness.open();
        return {
          read: () => stream.read(),
          write: (bytes) => stream.write(bytes),
          close() {
            stream.close();
            throw fault;
          },
        };
      },
    });
    await harness.call();
    await harness.connection.close();
    assertEquals(harness.clock.sleepers, 0);
    await harness.telegram.close();
  });
  assert(caught.length > 0 && caught.every((error) => error === fault), caught.join());
});

Deno.test("a connection can be closed when it says that it is open", async () => {
  let closing: Promise<void> | undefined;
  const harness: Harness = new Harness({
    connection: {
      onStatus: ({ state }) => {
        if (state === "connected") closing ??= harness.connection.close();
      },
    },
    dial: async () => deaf(await harness.open()),
  });
  await harness.connection.connect().catch(() => {});
  await closing;
  assertEquals(harness.clock.sleepers, 0);
  await harness.telegram.close();
});

Deno.test("a connection can be closed in the turn in which it opens", async () => {
  let closing: Promise<void> | undefined;
  const debug = (text: string): void => {
    if (text === "Connected to DC 2") closing = harness.connection.close();
  };
  const logger = { ...silentLogger, debug };
  const harness: Harness = new Harness({ connection: { logger } });
  await harness.connection.connect().catch(() => {});
  await closing;
  assertEquals(harness.clock.sleepers, 0);
  await harness.telegram.close();
});

Deno.test("a dial that rejects with nothing ends the race with an error", async () => {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const addresses = [{ host: "one", port: 1 }, { host: "two", port: 2 }];
  const race = raceDial(() => Promise.reject(undefined), addresses, { clock, signal });
  await assertRejects(() => race, Error, "Cannot connect: undefined");
});

Deno.test("a write that rejects with nothing is a lost connection", async () => {
  let isBroken = false;
  const caught = await uncaughtIn(async () => {
    await using harness: Harness = new Harness({
      dial: async () => {
        const stream = await harness.open();
        return {
          read: () => stream.read(),
          write: (bytes) => isBroken ? Promise.reject(undefined) : stream.write(bytes),
          close: () => stream.close(),
        };
      },
    });
    await harness.call();
    isBroken = true;
    const call = harness.call();
    await settled();
    isBroken = false;
    await harness.clock.advance(2000);
    await call;
    assert(harness.dialled.length >= 2);
  });
  assertEquals(caught, []);
});

Deno.test("a retryDelay of 0 leaves the program its turns", async () => {
  await using harness: Harness = new Harness({
    connection: { retryDelay: 0, isKept: () => true },
    dial: (attempt) => attempt < 100 ? unreachable() : undefined,
  });
  const call = harness.call().catch(() => {});
  await settled();
  assertEquals(harness.dialled.length, 1);
  await harness.connection.close();
  await call;
});
