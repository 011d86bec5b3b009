/**
 * The whole life of a client through an MTProxy of our own: a sign-in, a migration, files, updates.
 * Every dial leads to the proxy: the client knows only Telegram's own addresses besides.
 */
import {
  type Address,
  Client,
  type ClientOptions,
  type Dial,
  MemorySession,
  proxyDial,
} from "../../mod.ts";
import { MtproxyServer, OfflineTelegram } from "../../src/testing/mod.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "../helpers/assert.ts";
import { lifeTelegram, liveThroughProxy, WHOLE_LIFE } from "../helpers/proxied_life.ts";
import { recordNetwork } from "../helpers/recorded_network.ts";
import { startProxy } from "../helpers/proxy_servers.ts";
import { assertSameBytes } from "../helpers/same_bytes.ts";
import { CODE, PASSWORD } from "../helpers/sign_in_flows.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

const KEY = "5e".repeat(16);
const SECRETS = [KEY, `dd${KEY}`, `ee${KEY}6578616d706c652e6f7267`];
const PHONE = "+9996624444";
/** What a proxy is told in that life. */
const NAMED = [-4, -2, 1, 2, 4, 203];
const API_HASH = "0".repeat(32);

/** A Telegram with two data centers and a CDN, and a proxy before it. */
class World implements AsyncDisposable {
  readonly telegram = new OfflineTelegram({
    dcs: [2, 4],
    cdn: 203,
    mediaAddresses: { 4: ["media4.offline"] },
    accounts: [{ phone: PHONE, code: CODE, password: PASSWORD, dcId: 4 }],
  });
  readonly proxy: MtproxyServer;
  readonly dialled: Address[] = [];
  readonly named = new Set<number>();
  readonly failures: unknown[] = [];

  constructor(secret: string) {
    this.proxy = new MtproxyServer(this.telegram, {
      secret,
      onConnection: (dcId) => this.named.add(dcId),
      onFailure: (error) => this.failures.push(error),
    });
  }

  readonly dial: Dial = (address, signal) => {
    this.dialled.push(address);
    return this.proxy.dial(address, signal);
  };

  client(session: MemorySession, options: ClientOptions = {}): Client<MemorySession> {
    const { telegram, proxy, dial } = this;
    return new Client(session, telegram.apiId, telegram.apiHash, {
      keys: telegram.keys,
      proxy: proxy.link,
      dial,
      ...options,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy.close();
    await this.telegram.close();
  }
}

for (const [index, secret] of SECRETS.entries()) {
  const kind = ["a plain secret", "a dd secret", "an ee secret"][index];

  Deno.test(`through an MTProxy with ${kind}: sign-in, migration, files, updates`, async () => {
    await using world = new World(secret);
    const session = new MemorySession();
    {
      await using client = world.client(session);
      const login = await client.requestLoginCode(PHONE);
      const token = await client.signIn(login, CODE);
      assert(token.kind === "password");
      await client.checkPassword(token, PASSWORD);
      assertEquals(session.state.dcId, 4);

      const bytes = seededRandom(8)(300_000);
      const sent = await client.sendFile("me", bytes, { name: "a.bin" });
      assert(sent.media !== undefined);
      const chunks: Uint8Array[] = [];
      for await (const chunk of client.download(sent)) chunks.push(chunk);
      const got = new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
      assertSameBytes(got, bytes);
    }
    await using client = world.client(session);
    const updates = client.updates()[Symbol.asyncIterator]();
    const next = updates.next();
    await client.getMe();
    await world.telegram.person(PHONE).send("me", "hello");
    const { value } = await next;
    assert(value !== undefined);
    await updates.return?.();

    assertEquals([...world.named].toSorted((a, b) => a - b), [-4, 2, 4]);
    for (const { host, port } of world.dialled) {
      assertEquals({ host, port }, { host: "mtproxy.offline", port: 443 });
    }
    // The addresses of the proxy are not taken for those of Telegram.
    const known = JSON.stringify(session.state.dcs);
    assert(!known.includes("mtproxy"));
    assertEquals(world.failures, []);
  });
}

for (const [index, secret] of SECRETS.entries()) {
  Deno.test(`all of a client's life goes through an MTProxy (secret ${index + 1})`, async () => {
    await using telegram = await lifeTelegram();
    const named = new Set<number>();
    const failures: unknown[] = [];
    await using proxy = new MtproxyServer(telegram, {
      secret,
      onConnection: (dcId) => named.add(dcId),
      onFailure: (error) => failures.push(error),
    });
    await proxy.listen();
    using network = recordNetwork(proxy.address.port);
    const options = { proxy: proxy.link, forwardSecrecy: index !== 0 };
    assertEquals(await liveThroughProxy(telegram, options), [...WHOLE_LIFE]);
    assertEquals(network.leaks, []);
    // The CDN by its number; negative numbers for the servers for files.
    assertEquals([...named].toSorted((a, b) => a - b), NAMED);
    assertEquals(failures, []);
  });
}

Deno.test("an MTProxy can be the last of a chain, behind a SOCKS5 proxy", async () => {
  await using world = new World(SECRETS[2]);
  await world.proxy.listen();
  await using socks = startProxy({ kind: "socks5" });
  using network = recordNetwork(socks.port);
  const dial = proxyDial(socks.url);
  await using client = world.client(new MemorySession(), { proxy: world.proxy.link, dial });
  await client.requestLoginCode(PHONE);
  const { host, port } = world.proxy.address;
  assertEquals(new Set(socks.targets), new Set([`${host}:${port}`]));
  assertEquals(network.leaks, []);
});

Deno.test("a wrong secret is refused at the first call, and is not in the error", async () => {
  await using world = new World(KEY);
  await using client = world.client(new MemorySession(), {
    proxy: `tg://proxy?server=proxy.example&port=443&secret=aa${KEY}`,
  });
  const error = await assertRejects(() => client.connect(), TypeError);
  assertStringIncludes(error.message, "Cannot use the secret of an MTProxy: it has 17 bytes");
  assert(!error.message.includes(KEY));
  assertEquals(world.dialled, []);
});

Deno.test("an MTProxy is refused beside useWSS, and another proxy beside dial", () => {
  const link = `https://t.me/proxy?server=proxy.example&port=443&secret=${KEY}`;
  const make = (options: ClientOptions) => () =>
    new Client(new MemorySession(), 1, API_HASH, options);
  const dial: Dial = () => Promise.reject(new Error("never"));
  for (
    const proxy of [
      link,
      new URL(link),
      { kind: "mtproxy", host: "proxy.example", port: 443, secret: KEY } as const,
      { ip: "proxy.example", port: 443, MTProxy: true, secret: KEY },
      ["proxy.example", 443, KEY], // Telethon
    ]
  ) {
    assertThrows(make({ proxy, useWSS: true }), TypeError, "proxy");
    make({ proxy, dial })();
  }
  assertThrows(make({ proxy: "socks5://proxy.example", dial }), TypeError, "dial");
});

Deno.test("a proxy that only looks like an MTProxy never lets a dial go around it", async () => {
  const dialled: Address[] = [];
  const dial: Dial = (address) => {
    dialled.push(address);
    return Promise.reject(new Error("dialled"));
  };
  for (
    const proxy of [
      "socks5://proxy.example:1080/?secret=1",
      { ip: "proxy.example", port: 1080, socksType: 5 as const, secret: "x" },
    ]
  ) {
    await using client = new Client(new MemorySession(), 1, API_HASH, { proxy, dial });
    await assertRejects(() => client.connect(), TypeError);
  }
  assertEquals(dialled, []);
});
