/** An MTProxy before the offline Telegram: what it tells of itself, and what strangers get. */
import { bytesToHex, concatBytes } from "../../src/crypto/mod.ts";
import { tcpDial } from "../../src/net/mod.ts";
import { parseProxy } from "../../src/net/proxies/entry.ts";
import {
  MtproxyServer,
  type MtproxyServerOptions,
  OfflineTelegram,
} from "../../src/testing/mod.ts";
import {
  FramingError,
  intermediate,
  obfuscated,
  paddedIntermediate,
} from "../../src/transport/mod.ts";
import { FakeTlsClient, ProxiedStream, ProxySecret } from "../../src/transport/mtproxy/mod.ts";
import { assert, assertEquals, assertInstanceOf, assertThrows } from "../helpers/assert.ts";
import { settled } from "../helpers/fake_clock.ts";
import { runs } from "../helpers/long.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";

const KEY = "5e".repeat(16);
const DOMAIN = "6578616d706c652e6f7267";
const SECRETS = [KEY, `dd${KEY}`, `ee${KEY}${DOMAIN}`];
const ADDRESS = { host: "mtproxy.offline", port: 443 };

Deno.test("an MtproxyServer has a link that names it", async () => {
  await using telegram = new OfflineTelegram();
  for (const secret of [undefined, ...SECRETS]) {
    await using proxy = new MtproxyServer(telegram, secret === undefined ? {} : { secret });
    assertEquals(parseProxy(proxy.link), { kind: "mtproxy", ...ADDRESS, secret: proxy.secret });
    const { key, kind, domain } = ProxySecret.parse(proxy.secret);
    if (secret === undefined) assertEquals([kind, domain], ["tls", "example.org"]);
    else assertEquals(bytesToHex(key), KEY);
    await proxy.listen();
    assertEquals(proxy.address.host, "127.0.0.1");
    assert(proxy.link.includes(`server=127.0.0.1&port=${proxy.address.port}&`));
  }
});

Deno.test("two MtproxyServers without a secret have different ones", async () => {
  await using telegram = new OfflineTelegram();
  const [one, other] = [new MtproxyServer(telegram), new MtproxyServer(telegram)];
  assert(one.secret !== other.secret);
});

Deno.test("an MtproxyServer refuses unknown options and wrong secrets", () => {
  const telegram = new OfflineTelegram();
  const make = (options: object) => () =>
    new MtproxyServer(telegram, options as MtproxyServerOptions);
  assertThrows(make({ secrets: KEY }), TypeError, "secrets");
  assertThrows(make({ secret: "aa" }), TypeError, "Cannot use the secret of an MTProxy");
});

for (const secret of SECRETS) {
  Deno.test(`strangers get no byte of an answer (${secret.slice(0, 2)})`, async () => {
    await using telegram = new OfflineTelegram();
    const failures: unknown[] = [];
    await using proxy = new MtproxyServer(telegram, {
      secret,
      onFailure: (error) => failures.push(error),
    });
    const random = seededRandom(3);
    for (let run = 0; run < runs(30, 2000); run++) {
      const stream = await proxy.dial(ADDRESS);
      const bytes = random(pick(random, 600) + 64);
      if (run % 3 === 0) bytes.set([22, 3, 1, pick(random, 8), random(1)[0], 1, 0]);
      await stream.write(bytes).catch(() => {});
      let read: Uint8Array | undefined;
      void stream.read().then((chunk) => read = chunk);
      await settled();
      assertEquals(read, undefined);
      stream.close();
    }
    await settled();
    assertEquals(proxy.connectionCount, 0);
    for (const failure of failures) assertInstanceOf(failure, FramingError);
  });
}

Deno.test("a client that leaves at any byte leaves nothing behind", async () => {
  await using telegram = new OfflineTelegram();
  const failures: unknown[] = [];
  const secret = SECRETS[2];
  const onFailure = (error: unknown): void => void failures.push(error);
  await using proxy = new MtproxyServer(telegram, { secret, onFailure });
  const random = seededRandom(4);
  for (let run = 0; run < runs(10, 200); run++) {
    const tls = new FakeTlsClient({
      secret: ProxySecret.parse(secret),
      random,
      now: Math.floor(Date.now() / 1000),
    });
    const hello = tls.start();
    const stream = await proxy.dial(ADDRESS);
    await stream.write(hello.subarray(0, pick(random, hello.length)));
    stream.close();
  }
  await settled();
  assertEquals([proxy.connectionCount, failures], [0, []]);
});

Deno.test("ProxiedStream takes a header that is cut anywhere, and each transport", () => {
  const secret = ProxySecret.parse(KEY);
  const transport = obfuscated(paddedIntermediate(seededRandom(1), { maxPadding: 0 }), {
    random: seededRandom(2),
    secret: secret.key,
    dcId: -10_004,
  });
  const sent = concatBytes(transport.start(), transport.pack(new Uint8Array(8).fill(7)));
  const plain = "dddddddd" + "08000000" + "07".repeat(8);
  for (let cut = 0; cut <= sent.length; cut++) {
    const stream = new ProxiedStream(secret, () => false);
    const parts = [sent.subarray(0, cut), sent.subarray(cut)].map((part) => stream.receive(part));
    assertEquals([bytesToHex(concatBytes(...parts)), stream.dcId], [plain, -10_004]);
  }
});

Deno.test("ProxiedStream refuses another transport where the secret demands the padded one", () => {
  for (const [secret, isRight] of [[KEY, true], [`dd${KEY}`, false]] as const) {
    const parsed = ProxySecret.parse(secret);
    const stream = new ProxiedStream(parsed, () => false);
    const options = { random: seededRandom(2), secret: parsed.key, dcId: 2 };
    const start = obfuscated(intermediate(), options).start();
    if (isRight) assertEquals(bytesToHex(stream.receive(start)), "eeeeeeee");
    else assertThrows(() => stream.receive(start), FramingError, "padded intermediate");
  }
});

Deno.test("disconnectAll() and close() cut the clients, by TCP too", async () => {
  await using telegram = new OfflineTelegram();
  const proxy = new MtproxyServer(telegram, { secret: KEY });
  await proxy.listen();
  const stream = await tcpDial(proxy.address);
  await stream.write(new Uint8Array(10));
  while (proxy.connectionCount === 0) await settled();
  proxy.disconnectAll();
  assertEquals(await stream.read().catch(() => undefined), undefined);
  await proxy.close();
  assertEquals(proxy.connectionCount, 0);
});
