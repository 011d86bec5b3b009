/**
 * One connection through an MTProxy of our own, in memory, with time by hand. The client as a whole
 * is in tests/client/mtproxy.test.ts, clients and proxies of others are in tests/interop/.
 */
import type { DcConnectionOptions } from "../../src/connection/mod.ts";
import { wayThrough } from "../../src/connection/mtproxy/way.ts";
import { bytesToHex, concatBytes, hexToBytes } from "../../src/crypto/mod.ts";
import { AuthKey, SecurityError } from "../../src/mtproto/mod.ts";
import {
  byteByByte,
  type ByteStream,
  type Chunking,
  ConnectionError,
  type Dial,
  pipe,
  randomChunks,
} from "../../src/net/mod.ts";
import { MtproxyServer, type MtproxyServerOptions } from "../../src/testing/mod.ts";
import { FramingError } from "../../src/transport/mod.ts";
import { ProxySecret } from "../../src/transport/mtproxy/mod.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "../helpers/assert.ts";
import { Harness, silence } from "../helpers/connection_harness.ts";
import { settled } from "../helpers/fake_clock.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

const KEY = hexToBytes("5e".repeat(16));
const SECRETS = [
  new ProxySecret(KEY),
  new ProxySecret(KEY, "padded"),
  new ProxySecret(KEY, "tls", "example.org"),
];
const [PLAIN, PADDED, TLS] = SECRETS;
const OTHER_KEY = hexToBytes("77".repeat(16));

interface WorldOptions {
  /** What the client believes. */
  readonly secret: ProxySecret;
  readonly proxy?: MtproxyServerOptions;
  /** Opens the connection to the proxy; by default it does so in memory. */
  readonly dial?: Dial;
  readonly chunk?: Chunking;
  readonly isForFiles?: boolean;
  readonly connection?: Partial<DcConnectionOptions>;
  readonly timeOffset?: number;
  readonly harness?: ConstructorParameters<typeof Harness>[0];
}

/** A connection, the proxy, and what they said. */
class World implements AsyncDisposable {
  readonly harness: Harness;
  readonly proxy: MtproxyServer;
  readonly named: number[] = [];
  readonly failures: unknown[] = [];
  readonly dialled: string[] = [];
  readonly #streams: ByteStream[] = [];

  constructor(options: WorldOptions) {
    const { secret, chunk, isForFiles = false, timeOffset = 0 } = options;
    const clock = {
      now: () => this.harness.clock.now(),
      monotonic: () => this.harness.clock.monotonic(),
      sleep: (ms: number, signal?: AbortSignal) => this.harness.clock.sleep(ms, signal),
    };
    this.proxy = new MtproxyServer({
      dial: (address, signal) => this.harness.telegram.dial(address, signal),
      dcs: [],
    }, {
      secret: secret.text,
      clock,
      random: seededRandom(31),
      onFailure: (error) => this.failures.push(error),
      onConnection: (dcId) => this.named.push(dcId),
      ...options.proxy,
    });
    const dial: Dial = async (address, signal) => {
      this.dialled.push(`${address.host}:${address.port}`);
      if (options.dial !== undefined) return await options.dial(address, signal);
      const server = await this.proxy.dial(address, signal);
      if (chunk === undefined) return server;
      const [client, middle] = pipe({ chunk });
      void copy(middle, server);
      void copy(server, middle);
      return client;
    };
    const proxied = wayThrough(
      { kind: "mtproxy", host: "proxy.example", port: 4430, secret: secret.text },
      dial,
      {
        clock,
        random: seededRandom(32),
        info: {
          apiId: 1,
          deviceModel: "test",
          systemVersion: "1",
          appVersion: "1",
          systemLangCode: "en",
          langCode: "en",
        },
      },
    );
    const detour = proxied({ dcId: 2, isForFiles, time: () => ({ timeOffset }) });
    this.harness = new Harness({
      ...options.harness,
      connection: { ...detour, connectionRetries: 0, ...options.connection },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.harness[Symbol.asyncDispose]();
    await this.proxy.close();
  }
}

async function copy(from: ByteStream, to: ByteStream): Promise<void> {
  try {
    for (let chunk; (chunk = await from.read()) !== undefined;) await to.write(chunk);
  } catch {
    // one of them has left
  }
  to.close();
}

for (const secret of SECRETS) {
  for (
    const [name, chunk] of [
      ["", undefined],
      [", fed byte by byte", byteByByte],
      [", fed in random chunks", randomChunks(5, 900)],
    ] as const
  ) {
    Deno.test(`a call goes through an MTProxy with a ${secret.kind} secret${name}`, async () => {
      await using world: World = new World({ secret, chunk });
      const answer = await world.harness.call() as { _: string };
      assertEquals(answer._, "nearestDc");
      assertEquals(world.named, [2]);
      assertEquals(world.dialled, ["proxy.example:4430"]);
      const transport = secret.kind === "plain" ? "intermediate" : "padded";
      assertEquals(
        new Set(world.harness.packets.map((one) => one.transport)),
        new Set([transport]),
      );
    });
  }

  Deno.test(`the MTProxy is told of test servers and of files (${secret.kind})`, async () => {
    for (
      const [isForFiles, testMode, named] of [
        [false, true, 10_002],
        [true, false, -2],
        [true, true, -10_002],
      ] as const
    ) {
      await using world: World = new World({
        secret,
        isForFiles,
        proxy: { testServers: testMode },
        connection: { dc: { id: 2, testMode } },
      });
      await world.harness.call();
      assertEquals(world.named, [named]);
    }
  });

  Deno.test(`a silent proxy is an error in time, with its reasons (${secret.kind})`, async () => {
    await using world: World = new World({ secret, dial: silence });
    const call = assertRejects(() => world.harness.call(), ConnectionError);
    await settled();
    await world.harness.clock.advance(10_000);
    const { message } = await call;
    const clock = secret.kind === "tls" ? ", or the clock of this computer" : "";
    assertEquals(
      message,
      'Cannot reach Telegram through the MTProxy "proxy.example:4430": no answer in 10 s. Its ' +
        `secret may be wrong${clock}, it may not reach Telegram itself, or the network blocks ` +
        "it. Check them, or use another proxy.",
    );
    assert(!message.includes("5e5e"));
  });

  Deno.test(`another secret is an error, and nothing else is tried (${secret.kind})`, async () => {
    const other = new ProxySecret(OTHER_KEY, secret.kind, secret.domain);
    await using world: World = new World({ secret, proxy: { secret: other.text } });
    const { message } = await assertRejects(() => world.harness.call(), ConnectionError);
    assertStringIncludes(message, 'MTProxy "proxy.example:4430"');
    assertMatch(message, /(?:ended|closed the connection) without an answer/);
    assertStringIncludes(message, "secret");
    assertEquals(world.dialled.length, 1);
    assertInstanceOf(world.failures[0], FramingError);
    assertEquals(world.named, []);
  });
}

Deno.test("the answer of somebody else is a SecurityError; nothing more is sent", async () => {
  const written: Uint8Array[] = [];
  const dial: Dial = () => {
    const [client, server] = pipe();
    void (async () => {
      for (let chunk; (chunk = await server.read()) !== undefined;) {
        written.push(chunk);
        if (written.length > 1) continue;
        await server.write(concatBytes(
          hexToBytes("160303002602000022" + "0303" + "ab".repeat(32)),
          hexToBytes("140303000101" + "1703030002" + "0102"),
        ));
      }
    })();
    return Promise.resolve(client);
  };
  await using world: World = new World({ secret: TLS, dial });
  const error = await assertRejects(() => world.harness.call(), SecurityError);
  assertEquals(error.check, "proxy_secret");
  assertEquals(
    error.message,
    'Cannot trust the MTProxy "proxy.example:4430": its answer does not prove that it knows the ' +
      "secret. Check the secret, and the clock of this computer; or something between here and " +
      "the proxy answers in its place.",
  );
  assertEquals(written.map(([first]) => first), [0x16]);
});

Deno.test("a kept connection goes on after such an answer, and fails its calls", async () => {
  let isHonest = false;
  await using world: World = new World({
    secret: TLS,
    connection: { connectionRetries: Infinity, isKept: () => true },
    dial: (address, signal) => {
      if (isHonest) return world.proxy.dial(address, signal);
      const [client, server] = pipe();
      void server.read().then(() => server.write(hexToBytes("15030300020228")));
      return Promise.resolve(client);
    },
  });
  await assertRejects(() => world.harness.call(), SecurityError);
  isHonest = true;
  const call = world.harness.call();
  await settled();
  await world.harness.clock.advance(2000);
  await call;
});

Deno.test("a proxy that cannot be reached is named as such", async () => {
  const dial: Dial = ({ host, port }) =>
    Promise.reject(new ConnectionError(`Cannot connect to "${host}:${port}": connection refused.`));
  await using world: World = new World({ secret: PADDED, dial });
  const { message } = await assertRejects(() => world.harness.call(), ConnectionError);
  assertEquals(
    message,
    'Cannot connect to the MTProxy "proxy.example:4430": connection refused.',
  );
});

Deno.test("a data center that is not there is an error of the proxy, for its owner", async () => {
  await using world: World = new World({ secret: PLAIN, connection: { dc: { id: 7 } } });
  await assertRejects(() => world.harness.call(), ConnectionError);
  assertStringIncludes(String(world.failures[0]), "it names data center 7");
});

Deno.test("fake TLS takes the time from the session, if there is one", async () => {
  const ahead = { now: (): number => world.harness.clock.now() + 3_600_000 };
  await using world: World = new World({
    secret: TLS,
    timeOffset: 3_600_000,
    proxy: { clock: { ...ahead, monotonic: () => 0, sleep: () => Promise.resolve() } },
  });
  await world.harness.call();
  await using wrong: World = new World({
    secret: TLS,
    proxy: {
      clock: {
        now: (): number => wrong.harness.clock.now() + 3_600_000,
        monotonic: () => 0,
        sleep: () => Promise.resolve(),
      },
    },
  });
  await assertRejects(() => wrong.harness.call(), ConnectionError, "the clock of this computer");
  assertStringIncludes(String(wrong.failures[0]), "its time is wrong by -3600 s");
});

Deno.test("what was sent through a proxy is of no use to somebody who sends it again", async () => {
  for (const secret of SECRETS) {
    const sent: Uint8Array[] = [];
    const record: Dial = async (address, signal) => {
      const stream = await world.proxy.dial(address, signal);
      return {
        read: () => stream.read(),
        write: (bytes) => {
          sent.push(bytes.slice());
          return stream.write(bytes);
        },
        close: () => stream.close(),
      };
    };
    await using world: World = new World({ secret, dial: record });
    await world.harness.call();
    const again = await world.proxy.dial({ host: "", port: 1 });
    for (const bytes of sent) await again.write(bytes).catch(() => {});
    assertEquals(await again.read(), undefined, secret.kind);
    assertStringIncludes(String(world.failures[0]), "it was sent before");
  }
});

Deno.test("messages are padded by up to 255 bytes, for lengths that tell nothing", async () => {
  const lengths = async (secret: ProxySecret): Promise<Set<number>> => {
    const seen = new Set<number>();
    await using world: World = new World({
      secret,
      dial: async (address, signal) => {
        const stream = await world.proxy.dial(address, signal);
        return {
          read: () => stream.read(),
          write: (bytes) => {
            seen.add(bytes.length >> 4);
            return stream.write(bytes);
          },
          close: () => stream.close(),
        };
      },
    });
    await world.harness.call();
    seen.clear();
    for (let run = 0; run < 60; run++) await world.harness.call();
    return seen;
  };
  assert((await lengths(PLAIN)).size <= 8);
  assert((await lengths(PADDED)).size > 12);
});

Deno.test("initConnection names the proxy, for the channel of its owner", async () => {
  const bodies: string[] = [];
  await using world: World = new World({
    secret: PADDED,
    harness: { telegram: { onMessage: ({ body }) => bodies.push(bytesToHex(body)) } },
  });
  await world.harness.call();
  // inputClientProxy#75588b3f address:string port:int
  const proxy = `3f8b5875${bytesToHex(new TextEncoder().encode("\x0dproxy.example"))}0000` +
    "4e110000";
  assert(bodies.some((body) => body.includes(proxy)));
});

Deno.test("a server that speaks another protocol is no proxy", async () => {
  const dial: Dial = () => {
    const [client, server] = pipe();
    void server.read().then(() => server.write(new TextEncoder().encode("HTTP/1.1 400 Bad")));
    return Promise.resolve(client);
  };
  for (const secret of [PLAIN, PADDED]) {
    await using world = new World({ secret, dial });
    const { message } = await assertRejects(() => world.harness.call(), ConnectionError);
    assertStringIncludes(message, "what came back cannot be read. Its secret may be wrong");
  }
});

Deno.test("an error that is not of the proxy stays as it is", async () => {
  await using world = new World({ secret: TLS, connection: { mayUseKey: () => false } });
  const { message } = await assertRejects(() => world.harness.call(), ConnectionError);
  assertStringIncludes(message, "this program does not hold its session now");
});

Deno.test("a kept key goes with the same time and the same errors", async () => {
  const keyState = { authKey: new AuthKey(seededRandom(3)(256)), serverSalt: 1n, timeOffset: 0 };
  await using world: World = new World({ secret: PADDED, dial: silence, harness: { keyState } });
  const call = assertRejects(() => world.harness.call(), ConnectionError);
  for (let second = 0; second < 25; second++) await world.harness.clock.advance(1000);
  assertStringIncludes((await call).message, "through the MTProxy");
});
