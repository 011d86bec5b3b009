/**
 * TCP over loopback, by Deno's sockets, those of `node:net` and those of Cloudflare.
 */
import { dialError } from "../../src/net/dial_error.ts";
import {
  type ByteStream,
  type CloudflareConnect,
  cloudflareDial,
  ConnectionError,
  type Dial,
  tcpDial,
} from "../../src/net/mod.ts";
import { denoTcpDial, NodeStream, nodeTcpDial } from "../../src/net/sockets/mod.ts";
import { builtinModule, type NodeNet, type NodeSocket } from "../../src/runtime/mod.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { assertSameBytes } from "../helpers/same_bytes.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

function nodeNet(): NodeNet {
  const net = builtinModule("node:net");
  assert(net);
  return net;
}

/** Cloudflare's `connect`, over Deno's sockets. tests/runtimes/ has the real one. */
const cloudflareConnect: CloudflareConnect = ({ hostname, port }) => {
  const incoming = new TransformStream<Uint8Array, Uint8Array>();
  const outgoing = new TransformStream<Uint8Array, Uint8Array>();
  const connecting = Deno.connect({ hostname, port });
  const closed = (async () => {
    using connection = await connecting;
    await Promise.all([
      connection.readable.pipeTo(incoming.writable),
      outgoing.readable.pipeTo(connection.writable),
    ]);
  })();
  return {
    opened: connecting,
    closed,
    readable: incoming.readable,
    writable: outgoing.writable,
    close: () => connecting.then((connection) => connection.close()),
  };
};

const DIALS: [name: string, dial: Dial][] = [
  ["tcpDial()", tcpDial],
  ["nodeTcpDial()", async (address, signal) => await nodeTcpDial(nodeNet(), address, signal)],
  ["cloudflareDial()", cloudflareDial(cloudflareConnect)],
];

/** Runs `run` with the address of a server that calls `serve` with each connection. */
async function withServer(
  serve: (connection: Deno.TcpConn) => Promise<void>,
  run: (address: { host: string; port: number }) => Promise<void>,
): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const connection of listener) {
      served.push(
        serve(connection).finally(() => {
          try {
            connection.close();
          } catch {
            // The server closed it.
          }
        }),
      );
    }
  })();
  await run({ host: "127.0.0.1", port: listener.addr.port });
  listener.close();
  await accepting;
  await Promise.all(served);
}

async function echo(connection: Deno.TcpConn): Promise<void> {
  await connection.readable.pipeTo(connection.writable).catch(() => {});
}

async function readAll(stream: ByteStream, length: number): Promise<Uint8Array> {
  const all = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const chunk = await stream.read();
    assert(chunk, `closed after ${filled} of ${length} bytes`);
    assertStrictEquals(chunk.constructor, Uint8Array);
    all.set(chunk, filled);
    filled += chunk.length;
  }
  return all;
}

for (const [name, dial] of DIALS) {
  Deno.test(`${name} carries bytes both ways`, async () => {
    await withServer(echo, async (address) => {
      const stream = await dial(address);
      await stream.write(bytes(1, 2, 3));
      assertEquals(await readAll(stream, 3), bytes(1, 2, 3));
      await stream.write(new Uint8Array(0));
      await stream.write(bytes(4));
      assertEquals(await readAll(stream, 1), bytes(4));
      stream.close();
    });
  });

  Deno.test(`${name} sends many writes at once in order`, async () => {
    await withServer(echo, async (address) => {
      const stream = await dial(address);
      const sent = new Uint8Array(runs(2, 4) << 20).map((_, index) => index * 7 + (index >>> 8));
      const writes: Promise<void>[] = [];
      for (let start = 0; start < sent.length; start += 1 << 20) {
        writes.push(stream.write(sent.subarray(start, start + (1 << 20))));
      }
      const received = await readAll(stream, sent.length);
      await Promise.all(writes);
      assertSameBytes(received, sent);
      stream.close();
    });
  });

  Deno.test(`${name}: read() returns undefined after the peer's last bytes`, async () => {
    await withServer(async (connection) => {
      await connection.write(bytes(1, 2));
    }, async (address) => {
      const stream = await dial(address);
      assertEquals(await readAll(stream, 2), bytes(1, 2));
      assertEquals(await stream.read(), undefined);
      assertEquals(await stream.read(), undefined);
      stream.close();
    });
  });

  Deno.test(`${name}: close() ends a read, refuses writes, and can be repeated`, async () => {
    await withServer(echo, async (address) => {
      const stream = await dial(address);
      const read = stream.read();
      stream.close();
      stream.close();
      assertEquals(await read, undefined);
      assertEquals(await stream.read(), undefined);
      await assertRejects(() => stream.write(bytes(1)), ConnectionError, "is closed");
    });
  });

  Deno.test(`${name}: close() rejects a write that the peer does not take`, async () => {
    const finished = Promise.withResolvers<void>();
    await withServer(() => finished.promise, async (address) => {
      const stream = await dial(address);
      const write = stream.write(new Uint8Array(64 << 20));
      stream.close();
      await assertRejects(() => write, ConnectionError, "is closed");
      finished.resolve();
    });
  });

  Deno.test(`${name} refuses a read during another one`, async () => {
    await withServer(echo, async (address) => {
      const stream = await dial(address);
      const read = stream.read();
      await assertRejects(() => stream.read(), TypeError, "another read is pending");
      stream.close();
      assertEquals(await read, undefined);
    });
  });

  Deno.test(`${name} rejects if no server listens`, async () => {
    const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = free.addr;
    free.close();
    const error = await assertRejects(() => dial({ host: "127.0.0.1", port }), ConnectionError);
    assertEquals(
      error.message,
      `Cannot connect to "127.0.0.1:${port}": connection refused. ` +
        "Check the host and the port.",
    );
    assert(error.cause instanceof Error);
  });

  Deno.test(`${name} rejects impossible ports`, async () => {
    await assertRejects(() => dial({ host: "127.0.0.1", port: 70000 }), ConnectionError, ":70000");
  });

  Deno.test(`${name} rejects with the signal's reason, before and during the dial`, async () => {
    await withServer(echo, async (address) => {
      const reason = new Error("enough");
      const before = await assertRejects(() => dial(address, AbortSignal.abort(reason)));
      assertStrictEquals(before, reason);
      const controller = new AbortController();
      const dialling = dial(address, controller.signal);
      controller.abort(reason);
      assertStrictEquals(await assertRejects(() => dialling), reason);
    });
  });

  Deno.test(`${name}: an abort closes the stream`, async () => {
    await withServer(echo, async (address) => {
      const controller = new AbortController();
      const stream = await dial(address, controller.signal);
      const read = stream.read();
      controller.abort();
      assertEquals(await read, undefined);
      await assertRejects(() => stream.write(bytes(1)), ConnectionError, "is closed");
      stream.close();
    });
  });

  Deno.test(`${name}: an abort after close() does nothing`, async () => {
    await withServer(echo, async (address) => {
      const controller = new AbortController();
      const stream = await dial(address, controller.signal);
      stream.close();
      controller.abort();
      assertEquals(await stream.read(), undefined);
    });
  });
}

Deno.test("denoTcpDial() sends the rest if the system takes a part", async () => {
  const taken: number[] = [];
  const connection = {
    read: () => Promise.resolve(null),
    write: (part: Uint8Array) => {
      const count = Math.min(3, part.length);
      taken.push(...part.subarray(0, count));
      return Promise.resolve(count);
    },
    close: () => {},
    setNoDelay: () => {},
  };
  const stream = await denoTcpDial({ connect: () => Promise.resolve(connection) }, {
    host: "h",
    port: 1,
  });
  await Promise.all([stream.write(bytes(1, 2, 3, 4, 5, 6, 7)), stream.write(bytes(8, 9))]);
  assertEquals(taken, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

Deno.test("denoTcpDial(): a connection that breaks rejects reads and writes", async () => {
  const reset = new Deno.errors.ConnectionReset("reset by peer");
  const connection = {
    read: () => Promise.reject(reset),
    write: () => Promise.reject(reset),
    close: () => {},
    setNoDelay: () => {},
  };
  const stream = await denoTcpDial({ connect: () => Promise.resolve(connection) }, {
    host: "h",
    port: 1,
  });
  const error = await assertRejects(() => stream.read(), ConnectionError, "broke (reset by peer)");
  assertStringIncludes(error.message, '"h:1"');
  assertStrictEquals(error.cause, reset);
  await assertRejects(() => stream.write(bytes(1)), ConnectionError, "broke (reset by peer)");
  stream.close();
  assertEquals(await stream.read(), undefined);
});

Deno.test("denoTcpDial(): a connection that is cut at once is a ConnectionError", async () => {
  let closed = 0;
  const connection = {
    read: () => Promise.resolve(null),
    write: () => Promise.resolve(0),
    setNoDelay: () => {
      throw new TypeError("Invalid argument (os error 22)"); // what macOS says of it
    },
    close: () => void closed++,
  };
  const address = { host: "192.0.2.1", port: 443 };
  await assertRejects(
    () => denoTcpDial({ connect: () => Promise.resolve(connection) }, address),
    ConnectionError,
    "Invalid argument",
  );
  assertEquals(closed, 1);
});

Deno.test("denoTcpDial() closes a connection that opens after the abort", async () => {
  const controller = new AbortController();
  let closed = 0;
  const connection = {
    read: () => Promise.resolve(null),
    write: () => Promise.resolve(0),
    close: () => closed++,
    setNoDelay: () => {},
  };
  const connecting = Promise.withResolvers<typeof connection>();
  const dialling = denoTcpDial(
    { connect: () => connecting.promise },
    { host: "h", port: 1 },
    controller.signal,
  );
  controller.abort(new Error("enough"));
  connecting.resolve(connection);
  await assertRejects(() => dialling, Error, "enough");
  assertEquals(closed, 1);
});

/** A socket of Node under the control of a test. */
class FakeSocket implements NodeSocket {
  readonly calls: string[] = [];
  readonly written: ((error?: Error | null) => void)[] = [];
  readonly #listeners = new Map<string, ((argument: never) => void)[]>();

  on(event: string, listener: (argument: never) => void): void {
    this.#listeners.set(event, [...this.#listeners.get(event) ?? [], listener]);
  }
  emit(event: string, argument?: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(argument as never);
  }
  write(_bytes: Uint8Array, done: (error?: Error | null) => void): boolean {
    this.written.push(done);
    return false;
  }
  setNoDelay(noDelay: boolean): void {
    this.calls.push(`setNoDelay ${noDelay}`);
  }
  pause(): void {
    this.calls.push("pause");
  }
  resume(): void {
    this.calls.push("resume");
  }
  destroy(): void {
    this.calls.push("destroy");
  }
}

Deno.test("NodeStream pauses the socket while bytes are unread, and resumes it", async () => {
  const socket = new FakeSocket();
  const stream = new NodeStream(socket, "h:1");
  for (let count = 0; count < 5; count++) socket.emit("data", new Uint8Array(64 * 1024));
  assertEquals(socket.calls, ["setNoDelay true", "pause"]);
  for (let count = 0; count < 5; count++) assertEquals((await stream.read())?.length, 64 * 1024);
  assertEquals(socket.calls, ["setNoDelay true", "pause", "resume"]);
});

Deno.test("NodeStream: a connection that breaks rejects reads and writes", async () => {
  const socket = new FakeSocket();
  const stream = new NodeStream(socket, "h:1");
  const write = stream.write(bytes(1));
  socket.emit("data", bytes(7));
  socket.emit("error", new Error("reset by peer"));
  socket.emit("close");
  await assertRejects(() => write, ConnectionError, "broke (reset by peer)");
  assertEquals(await stream.read(), bytes(7));
  await assertRejects(() => stream.read(), ConnectionError, "broke (reset by peer)");
  stream.close();
  assertEquals(await stream.read(), undefined);
});

Deno.test("NodeStream.write() resolves when the system has the bytes", async () => {
  const socket = new FakeSocket();
  const stream = new NodeStream(socket, "h:1");
  const [one, two, three] = [1, 2, 3].map((value) => stream.write(bytes(value)));
  socket.written[0]();
  await one;
  socket.written[1](new Error("EPIPE"));
  await assertRejects(() => two, ConnectionError, "EPIPE");
  // A runtime may not call back for unsent bytes.
  stream.close();
  await assertRejects(() => three, ConnectionError, "is closed");
  assertEquals(socket.calls, ["setNoDelay true", "destroy"]);
});

Deno.test("nodeTcpDial() destroys a connecting socket on abort", async () => {
  const socket = new FakeSocket();
  const net = { connect: () => socket, createServer: () => assert(false) as never };
  const controller = new AbortController();
  const dialling = nodeTcpDial(net, { host: "h", port: 1 }, controller.signal);
  controller.abort(new Error("enough"));
  await assertRejects(() => dialling, Error, "enough");
  assertEquals(socket.calls, ["destroy"]);
});

Deno.test("nodeTcpDial() leaves the choice of the IP version to the race of dials", async () => {
  const asked: unknown[] = [];
  const net: NodeNet = {
    connect({ host, autoSelectFamily }) {
      asked.push([host, autoSelectFamily]);
      throw new Error("this is a test");
    },
    createServer: () => assert(false) as never,
  };
  for (const host of ["149.154.167.51", "2001:67c:4e8:f002::a", "venus.web.telegram.org"]) {
    await assertRejects(() => nodeTcpDial(net, { host, port: 443 }), ConnectionError, "a test");
  }
  assertEquals(asked, [
    ["149.154.167.51", false],
    ["2001:67c:4e8:f002::a", false],
    ["venus.web.telegram.org", undefined],
  ]);
});

Deno.test("dialError() tells what failed and what to do, for the errors of all runtimes", () => {
  const coded = (code: string): Error => Object.assign(new Error("as the system says"), { code });
  const cases: [unknown, RegExp][] = [
    [coded("ECONNREFUSED"), /connection refused. Check the host and the port/],
    [new AggregateError([coded("ECONNREFUSED")]), /connection refused/],
    [new Deno.errors.ConnectionRefused("no"), /connection refused/],
    [coded("ETIMEDOUT"), /did not answer in time.*use a VPN/],
    [coded("ENETUNREACH"), /no route to the host/],
    [coded("ECONNRESET"), /closed at once/],
    [coded("ENOTFOUND"), /host was not found.*spelling/],
    [new Error("failed to lookup address information: Name or service not known"), /not found/],
    [new Deno.errors.NotCapable("Requires net access"), /--allow-net/],
    [coded("ESTRANGE"), /as the system says/],
    ["a string", /a string/],
  ];
  for (const [cause, text] of cases) {
    const error = dialError({ host: "2001:db8::1", port: 443 }, cause);
    assertMatch(error.message, /^Cannot connect to "\[2001:db8::1\]:443": .*\.$/);
    assertMatch(error.message, text);
    assertStrictEquals(error.cause, cause);
  }
});

Deno.test("a process exits after it has closed its connections", async () => {
  await withServer(echo, async ({ port }) => {
    const [net, sockets, runtime] = ["net", "net/sockets", "runtime"].map((floor) =>
      JSON.stringify(new URL(`../../src/${floor}/mod.ts`, import.meta.url).href)
    );
    const program = `
      import { tcpDial } from ${net};
      import { nodeTcpDial } from ${sockets};
      import { builtinModule, systemClock } from ${runtime};
      const address = { host: "127.0.0.1", port: ${port} };
      const { signal } = new AbortController();
      const net = builtinModule("node:net");
      const streams = [await tcpDial(address, signal), await nodeTcpDial(net, address, signal)];
      for (const stream of streams) {
        await stream.write(Uint8Array.of(1));
        await stream.read();
        stream.read();
        stream.close();
      }
      const controller = new AbortController();
      const sleeping = systemClock.sleep(3_600_000, controller.signal);
      controller.abort();
      await sleeping.catch(() => {});
    `;
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-check", program],
      stdout: "null",
      stderr: "inherit",
    }).output();
    assertEquals(code, 0);
  });
});
