/**
 * With a proxy, nothing goes around it: no connection, no name, no file. The test looks at the
 * network functions of the runtime, not at the library's own.
 */
import {
  Client,
  type ClientOptions,
  ConnectionError,
  type Dial,
  proxyDial,
  type ProxyFault,
  type ProxyOptions,
  StringSession,
} from "../../mod.ts";
import type { OfflineTelegram } from "../../src/testing/mod.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertNotMatch,
  assertRejects,
  assertThrows,
} from "../helpers/assert.ts";
import { lifeTelegram, liveThroughProxy, WHOLE_LIFE } from "../helpers/proxied_life.ts";
import { startProxy, type TestProxy } from "../helpers/proxy_servers.ts";
import { recordNetwork } from "../helpers/recorded_network.ts";

const KINDS = ["socks5", "http"] as const;
const CREDENTIALS = { username: "lab", password: "hunter2" };
const API_HASH = "0123456789abcdef0123456789abcdef";

/** A client of a Telegram that listens, with other options. */
function clientOf(
  { apiId, apiHash, dcs, keys }: OfflineTelegram,
  options: ClientOptions,
  session = "",
): Client<StringSession> {
  return new Client(new StringSession(session), apiId, apiHash, { dcs, keys, ...options });
}

/** A port at which nobody listens. */
function deadPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

for (const kind of KINDS) {
  Deno.test(`A whole life of a client goes through a proxy of kind ${kind}`, async () => {
    await using telegram = await lifeTelegram();
    await using proxy = startProxy({ kind, ...CREDENTIALS });
    using network = recordNetwork(proxy.port);
    // One of them with temporary keys, which are made again on connections of their own.
    const options = { proxy: proxy.url, forwardSecrecy: kind === "http" };
    assertEquals(await liveThroughProxy(telegram, options), [...WHOLE_LIFE]);
    assertEquals(network.leaks, []);
    // Every address, and that of the CDN; but no file was at data center 1.
    const targets = telegram.dcs.filter(({ id, mediaOnly }) => id !== 1 || !mediaOnly)
      .map(({ host, port }) => `${host}:${port}`);
    assertEquals(targets.filter((target) => !proxy.targets.includes(target)), []);
    assertEquals(new Set(proxy.targets).size, targets.length + 1);
    assertEquals(network.allowed.length, proxy.targets.length);
    assertEquals([proxy.accepted, proxy.refused], [proxy.targets.length, 0]);
  });

  Deno.test(`A dead proxy of kind ${kind} is an error, and never a direct connection`, async () => {
    await using telegram = await lifeTelegram();
    const port = deadPort();
    using network = recordNetwork(port);
    const proxy = `${kind}://lab:hunter2@127.0.0.1:${port}`;
    await using client = clientOf(telegram, { proxy, giveUpAfter: 0.2, retryDelay: 20 });
    const error = await failureOf(client.connect(), "unreachable");
    assertMatch(error.message, /Cannot connect to the proxy ".*": connection refused\. Check/);
    assertEquals(network.leaks, []);
    assert(network.allowed.length > 0);
  });

  Deno.test(`Wrong credentials at a ${kind} proxy fail at once, after one try`, async () => {
    await using telegram = await lifeTelegram();
    await using proxy = startProxy({ kind, ...CREDENTIALS });
    using network = recordNetwork(proxy.port);
    for (const credentials of ["lab:hunter3@", "lab@", ""]) {
      const before = proxy.refused;
      const address = `${kind}://${credentials}127.0.0.1:${proxy.port}`;
      await using client = clientOf(telegram, { proxy: address, keepConnected: true });
      const error = await failureOf(client.connect(), "refused");
      assertMatch(
        error.message,
        /^Cannot use the proxy ".*": it (wants|does not accept) .*username/,
      );
      assertEquals(proxy.refused, before + 1);
    }
    assertEquals([network.leaks, proxy.targets], [[], []]);
  });

  Deno.test(`A ${kind} proxy that does not reach Telegram is tried again`, async () => {
    await using telegram = await lifeTelegram();
    let tries = 0;
    await using proxy = startProxy({
      kind,
      route: (target) => {
        const [hostname, port] = target.split(":");
        return ++tries < 3 ? undefined : { hostname, port: Number(port) };
      },
    });
    const reasons: string[] = [];
    await using client = clientOf(telegram, { proxy: proxy.url, retryDelay: 5 });
    client.on("status", (status) => {
      if (status.state === "waiting") reasons.push(status.reason.message);
    });
    await client.connect();
    assertEquals(reasons.length, 2);
    for (const reason of reasons) {
      assertMatch(reason, /^Cannot connect to "127.0.0.1:\d+": the proxy ".*" cannot reach it/);
    }
  });

  Deno.test(`A proxy of kind ${kind} resolves names, and this computer does not`, async () => {
    await using telegram = await lifeTelegram();
    const { dcs, keys, apiId, apiHash } = telegram;
    const named = dcs.map((dc) => ({ ...dc, host: `dc${dc.id}.telegram.invalid` }));
    await using proxy = startProxy({
      kind,
      route: (target) => ({ hostname: "127.0.0.1", port: Number(target.split(":")[1]) }),
    });
    using network = recordNetwork(proxy.port);
    const options = { keys, dcs: named, proxy: proxy.url };
    await using client = new Client(new StringSession(), apiId, apiHash, options);
    await client.start({ botAuthToken: "777:TESTTOKEN" });
    assertMatch(proxy.targets[0], /^dc2\.telegram\.invalid:\d+$/);
    if (kind === "socks5") assertEquals(proxy.addressTypes[0], 3);
    assertEquals([network.leaks, network.allowed[0]], [[], `tcp 127.0.0.1:${proxy.port}`]);
  });

  Deno.test(`Each new connection gives its credentials to the ${kind} proxy`, async () => {
    await using telegram = await lifeTelegram();
    await using proxy = startProxy({ kind, ...CREDENTIALS });
    await using client = clientOf(telegram, { proxy: proxy.url });
    for (let times = 1; times <= 3; times++) {
      await client.connect();
      assertEquals([proxy.accepted, proxy.open], [times, 1]);
      await client.disconnect();
    }
    assertEquals(proxy.refused, 0);
  });
}

Deno.test("Another proxy is another client: no connection by the first one stays", async () => {
  await using telegram = await lifeTelegram();
  await using one = startProxy({ kind: "socks5" });
  await using other = startProxy({ kind: "http" });
  await using first = clientOf(telegram, { proxy: one.url });
  await first.start({ botAuthToken: "777:TESTTOKEN" });
  await first.invoke({ _: "help.getConfig" }, { dcId: 1 });
  assertEquals(one.open, 2);
  await first.disconnect();
  using network = recordNetwork(other.port);
  await using second = clientOf(telegram, { proxy: other.url }, first.session.save());
  assertEquals((await second.getMe())?.isBot, true);
  assertEquals([one.targets.length, network.leaks], [2, []]);
  await noneOpen(one);
});

/** The ways to give a proxy to a client. */
const WAYS: readonly ((proxy: ProxyOptions) => ClientOptions)[] = [
  (proxy) => ({ proxy }),
  (proxy) => ({ dial: proxyDial(proxy) }),
];

Deno.test("A proxy that says nothing ends the dial, and is named", async () => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const connection of silent) connections.push(connection);
  })();
  await using telegram = await lifeTelegram();
  const { port } = silent.addr;
  const failureOf = async (options: ClientOptions, timeout: number): Promise<ConnectionError> => {
    const times = { timeout, giveUpAfter: timeout + 0.05, retryDelay: 1 };
    await using client = clientOf(telegram, { ...times, ...options });
    return await assertRejects(() => client.connect(), ConnectionError);
  };
  for (const way of WAYS) {
    for (const kind of KINDS) {
      const { message, proxyFault } = await failureOf(way(`${kind}://127.0.0.1:${port}`), 0.2);
      assertMatch(message, /the proxy "\w+:\/\/127\.0\.0\.1:\d+".*no answer in 0\.15 s/);
      // An HTTP proxy has one answer only, which is for the target.
      assertEquals(proxyFault, kind === "socks5" ? "unreachable" : "target");
    }
    // Also where the client does not wait for the end of the proxy's own time.
    const patient = {
      kind: "socks5",
      host: "127.0.0.1",
      port,
      timeout: 60,
      ...CREDENTIALS,
    } as const;
    assertMatch(
      (await failureOf(way(patient), 0.1)).message,
      /through the proxy "socks5:\/\/127\.0\.0\.1:\d+": no answer in 0\.1 s/,
    );
  }
  silent.close();
  await accepting;
  for (const connection of connections) connection.close();
});

Deno.test("A proxy whose tunnel leads to no Telegram is named", async () => {
  await using proxy = startProxy({ kind: "socks5" });
  await using telegram = await lifeTelegram();
  for (const answer of ["", "HTTP/1.1 400 Bad Request\r\n\r\n", "\x7f\xff\xff\xff"]) {
    const server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const accepting = (async () => {
      for await (const connection of server) {
        await connection.read(new Uint8Array(64));
        await connection.write(Uint8Array.from([...answer].map((sign) => sign.charCodeAt(0))));
        connection.close();
      }
    })();
    const dcs = [{ id: 2, host: "127.0.0.1", port: server.addr.port }];
    const times = { giveUpAfter: 0.05, retryDelay: 1 };
    await using client = clientOf(telegram, { ...times, dcs, proxy: proxy.url });
    const call = () => client.invoke({ _: "help.getNearestDc" });
    const { message } = await assertRejects(call, ConnectionError);
    assertMatch(message, /Cannot reach Telegram through the proxy "socks5:\S+": (?:what|the)/);
    await client.disconnect();
    server.close();
    await accepting;
  }
});

Deno.test("A runtime without TCP, such as a browser, makes no client with a proxy", () => {
  const { connect } = Deno;
  const process = Object.getOwnPropertyDescriptor(globalThis, "process");
  const make = (options: ClientOptions) => new Client(new StringSession(), 1, API_HASH, options);
  try {
    Object.assign(Deno, { connect: undefined });
    Object.defineProperty(globalThis, "process", { value: undefined, configurable: true });
    const text = "Cannot use the option proxy: it is a value of type string, expected none in this";
    assertThrows(() => make({ proxy: "socks5://127.0.0.1" }), TypeError, text);
    assertThrows(() => make({ proxy: "https://t.me/proxy?server=h&port=1&secret=aa" }), TypeError);
    make({}); // it says at the first dial that there is no TCP
  } finally {
    Object.assign(Deno, { connect });
    if (process !== undefined) Object.defineProperty(globalThis, "process", process);
  }
});

Deno.test("dial beside proxy, and useWSS where the runtime cannot, are errors at once", () => {
  const make = (options: object): Client =>
    new Client(new StringSession(), 1, API_HASH, options as ClientOptions);
  const proxy = "socks5://127.0.0.1:1080";
  const dial: Dial = () => Promise.reject(new Error("never"));
  assertThrows(() => make({ proxy, dial }), TypeError, "Use proxyDial() for a chain");
  make({ proxy, useWSS: true }); // Deno can
  const named = { kind: "socks5", host: "h", port: 1, username: "mtproxy", password: "?secret=a" };
  make({ proxy: named, useWSS: true });
  for (const sign of ["&", "&amp;"]) {
    const link = `https://t.me/proxy?server=h${sign}port=1${sign}secret=aa`;
    assertThrows(() => make({ proxy: link, useWSS: true }), TypeError, "none beside useWSS");
  }
  const { createHttpClient } = Deno;
  try {
    Object.assign(Deno, { createHttpClient: undefined });
    const text = "Cannot use the option proxy: it is a value of type string, expected none";
    assertThrows(() => make({ proxy, useWSS: true }), TypeError, text);
    const http = "http://127.0.0.1:8080";
    // Bun 1.3 ignores the proxy of a WebSocket, and connects directly.
    for (const Bun of [{}, { version: "1.3.14" }, { version: "0.9" }]) {
      Object.assign(globalThis, { Bun });
      assertThrows(() => make({ proxy: http, useWSS: true }), TypeError, text);
    }
    Object.assign(globalThis, { Bun: { version: "2.0.0" } });
    make({ proxy: http, useWSS: true });
    Object.assign(globalThis, { Bun: { version: "1.4.5" } });
    assertThrows(() => make({ proxy, useWSS: true }), TypeError, text);
    make({ proxy: http, useWSS: true });
    const link = "https://t.me/socks?server=127.0.0.1&port=1080";
    assertThrows(() => make({ proxy: link, useWSS: true }), TypeError, text);
  } finally {
    Object.assign(Deno, { createHttpClient });
    Reflect.deleteProperty(globalThis, "Bun");
  }
});

Deno.test("A value that names no proxy is an error, not a client without one", async () => {
  const make = (proxy: unknown): Client =>
    new Client(new StringSession(), 1, API_HASH, { proxy } as ClientOptions);
  for (const value of ["", " ", "127.0.0.1:1080", "ftp://127.0.0.1", 1080, true, () => {}]) {
    const text = "Cannot use the option proxy";
    const error = assertThrows(() => make(value), TypeError, text);
    assertNotMatch(error.message, /127|ftp/);
  }
  using network = recordNetwork();
  for (const value of ["socks5://:1", "http://h:1/path", {}, [], { ip: "h" }, "https://t.me/a"]) {
    const client = make(value);
    await assertRejects(() => client.connect(), TypeError, "Cannot use the proxy");
    await client.disconnect();
  }
  assertEquals([network.leaks, network.allowed], [[], []]);
  await make(null).disconnect();
  await make(undefined).disconnect();
});

Deno.test("The password of a proxy is in no error, no log and no inspection", async () => {
  await using telegram = await lifeTelegram();
  await using proxy = startProxy({ kind: "http", ...CREDENTIALS });
  const secret = "s3cr3t-of-a-proxy";
  const lines: string[] = [];
  const note = (line: string) => lines.push(line);
  const logger = { debug: note, info: note, warn: note, error: note };
  const log = { logger, logLevel: "debug", giveUpAfter: 0.1, retryDelay: 10 } as const;
  const errors: unknown[] = [];
  const proxies = [
    `http://lab:${secret}@127.0.0.1:${proxy.port}`,
    `socks5://lab:${secret}@127.0.0.1:${deadPort()}`,
    `socks5://lab:${secret}/x@127.0.0.1:1`,
    { kind: "http", host: "127.0.0.1", port: proxy.port, username: "lab", password: secret },
    ["socks5", "127.0.0.1", 99999, true, "lab", secret],
    `https://t.me/socks?server=127.0.0.1&port=${proxy.port}&user=lab&pass=${secret}`,
  ] as const;
  for (const one of proxies) {
    await using client = clientOf(telegram, { ...log, proxy: one });
    errors.push(await client.connect().catch((error) => error));
    lines.push(Deno.inspect(client, { depth: 20, showHidden: true }), JSON.stringify(client));
  }
  assertEquals(errors.length, proxies.length);
  for (const error of errors) {
    assertInstanceOf(error, Error);
    lines.push(Deno.inspect(error, { depth: 20, showHidden: true }), error.stack ?? "");
  }
  assert(lines.length > proxies.length);
  assertNotMatch(lines.join("\n"), new RegExp(`${secret}|${btoa(`lab:${secret}`)}`));
});

Deno.test("A file that fetch() would bring around the proxy is not uploaded", async () => {
  await using telegram = await lifeTelegram();
  await using proxy = startProxy({ kind: "socks5" });
  for (const way of [{ proxy: proxy.url }, { dial: proxyDial(proxy.url) }]) {
    await using client = clientOf(telegram, way);
    await client.start({ botAuthToken: "777:TESTTOKEN" });
    using network = recordNetwork(proxy.port);
    for (const url of ["https://files.example/secret.jpg", "http://127.0.0.1:9/secret.jpg"]) {
      const text = "fetch() would go around the proxy of this client";
      const error = await assertRejects(() => client.upload(new URL(url)), TypeError, text);
      assertNotMatch(error.message, /secret/);
    }
    assertEquals(network.leaks, []);
    assertEquals((await client.upload(Uint8Array.of(1, 2, 3))).size, 3);
  }
  // What is in the address itself is not fetched from anywhere.
  await using client = clientOf(telegram, { proxy: proxy.url });
  await client.start({ botAuthToken: "777:TESTTOKEN" });
  assertEquals((await client.upload(new URL("data:text/plain,abc"))).size, 3);
});

Deno.test("A chain of proxies by proxyDial() goes through each of them", async () => {
  await using telegram = await lifeTelegram();
  await using first = startProxy({ kind: "http", ...CREDENTIALS });
  await using second = startProxy({ kind: "socks5", ...CREDENTIALS });
  using network = recordNetwork(first.port);
  const dial = proxyDial(second.url, proxyDial(first.url));
  await using client = clientOf(telegram, { dial });
  await client.start({ botAuthToken: "777:TESTTOKEN" });
  assertEquals(new Set(first.targets), new Set([`127.0.0.1:${second.port}`]));
  assertEquals(first.targets.length, second.targets.length);
  assertEquals(network.leaks, []);
});

/** Returns the error of a connection, which must be of this fault. */
async function failureOf(work: Promise<unknown>, fault: ProxyFault): Promise<ConnectionError> {
  const error = await assertRejects(() => work, ConnectionError);
  assertEquals(error.proxyFault, fault, error.message);
  assertNotMatch(error.message, /hunter/);
  return error;
}

/** Waits until a proxy has noticed that its connections are closed. */
async function noneOpen(proxy: TestProxy): Promise<void> {
  for (let turn = 0; proxy.open > 0 && turn < 1000; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assertEquals(proxy.open, 0);
}
