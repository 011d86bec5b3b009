/**
 * `proxyDial()`: its one deadline, its end by a signal, chains, exceptions, the hop in its errors,
 * and that no target reaches a proxy as anything but a target.
 */
import {
  type Address,
  type ByteStream,
  ConnectionError,
  type Dial,
  pipe,
  proxyDial,
  type ProxyOptions,
  timedDial,
} from "../../../src/net/mod.ts";
import { dialThrough } from "../../../src/net/mod.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStrictEquals,
} from "../../helpers/assert.ts";
import { FakeClock, settled } from "../../helpers/fake_clock.ts";
import { startProxy } from "../../helpers/proxy_servers.ts";

const PROXY = "socks5://proxy.example:1080";
const TARGET: Address = { host: "149.154.167.51", port: 443, dcId: 2 };

/** A proxy that a test plays by hand. */
class ByHand {
  readonly asked: Address[] = [];
  /** The proxy's ends of the connections. */
  readonly ends: ByteStream[] = [];
  closed = 0;
  readonly dial: Dial = (address) => {
    this.asked.push(address);
    const [ours, theirs] = pipe();
    this.ends.push(theirs);
    const close = (): void => {
      this.closed++;
      ours.close();
    };
    return Promise.resolve({ read: () => ours.read(), write: (bytes) => ours.write(bytes), close });
  };

  /** Answers the next bytes of the newest connection. */
  async answer(...bytes: number[]): Promise<Uint8Array | undefined> {
    const end = this.ends[this.ends.length - 1];
    const asked = await end.read();
    await end.write(Uint8Array.from(bytes));
    return asked;
  }
}

/** Waits until a dial has asked, as the code of the proxy loads first. */
async function asked(proxy: ByHand, count = 1): Promise<void> {
  while (proxy.asked.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
}

Deno.test("Only the proxy is dialled, and the tunnel has the bytes of the target", async () => {
  const proxy = new ByHand();
  const dialling = proxyDial(PROXY, proxy.dial)(TARGET);
  await asked(proxy);
  assertEquals(proxy.asked, [{ host: "proxy.example", port: 1080, dcId: 2 }]);
  await proxy.answer(5, 0);
  await proxy.answer(5, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7, 8, 9);
  const stream = await dialling;
  assertEquals(await stream.read(), Uint8Array.of(7, 8, 9));
  await stream.write(Uint8Array.of(1));
  assertEquals(await proxy.ends[0].read(), Uint8Array.of(1));
  stream.close();
  assertEquals(proxy.closed, 1);
});

Deno.test("One deadline is over dial and handshake, and the error names the hop", async () => {
  const clock = new FakeClock();
  for (
    const [answers, fault, text] of [
      [0, "unreachable", /^Cannot connect to the proxy "socks5:.*1080": no answer in 5 s\. Check/],
      [
        1,
        "target",
        /^Cannot connect to "149.*443": the proxy ".*" has no answer in 5 s from there/,
      ],
    ] as const
  ) {
    const proxy = new ByHand();
    const dial = dialThrough(PROXY, { inner: proxy.dial, clock, timeout: 5000 });
    const dialling = assertRejects(() => dial(TARGET), ConnectionError);
    await asked(proxy);
    await clock.advance(4000);
    if (answers > 0) await proxy.answer(5, 0);
    await settled();
    assertEquals(proxy.closed, 0);
    await clock.advance(1000);
    const error = await dialling;
    assertEquals([error.proxyFault, error.permanent, proxy.closed], [fault, false, 1]);
    assertMatch(error.message, text);
  }
  const never: Dial = () => new Promise(() => {});
  const dial = dialThrough(PROXY, { inner: never, clock, timeout: 5000 });
  const dialling = assertRejects(() => dial(TARGET), ConnectionError);
  await clock.asleepFor(5000);
  await clock.advance(5000);
  assertEquals((await dialling).proxyFault, "unreachable");
});

Deno.test("The timeout of a proxy counts before that of the client", async () => {
  const clock = new FakeClock();
  const options = { kind: "socks5", host: "h", port: 1, timeout: 2 } as const;
  const proxy = new ByHand();
  const dial = dialThrough(options, { inner: proxy.dial, clock, timeout: 60_000 });
  const dialling = assertRejects(() => dial(TARGET), ConnectionError);
  await asked(proxy);
  await clock.advance(2000);
  assertMatch((await dialling).message, /no answer in 2 s/);
});

Deno.test("The time of a chain ends before the ten seconds of a client", async () => {
  const clock = new FakeClock();
  const proxy = new ByHand();
  const dialling = assertRejects(
    () => dialThrough(PROXY, { inner: proxy.dial, clock })(TARGET),
    ConnectionError,
  );
  await asked(proxy);
  await clock.advance(9000);
  assertMatch((await dialling).message, /^Cannot connect to the proxy ".*": no answer in 7\.5 s/);
});

Deno.test("The error of a chain is that of the first proxy that does not answer", async () => {
  const clock = new FakeClock();
  const [one, two] = ["proxy.example:1080", "second.example:3128"];
  for (const [answers, name] of [[0, one], [1, one], [2, two]] as const) {
    const first = new ByHand();
    const chain = proxyDial("http://second.example:3128", proxyDial(PROXY, first.dial));
    const dialling = assertRejects(
      () => timedDial(chain, { clock, timeout: 1000 })(TARGET),
      ConnectionError,
    );
    await asked(first);
    if (answers > 0) await first.answer(5, 0);
    if (answers > 1) await first.answer(5, 0, 0, 1, 0, 0, 0, 0, 0, 0);
    await settled();
    await clock.advance(750);
    await clock.advance(250);
    const { message } = await dialling;
    assertMatch(message, new RegExp(`the proxy "\\w+://${name}".* no answer in .* s`));
  }
});

Deno.test("A signal ends a handshake with its reason, and later the tunnel", async () => {
  const reason = new Error("the test is over");
  for (const steps of [0, 1, 2]) {
    const proxy = new ByHand();
    const controller = new AbortController();
    const dialling = proxyDial(PROXY, proxy.dial)(TARGET, controller.signal);
    dialling.catch(() => {});
    await asked(proxy);
    if (steps > 0) await proxy.answer(5, 0);
    if (steps > 1) {
      await proxy.answer(5, 0, 0, 1, 0, 0, 0, 0, 0, 0);
      const stream = await dialling;
      controller.abort(reason);
      assertEquals(await stream.read(), undefined);
    } else {
      await settled();
      controller.abort(reason);
      assertStrictEquals(await assertRejects(() => dialling), reason);
    }
    assertEquals(proxy.closed, 1);
  }
  const aborted = AbortSignal.abort(reason);
  const proxy = new ByHand();
  assertStrictEquals(
    await assertRejects(() => proxyDial(PROXY, proxy.dial)(TARGET, aborted)),
    reason,
  );
  assertEquals(proxy.asked, []);
});

Deno.test("A refusal is final until the proxy has worked once", async () => {
  const proxy = new ByHand();
  const dial = proxyDial("socks5://lab:hunter2@h:1", proxy.dial);
  const refused = async (): Promise<ConnectionError> => {
    const dialling = assertRejects(() => dial(TARGET), ConnectionError);
    await asked(proxy, proxy.asked.length + 1);
    await proxy.answer(5, 2);
    await proxy.answer(1, 1);
    return await dialling;
  };
  assertEquals((await refused()).permanent, true);
  const dialling = dial(TARGET);
  await asked(proxy, 2);
  await proxy.answer(5, 0);
  await proxy.answer(5, 0, 0, 1, 0, 0, 0, 0, 0, 0);
  (await dialling).close();
  const later = await refused();
  assertEquals([later.permanent, later.proxyFault], [false, "refused"]);
});

Deno.test("A proxy of another kind is named, and so is the one that closes at once", async () => {
  for (
    const [kind, answer, text] of [
      ["socks5", "HT", "its answer is not one of SOCKS5"],
      ["http", "SSH-2.0-x\r\n\r\n", "its answer is not one of HTTP"],
      ["socks5", "", "it closed the connection at once"],
      ["http", "", "it closed the connection at once"],
    ] as const
  ) {
    const proxy = new ByHand();
    const dial = proxyDial(`${kind}://h:1`, proxy.dial);
    const dialling = assertRejects(() => dial(TARGET), ConnectionError, text);
    await asked(proxy);
    await proxy.answer(...new TextEncoder().encode(answer));
    proxy.ends[0].close();
    const { proxyFault, message } = await dialling;
    assertEquals([proxyFault, proxy.closed], ["unreachable", 1]);
    assertMatch(message, /Check (?:its|the) kind and (?:its|the) port/);
  }
});

Deno.test("Another server in the place of an HTTP proxy is named before it is silent", async () => {
  const endless = `HTTP/1.1 200 OK\r\nX: ${"a".repeat(20_000)}`;
  for (
    const [answer, text] of [
      ["SSH-2.0-x\r\n", "its answer is not one of HTTP"],
      ["\x05\xff", "its answer is not one of HTTP"],
      [endless, "its answer has no end"],
    ]
  ) {
    const proxy = new ByHand();
    const dial = proxyDial("http://h:1", proxy.dial);
    const dialling = assertRejects(() => dial(TARGET), ConnectionError, text);
    await asked(proxy);
    await proxy.answer(...[...answer].map((sign) => sign.charCodeAt(0)));
    const { proxyFault, permanent } = await dialling;
    assertEquals([proxyFault, permanent, proxy.closed], ["unreachable", true, 1]);
  }
});

Deno.test("A connection of TLS to a silent proxy is closed with its signal", async () => {
  using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const control = new AbortController();
  const dial = proxyDial(`https://127.0.0.1:${server.addr.port}`);
  const dialling = dial(TARGET, control.signal);
  using connection = await server.accept();
  const buffer = new Uint8Array(16_384);
  assert(await connection.read(buffer), "a ClientHello");
  const reason = new Error("the test is over");
  control.abort(reason);
  assertEquals(await assertRejects(() => dialling), reason);
  // Ends only when the client has closed.
  while (await connection.read(buffer).catch(() => null)) continue;
});

Deno.test("An exception of NO_PROXY is dialled without the proxy", async () => {
  const proxy = new ByHand();
  const options = { kind: "socks5", host: "h", port: 1, noProxy: "149.154.160.0/20" } as const;
  const dial = proxyDial(options, proxy.dial);
  (await dial(TARGET)).close();
  assertEquals(proxy.asked, [TARGET]);
});

Deno.test("A target that is no name and no address never reaches the proxy", async () => {
  const hosts = [
    "a b",
    "a\r\nX: y",
    "a/b",
    "a@b",
    "",
    "é",
    "a".repeat(256),
    "1::2::3",
    "a:b",
    "[::1]",
  ];
  for (const kind of ["socks5", "http"]) {
    const proxy = new ByHand();
    const dial = proxyDial(`${kind}://h:1`, proxy.dial);
    for (const host of hosts) {
      const error = await assertRejects(() => dial({ host, port: 443 }), ConnectionError);
      assertMatch(error.message, /the target is neither a name in ASCII nor an IP address/);
    }
    for (const port of [0, -1, 65536, 1.5, NaN]) {
      await assertRejects(
        () => dial({ host: "a", port }),
        ConnectionError,
        "the target is neither",
      );
    }
    assertEquals(proxy.asked, []);
  }
});

Deno.test("The errors of a chain name the proxy that failed", async () => {
  const refusing = { kind: "socks5", username: "lab", password: "hunter2" } as const;
  await using first = startProxy({ kind: "http" });
  await using second = startProxy(refusing);
  const failure = async (one: string, other: string): Promise<ConnectionError> => {
    const dial = proxyDial(other, proxyDial(one));
    return await assertRejects(() => dial({ host: "127.0.0.1", port: 9 }), ConnectionError);
  };
  const dead = "http://127.0.0.1:9";
  const secondWrong = second.url.replace("hunter2", "x");
  for (
    const [one, other, fault, text] of [
      [dead, second.url, "unreachable", /the proxy "http:\/\/127.0.0.1:9": connection refused/],
      [first.url, dead, "unreachable", /the proxy "http:\/\/127.0.0.1:9": the proxy ".*" cannot/],
      [first.url, secondWrong, "refused", /Cannot use the proxy "socks5:.*does not accept/],
      [first.url, second.url, "target", /^Cannot connect to "127.0.0.1:9": the proxy "socks5:/],
    ] as const
  ) {
    const error = await failure(one, other);
    assertEquals(error.proxyFault, fault, error.message);
    assertMatch(error.message, text);
    assert(!/hunter2/.test(error.message));
  }
});

Deno.test("proxyDial() refuses an MTProxy, TLS behind a dial, and what is no proxy", async () => {
  const inner: Dial = () => Promise.reject(new Error("never"));
  const cases: [ProxyOptions, Dial | undefined, string][] = [
    ["tg://proxy?server=h&port=1&secret=aa", undefined, "Cannot use an MTProxy here"],
    ["https://h:1", inner, "Cannot use an https:// proxy behind another dial"],
    ["gopher://h:1", undefined, "Cannot use the proxy"],
  ];
  for (const [proxy, dial, text] of cases) {
    for (let times = 0; times < 2; times++) {
      await assertRejects(() => proxyDial(proxy, dial)(TARGET), TypeError, text);
    }
  }
});

Deno.test("An error of the inner dial that is a fault of its code is passed on", async () => {
  const fault = new RangeError("a fault of the program");
  const dial = proxyDial(PROXY, () => Promise.reject(fault));
  assertStrictEquals(await assertRejects(() => dial(TARGET)), fault);
});
