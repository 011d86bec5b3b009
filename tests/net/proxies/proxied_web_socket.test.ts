/**
 * WebSockets through a proxy, which Deno opens itself: all of them go through it, and a proxy that
 * fails is an error.
 */
import { Client, type ClientOptions, ConnectionError, StringSession } from "../../../mod.ts";
import { dialThrough, type ProxyOptions } from "../../../src/net/mod.ts";
import { OfflineTelegram } from "../../../src/testing/mod.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertRejects,
} from "../../helpers/assert.ts";
import { startProxy } from "../../helpers/proxy_servers.ts";

const CREDENTIALS = { username: "lab", password: "hunter2" };

for (const kind of ["socks5", "http"] as const) {
  Deno.test(`A WebSocket goes through a proxy of kind ${kind}, or not at all`, async () => {
    await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
    const [{ host, port }] = telegram.webSockets;
    await using proxy = startProxy({ kind, ...CREDENTIALS });
    const open = (options: ProxyOptions) => {
      const dial = dialThrough(options, { isWebSocket: true });
      return dial({ host, port, tls: false });
    };
    if (kind === "socks5") {
      const stream = await open(proxy.url);
      stream.close();
      assertEquals(proxy.targets, [`${host}:${port}`]);
    } else {
      // Deno sends ws:// as a plain request, which a proxy that only tunnels refuses.
      await assertRejects(() => open(proxy.url), ConnectionError);
    }
    const before = proxy.targets.length;
    const wrong = proxy.url.replace("hunter2", "hunter3");
    const error = await assertRejects(() => open(wrong), ConnectionError);
    assertMatch(
      error.message,
      /^Cannot connect to "\S+" \(through the proxy "\w+:\/\/127\.0\.0\.1:\d+"\): /,
    );
    assertNotMatch(error.message, /hunter/);
    await assertRejects(() => open(`${kind}://127.0.0.1:9`), ConnectionError, "127.0.0.1:9");
    assertEquals(proxy.targets.length, before);
    const options = { kind, host: "127.0.0.1", port: 9, noProxy: "127.0.0.0/8" };
    (await open(options)).close();
  });
}

Deno.test("A WebSocket through a silent proxy ends in time, or with its signal", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const options = { kind: "socks5", host: "127.0.0.1", port: silent.addr.port } as const;
  const target = { host: "127.0.0.1", port: 9, tls: false };
  const dial = dialThrough({ ...options, timeout: 0.05 }, { isWebSocket: true });
  const error = await assertRejects(() => dial(target), ConnectionError, "no answer in 0.05 s");
  assertMatch(error.message, /^Cannot connect to .* \(through the proxy "socks5:\S+"\): no answer/);
  const control = new AbortController();
  const dialling = dialThrough(options, { isWebSocket: true })(target, control.signal);
  const reason = new Error("the test is over");
  setTimeout(() => control.abort(reason), 20);
  assertEquals(await assertRejects(() => dialling), reason);
  for (let times = 0; times < 2; times++) (await silent.accept()).close();
});

Deno.test("NO_PROXY makes no WebSocket go around a proxy that a program names", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const [{ host, port }] = telegram.webSockets;
  await using proxy = startProxy({ kind: "socks5" });
  const dial = dialThrough(proxy.url, { isWebSocket: true });
  for (const name of ["NO_PROXY", "no_proxy"]) {
    const kept = Deno.env.get(name);
    try {
      const lists = ["127.0.0.1", "a, 127.0.0.0/8", "*", `${host}:${port}`, "0.0.1", "127.0.0.1:1"];
      for (const list of lists) {
        Deno.env.set(name, list);
        const text = "the variable NO_PROXY lists the host";
        const error = await assertRejects(
          () => dial({ host, port, tls: false }),
          ConnectionError,
          text,
        );
        assertEquals(error.permanent, true);
      }
      Deno.env.set(name, "localhost,10.0.0.0/8,.example.org");
      (await dial({ host, port, tls: false })).close();
    } finally {
      if (kept === undefined) Deno.env.delete(name);
      else Deno.env.set(name, kept);
    }
  }
  assertEquals(proxy.targets, Array(2).fill(`${host}:${port}`));
});

Deno.test("A client with useWSS signs in through a SOCKS5 proxy", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const [{ id, host, port }] = telegram.webSockets;
  await using proxy = startProxy({ kind: "socks5", ...CREDENTIALS });
  const { apiId, apiHash, keys } = telegram;
  const dial = dialThrough(proxy.url, { isWebSocket: true });
  const options: ClientOptions = {
    keys,
    dcs: [{ id, host, port }],
    useWSS: true,
    dial: (address, signal) => dial({ ...address, tls: false }, signal),
  };
  await using client = new Client(new StringSession(), apiId, apiHash, options);
  assertEquals((await client.start({ botAuthToken: "777:TESTTOKEN" })).isBot, true);
  assert(proxy.targets.length > 0);
});
