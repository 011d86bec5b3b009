/**
 * The transport "http": a client that speaks to the offline Telegram by `fetch` alone.
 */
import { Client, type ClientOptions, ConnectionError, MemorySession } from "../../mod.ts";
import { OfflineTelegram, type OfflineTelegramOptions } from "../../src/testing/mod.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "../helpers/assert.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { fetchOver } from "../helpers/fetch_over.ts";
import { shortExponents } from "../helpers/remembered_powers.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

const CODE = "22222";
const PHONE = "+9996621111";
const PHONE_AT_4 = "+9996624444";

/** A request that was made. */
interface Seen {
  readonly url: string;
  readonly init: RequestInit;
  /** Whether it is under way. */
  isOpen: boolean;
}

/** A client over HTTP in memory, with time by hand, and all requests that it makes. */
class HttpWorld implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly telegram: OfflineTelegram;
  readonly client: Client<MemorySession>;
  readonly seen: Seen[] = [];
  /** The most requests at a time. */
  most = 0;
  /** Answers in the place of the offline Telegram; undefined leaves the answer to it. */
  answer: (nth: number, seen: Seen) => Promise<Response> | undefined = () => undefined;

  constructor(options: ClientOptions = {}, telegram: OfflineTelegramOptions = {}) {
    this.telegram = new OfflineTelegram({
      clock: this.clock,
      random: shortExponents(seededRandom(3)),
      ...telegram,
    });
    const over = fetchOver(this.telegram.dial);
    this.client = new Client(new MemorySession(), this.telegram.apiId, this.telegram.apiHash, {
      keys: this.telegram.keys,
      dcs: this.telegram.dcs,
      clock: this.clock,
      random: shortExponents(seededRandom(4)),
      transport: "http",
      fetch: (url, init) => {
        const seen: Seen = { url: String(url), init, isOpen: true };
        this.seen.push(seen);
        this.most = Math.max(this.most, this.open.length);
        return (this.answer(this.seen.length, seen) ?? over(url, init)).finally(() =>
          seen.isOpen = false
        );
      },
      ...options,
    });
  }

  /** The requests that are under way. */
  get open(): readonly Seen[] {
    return this.seen.filter(({ isOpen }) => isOpen);
  }

  /** Lets time pass until the work is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    work.then(() => isDone = true, () => isDone = true);
    for (let step = 0; !isDone && step < 20_000; step++) await this.clock.advance(10);
    return await work;
  }

  async signIn(): Promise<void> {
    await this.run(this.client.start({ phoneNumber: PHONE, phoneCode: CODE }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.disconnect();
    await this.telegram.close();
  }
}

Deno.test("a sign-in, a migration, a file and an update go over HTTP on loopback", async () => {
  await using telegram = await OfflineTelegram.start({
    dcs: [2, 4],
    accounts: [{ phone: PHONE, code: CODE }, { phone: PHONE_AT_4, code: CODE, dcId: 4 }],
  });
  const requests = new Set<string>();
  await using client = new Client(new MemorySession(), telegram.apiId, telegram.apiHash, {
    keys: telegram.keys,
    dcs: telegram.dcs.map((dc) => ({ ...dc, tls: false })),
    transport: "http",
    fetch: (url, init) => {
      requests.add(String(url));
      return fetch(url, init);
    },
  });
  const { promise: heard, resolve } = Promise.withResolvers<string>();
  client.on("message", ({ text }) => resolve(text));
  await client.start({ phoneNumber: PHONE_AT_4, phoneCode: CODE });
  assertEquals(client.session.state.dcId, 4);
  const file = Uint8Array.from({ length: 300_000 }, (_, index) => index * 7);
  const sent = await client.sendFile("me", file);
  const read = await new Response(client.download(sent)).bytes();
  assertEquals(read, file);
  const other = telegram.person(PHONE);
  await other.send(PHONE_AT_4, "by long poll");
  assertEquals(await heard, "by long poll");
  const ports = telegram.dcs.map(({ port }) => `http://127.0.0.1:${port}/apiw1`);
  assertEquals([...requests].sort(), ports.sort());
});

Deno.test("a packet that waited for another goes only while the session may be used", async () => {
  await using world = new HttpWorld({ giveUpAfter: 1, retryDelay: 10 });
  await world.signIn();
  let isHeld = true;
  Object.assign(world.client.session, { mayUseKey: () => isHeld });
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  world.answer = (_, { url, init }) =>
    answered.then(() => fetchOver(world.telegram.dial)(url, init));
  const before = world.seen.length;
  const first = world.client.getMe();
  await world.clock.advance(1);
  const second = world.client.getMe();
  await world.clock.advance(1);
  assertEquals(world.seen.length, before + 1);
  isHeld = false;
  answer();
  const ended = Promise.allSettled([first, second]);
  const [, { status }] = await world.run(ended);
  assertEquals([world.seen.length, status], [before + 1, "rejected"]);
});

Deno.test("a request over HTTP carries no cookie, no referrer, and follows nowhere", async () => {
  await using world = new HttpWorld();
  await world.run(world.client.connect());
  for (const { url, init } of world.seen) {
    assertEquals(url, "https://dc2.offline:443/apiw1");
    assertEquals(init.method, "POST");
    assertEquals(init.redirect, "manual");
    assertEquals(init.headers, undefined);
    for (const [name, value] of [["credentials", "omit"], ["referrerPolicy", "no-referrer"]]) {
      if (name in Request.prototype) assertEquals(Reflect.get(init, name), value);
    }
  }
});

Deno.test("the test servers are at another path of HTTP", async () => {
  await using world = new HttpWorld({ testServers: true }, { testMode: true });
  await world.run(world.client.connect());
  assertEquals(world.seen[0].url, "https://dc2.offline:443/apiw_test1");
});

Deno.test("an idle client over HTTP has one request at the server, and hears at once", async () => {
  await using world = new HttpWorld();
  const heard: string[] = [];
  await world.signIn();
  world.client.on("message", ({ text }) => heard.push(text));
  await world.clock.advance(60_000);
  assertEquals(world.open.length, 1);
  const before = world.seen.length;
  await world.clock.advance(60_000);
  // 2.4 polls and a ping in a minute.
  assert(world.seen.length - before <= 6, `${world.seen.length - before} requests in a minute`);
  const ada = world.telegram.person("+9996629999");
  await ada.send(PHONE, "hello");
  await world.clock.advance(50);
  assertEquals(heard, ["hello"]);
  assertEquals(world.open.length, 1);
});

Deno.test("many calls over HTTP never have more than two requests at a time", async () => {
  await using world = new HttpWorld();
  await world.signIn();
  world.most = 0;
  const calls = Array.from({ length: 40 }, async (_, index) => {
    await world.clock.sleep(index * 7);
    return await world.client.invoke({ _: "help.getNearestDc" });
  });
  const answers = await world.run(Promise.all(calls));
  assertEquals(answers.length, 40);
  assert(world.most <= 2, `${world.most} requests`);
});

for (const nth of [3, 4, 5, 7]) {
  for (const kind of ["no answer", "a lost answer", "status 502"] as const) {
    const fault = `each ${nth}th request has ${kind}`;
    Deno.test(`over HTTP, messages arrive once though ${fault}`, async () => {
      await using world = new HttpWorld({ retryDelay: 10 });
      await world.signIn();
      const over = fetchOver(world.telegram.dial);
      world.answer = (count, { url, init }) => {
        if (count % nth !== 0) return undefined;
        if (kind === "no answer") return Promise.reject(new TypeError("network error"));
        if (kind === "status 502") return Promise.resolve(new Response("bad", { status: 502 }));
        return over(url, init).then(() => {
          throw new TypeError("network error");
        });
      };
      const texts = Array.from({ length: 6 }, (_, index) => `text ${index}`);
      const sent = Promise.all(texts.map(async (text, index) => {
        await world.clock.sleep(index * 400);
        await world.client.sendMessage("me", text);
      }));
      await world.run(sent);
      world.answer = () => undefined;
      const history: string[] = [];
      const reading = (async () => {
        for await (const { text } of world.client.messages("me")) history.push(text);
      })();
      await world.run(reading);
      assertEquals(history.reverse().filter((text) => text.startsWith("text")), texts);
    });
  }
}

Deno.test("a long poll that hangs for ever is noticed", async () => {
  await using world = new HttpWorld();
  await world.signIn();
  await world.clock.advance(60_000);
  world.answer = (_, { init: { signal } }) =>
    new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  await world.clock.advance(40_000); // now it hangs
  const call = world.client.invoke({ _: "help.getNearestDc" });
  await world.clock.advance(5000);
  world.answer = () => undefined;
  const { _: name } = await world.run(call);
  assertEquals(name, "nearestDc");
});

Deno.test("a page that is not Telegram's is no connection over HTTP", async () => {
  await using world = new HttpWorld({ giveUpAfter: 5 });
  const pages: readonly (() => Response)[] = [
    () => new Response("<html>Sign in to the network</html>"),
    () => new Response(null, { status: 302, headers: { location: "https://portal.example" } }),
    () => new Response(new Uint8Array(84)),
    () => new Response(null, { status: 404 }),
  ];
  world.answer = (nth) => Promise.resolve(pages[nth % pages.length]());
  const error = await assertRejects(() => world.run(world.client.connect()), ConnectionError);
  assert(world.seen.length >= 2);
  assertStringIncludes(String(error.cause), "not from Telegram");
});

Deno.test("polls that end at once, with nothing, do not go on for ever", async () => {
  await using world = new HttpWorld();
  await world.signIn();
  await world.clock.advance(60_000);
  const before = world.seen.length;
  const probes = fetchOver(world.telegram.dial);
  world.answer = (_, { url, init }) => {
    const isPlain = (init.body as Uint8Array).subarray(0, 8).every((byte) => byte === 0);
    return isPlain ? probes(url, init) : Promise.resolve(new Response(new Uint8Array(4)));
  };
  await world.clock.advance(120_000);
  assert(world.seen.length - before < 200, `${world.seen.length - before} requests`);
  world.answer = () => undefined;
  await world.run(world.client.invoke({ _: "help.getNearestDc" }));
});

Deno.test("a client that disconnects leaves no request open", async () => {
  await using world = new HttpWorld();
  await world.signIn();
  await world.clock.advance(60_000);
  assertEquals(world.open.length, 1);
  await world.client.disconnect();
  await world.clock.advance(0);
  assertEquals(world.open.length, 0);
});

Deno.test("what the transport http cannot do is refused at construction", () => {
  const others: ClientOptions[] = [
    { dial: () => Promise.reject() },
    { useWSS: true },
    { obfuscated: true },
    { proxy: "socks5://127.0.0.1:1080" },
    { blockedNetworks: true },
  ];
  for (const other of others) {
    const make = (): unknown =>
      new Client(new MemorySession(), 1, "0".repeat(32), { transport: "http", ...other });
    const error = assertThrows(make, TypeError);
    assertStringIncludes(error.message, Object.keys(other)[0]);
  }
});
