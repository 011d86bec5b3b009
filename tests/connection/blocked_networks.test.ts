/**
 * The search for addresses in a network that blocks Telegram: when it begins, what it may use, and
 * what it leaves alone.
 */
import { Client, type ClientOptions, MemorySession } from "../../mod.ts";
import { settingsOf } from "../../src/client/options.ts";
import { DcPool } from "../../src/connection/mod.ts";
import { searchOf } from "../../src/connection/blocked/mod.ts";
import { bytesToHex, encodeUtf8 } from "../../src/crypto/mod.ts";
import { ConnectionError, type Dial } from "../../src/net/mod.ts";
import { silentLogger } from "../../src/runtime/mod.ts";
import { SessionDcBook } from "../../src/session/mod.ts";
import { MtproxyServer, OfflineTelegram } from "../../src/testing/mod.ts";
import type { TlObject } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../helpers/assert.ts";
import { assertThrows } from "../helpers/assert.ts";
import { FakeClock, settled } from "../helpers/fake_clock.ts";
import { shortExponents } from "../helpers/remembered_powers.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import {
  dnsAnswer,
  type List,
  LIST_KEY,
  type ListedAddress,
  serialiseList,
  signList,
} from "../helpers/signed_list.ts";

const HOUR = 3600;
const NEAREST_DC: TlObject = { _: "help.getNearestDc" };
const SECRET = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
const SECRETS = {
  plain: SECRET,
  padded: Uint8Array.from([0xdd, ...SECRET]),
  tls: Uint8Array.from([0xee, ...SECRET, ...encodeUtf8("www.example.org")]),
};

/** An answer whose body never ends. */
function body(): Response {
  return new Response(new ReadableStream());
}

/** A client's connections in a network that blocks all known addresses of data center 2. */
class BlockedWorld implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly telegram: OfflineTelegram;
  readonly session = new MemorySession();
  readonly pool: DcPool;
  readonly random = shortExponents(seededRandom(5));
  /** The addresses that were dialled, and the names that were asked. */
  readonly dialled: string[] = [];
  readonly asked: string[] = [];
  readonly calls: string[] = [];
  /** How many requests to the DNS were aborted. */
  aborted = 0;
  /** The answer of the DNS. */
  dns: () => Response | Promise<Response>;

  /** An MTProxy, and the data centers that its clients name. */
  readonly proxy: MtproxyServer;
  readonly named: number[] = [];

  constructor(
    listed: readonly ListedAddress[],
    { known = "10.0.0.1", secret = SECRET }: { known?: string; secret?: Uint8Array } = {},
  ) {
    const { clock, random } = this;
    this.telegram = new OfflineTelegram({
      clock,
      random: shortExponents(seededRandom(6)),
      addresses: { 2: ["203.0.113.5"] },
    });
    this.proxy = new MtproxyServer(this.telegram, {
      clock,
      random,
      secret: bytesToHex(secret),
      onConnection: (dcId) => this.named.push(dcId),
    });
    const { api } = this.telegram;
    const handle = api.handle.bind(api);
    api.handle = (request, caller) => {
      this.calls.push(request._);
      return handle(request, caller);
    };
    this.dns = () => this.list(listed);
    const settings = {
      ...settingsOf(1, { clock, random, keys: this.telegram.keys }),
      dial: this.#dial,
      knownDcs: [{ id: 2, host: known, port: 443 }],
      search: searchOf({
        clock,
        random,
        testMode: false,
        logger: silentLogger,
        timeout: 10_000,
        dial: this.#dial,
        key: LIST_KEY,
        fetch: (url, init) => {
          this.asked.push(String(url));
          init?.signal?.addEventListener("abort", () => this.aborted++);
          return Promise.resolve(this.dns());
        },
      }),
    };
    this.pool = new DcPool({
      settings,
      book: new SessionDcBook(this.session, settings),
      testMode: false,
      keepsHome: () => false,
      onUpdate: () => {},
      onMissedUpdates: () => {},
      onIdleSession: () => {},
      onKeyVoid: () => {},
      onStatus: () => {},
    });
  }

  /** The answer of the DNS with a signed list. */
  list(addresses: readonly ListedAddress[], more: Partial<List> = {}, key = LIST_KEY): Response {
    const now = Math.floor(this.clock.now() / 1000);
    const rules = [{ dcId: 2, addresses }];
    const config = serialiseList({ date: now - HOUR, expires: now + HOUR, rules, ...more });
    return dnsAnswer(signList(config, { key }));
  }

  /** Calls a method, and lets time pass until it ends. */
  async call(): Promise<TlObject> {
    const connection = await this.pool.at(2);
    const call = connection.invoke(NEAREST_DC);
    let isDone = false;
    call.then(() => isDone = true, () => isDone = true);
    for (let step = 0; !isDone && step < 2000; step++) await this.clock.advance(50);
    return await call as TlObject;
  }

  readonly #dial: Dial = async (address, signal) => {
    this.dialled.push(address.host);
    if (address.host === "203.0.113.5") return await this.telegram.dial(address, signal);
    if (address.host === "203.0.113.6") return await this.proxy.dial(address, signal);
    throw new ConnectionError("Cannot connect: this network blocks it");
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pool.closeAll();
    await this.telegram.close();
  }
}

Deno.test("addresses of the signed list are used when all others have failed", async () => {
  await using world = new BlockedWorld([{ host: "203.0.113.5", port: 443 }]);
  assertEquals((await world.call())._, "nearestDc");
  assertEquals(world.asked, ["https://dns.google/resolve?name=apv3.stel.com&type=16"]);
  assertEquals([...new Set(world.dialled)], ["10.0.0.1", "203.0.113.5"]);
  // It asks for the addresses that Telegram names, and keeps those.
  assert(world.calls.includes("help.getConfig"));
  await settled();
  const [dc] = world.session.state.dcs;
  assertEquals(dc.host, "10.0.0.1");
  assertEquals(dc.addresses?.map(({ host }) => host), ["203.0.113.5"]);
});

for (const [kind, secret] of Object.entries(SECRETS)) {
  Deno.test(`an address of the list with a secret of the kind ${kind} is used`, async () => {
    const host = "203.0.113.6";
    await using world = new BlockedWorld([{ host, port: 443, secret }], { secret });
    assertEquals((await world.call())._, "nearestDc");
    assertEquals([...new Set(world.dialled)], ["10.0.0.1", host]);
    assertEquals(world.named, [2]);
  });
}

Deno.test("addresses with a secret that are dead lead to another search", async () => {
  const dead = { host: "203.0.113.9", port: 443, secret: SECRETS.plain };
  await using world = new BlockedWorld([dead]);
  const error = await assertRejects(() => world.call(), ConnectionError);
  assertEquals(error.proxyFault, undefined);
  await world.clock.advance(150_000);
  world.dns = () => world.list([{ host: "203.0.113.5", port: 443 }]);
  assertEquals((await world.call())._, "nearestDc");
});

Deno.test("nobody is asked for addresses while one works", async () => {
  await using world = new BlockedWorld([], { known: "203.0.113.5" });
  assertEquals((await world.call())._, "nearestDc");
  assertEquals(world.asked, []);
});

Deno.test("Cloudflare is asked when Google does not know the list", async () => {
  await using world = new BlockedWorld([]);
  const good = [{ host: "203.0.113.5", port: 443 }];
  const answers = [() => new Response("no", { status: 500 }), () => world.list(good)];
  world.dns = () => (answers.shift() ?? answers[0])();
  assertEquals((await world.call())._, "nearestDc");
  assertEquals(world.asked.length, 2);
  assertStringIncludes(world.asked[1], "https://mozilla.cloudflare-dns.com/dns-query?name=apv3.");
});

Deno.test("a list that is not signed, or has expired, leads nowhere", async () => {
  const good = [{ host: "203.0.113.5", port: 443 }];
  const answers: readonly ((world: BlockedWorld) => Response | Promise<Response>)[] = [
    (world) => world.list(good, { expires: Math.floor(world.clock.now() / 1000) - 1 }),
    (world) => {
      const other = { ...LIST_KEY, d: LIST_KEY.d.map((byte) => byte ^ 4) };
      return world.list(good, {}, other);
    },
    () => dnsAnswer("A".repeat(344)),
    () => new Response("{"),
    () => new Response("<html>", { status: 302 }),
    () => Response.json({ Answer: [{ type: 16, data: "x".repeat(100_000) }] }),
    () => Promise.reject(new TypeError("no network")),
    () => new Promise<Response>(() => {}),
  ];
  for (const answer of answers) {
    await using world = new BlockedWorld([]);
    world.dns = () => answer(world);
    await assertRejects(() => world.call(), ConnectionError);
    assert(world.asked.length >= 2);
    assertEquals(new Set(world.dialled), new Set(["10.0.0.1"]));
  }
});

Deno.test("a search that finds nothing is not repeated at every failure", async () => {
  await using world = new BlockedWorld([]);
  world.dns = () => new Response("no", { status: 500 });
  await assertRejects(() => world.call(), ConnectionError); // for a minute
  assert(world.asked.length <= 8, `asked ${world.asked.length} times`);
});

for (const [what, dns] of Object.entries({ answer: () => new Promise<Response>(() => {}), body })) {
  Deno.test(`a search that waits for the ${what} of the DNS ends with the client`, async () => {
    await using world = new BlockedWorld([]);
    world.dns = dns;
    const call = assertRejects(() => world.call(), ConnectionError, "disconnected");
    while (world.asked.length === 0) await settled();
    await world.pool.closeAll();
    assertEquals([world.clock.sleepers, world.aborted], [0, 1]);
    await call;
    await world.clock.advance(60_000);
    assertEquals(world.asked.length, 1);
  });
}

Deno.test("no search is offered beside another way to connect", () => {
  const others: readonly Partial<ClientOptions>[] = [
    { dial: () => Promise.reject() },
    { useWSS: true },
    { transport: "http" },
    { proxy: "socks5://127.0.0.1:1080" },
    { dcs: [{ id: 2, host: "127.0.0.1", port: 1 }] },
  ];
  for (const other of others) {
    const options = { blockedNetworks: true, ...other };
    const make = (): unknown => new Client(new MemorySession(), 1, "0".repeat(32), options);
    assertThrows(make, TypeError, "Cannot use the option");
  }
});
