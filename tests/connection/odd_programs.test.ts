/**
 * DcConnection with streams, dials and options of a program that does what it should not.
 */
import type { ByteStream } from "../../src/net/mod.ts";
import { raceDial } from "../../src/connection/race.ts";
import { type Random, silentLogger } from "../../src/runtime/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { Harness, says, unreachable } from "../helpers/connection_harness.ts";
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

Deno.test("a dial that rejects with any error of a network is tried again", async () => {
  await using harness: Harness = new Harness({
    dial: (attempt) => attempt < 3 ? Promise.reject(new Error("connect ECONNREFUSED")) : undefined,
  });
  const answer = harness.call();
  await harness.clock.advance(10_000);
  await answer;
});

Deno.test("-404 without end respects connectionRetries", async () => {
  await using first = new Harness();
  await first.call();
  const keyState = first.key.state;
  const unknown = Uint8Array.of(1, 0x6c, 0xfe, 0xff, 0xff);
  await using harness: Harness = new Harness({
    dial: () => says(unknown),
    keyState,
    connection: { connectionRetries: 2, isKept: () => true },
  });
  const failing = harness.call().catch((error) => error);
  await harness.clock.advance(600_000);
  const { message } = await failing as Error;
  assert(message.includes("-404"), message);
  assert(harness.dialled.length < 12, `${harness.dialled.length} dials`);
  assertEquals(harness.connection.status.state, "closed");
});

Deno.test("a network that changes a hundred times a second is dialled once", async () => {
  await using harness: Harness = new Harness({
    dial: unreachable,
    connection: { isKept: () => true },
  });
  const failing = harness.call().catch(() => {});
  await harness.clock.advance(30_000);
  const { length } = harness.dialled;
  for (let change = 0; change < 100; change++) {
    harness.connection.networkChanged();
    await harness.clock.advance(5);
  }
  assert(harness.dialled.length <= length + 1, `${harness.dialled.length - length} dials`);
  await harness.connection.close();
  await failing;
});

/** Values that cannot be put into a text. */
const WITHOUT_TEXT: readonly unknown[] = [Symbol("reason"), Object.create(null)];

Deno.test("whatever a dial or a stream throws is a lost connection", async () => {
  for (const reason of WITHOUT_TEXT) {
    const lost = {
      read: () => Promise.reject(reason),
      write: () => Promise.reject(reason),
      close() {},
    };
    const caught = await uncaughtIn(async () => {
      await using harness: Harness = new Harness({
        dial: (attempt) =>
          attempt === 0
            ? Promise.reject(reason)
            : attempt === 1
            ? Promise.resolve(lost)
            : undefined,
      });
      const call = harness.call();
      await harness.clock.advance(20_000);
      await call;
    });
    assertEquals(caught, []);
  }
});

Deno.test("a dial that returns no stream fails the calls with a text that says so", async () => {
  const [none, text, nothing] = [undefined, "abc", null] as unknown as Uint8Array[];
  const reads = (chunk: Uint8Array): ByteStream => ({
    read: () => Promise.resolve(chunk),
    write: () => Promise.resolve(),
    close() {},
  });
  const cases: readonly (readonly [unknown, string])[] = [
    [none, "dial() has returned a value of type undefined"],
    [{}, "Return an object with read(), write() and close()."],
    [reads(text), "of type string, expected a Uint8Array"],
    [reads(nothing), "it is null, expected a Uint8Array"],
  ];
  for (const [stream, text] of cases) {
    await using harness: Harness = new Harness({
      connection: { dial: () => Promise.resolve(stream as ByteStream) },
    });
    await assertRejects(() => harness.call(), TypeError, text);
  }
});

Deno.test("a fault of the program's own source of random bytes fails the calls", async () => {
  const none = (() => undefined) as unknown as Random;
  const caught = await uncaughtIn(async () => {
    await using harness: Harness = new Harness({
      dial: () => unreachable(),
      connection: { random: none },
    });
    await assertRejects(() => harness.call(), TypeError);
    assertEquals(harness.connection.status.state, "closed");
  });
  assertEquals(caught, []);
});
