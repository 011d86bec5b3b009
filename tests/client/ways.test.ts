/**
 * A whole life of clients over other ways than TCP: WebSocket and HTTP, at the hosts that Telegram
 * has for them, and WebSocket through a proxy. Every connection is recorded.
 */
import { Client, ConnectionError, type Dial, StringSession, webSocketDial } from "../../mod.ts";
import { systemRandom } from "../../src/runtime/mod.ts";
import type { OfflineTelegram } from "../../src/testing/mod.ts";
import { acceptTransport } from "../../src/transport/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { lifeTelegram, liveThroughProxy, WHOLE_LIFE } from "../helpers/proxied_life.ts";
import { startProxy } from "../helpers/proxy_servers.ts";
import { recordNetwork } from "../helpers/recorded_network.ts";

const CDN = 203;
/** The names of the data centers 1 to 5 at `web.telegram.org`. */
const NAMES = ["pluto", "venus", "aurora", "vesta", "flora"];
/** Where the life goes: files are at the home, which is data center 4, and at data center 2. */
const HOSTS = ["pluto", "venus", "venus-1", "vesta", "vesta-1"]
  .map((name) => `${name}.web.telegram.org`);

/** The data center of a host, and whether the host is for files. */
function dcOf(host: string): { readonly id: number; readonly isForFiles: boolean } {
  const [, name = "", files] = /^([a-z]+)(-1)?\.web\.telegram\.org$/.exec(host) ?? [];
  return { id: NAMES.indexOf(name) + 1, isForFiles: files !== undefined };
}

/** The options of a client with WebSockets to names that only a proxy can find. */
function hiddenWebSockets({ webSockets }: OfflineTelegram) {
  // No WebSocket leads to a CDN.
  const dcs = webSockets.filter(({ id }) => id !== CDN).map(({ id, port }) => ({
    id,
    host: `dc${id}.telegram.invalid`,
    port,
    tls: false,
  }));
  return { dcs, useWSS: true };
}

Deno.test("A whole life of a client goes by WebSocket, files over hosts of their own", async () => {
  await using telegram = await lifeTelegram({ webSocketPort: 0 });
  const open = webSocketDial({ tls: false });
  const hosts: string[] = [];
  const named: number[] = [];
  const dial: Dial = async (address, signal) => {
    assertEquals(address.port, 443);
    hosts.push(address.host);
    const { id, isForFiles } = dcOf(address.host);
    const to = telegram.webSockets.find((one) => one.id === id);
    assert(to !== undefined, address.host);
    const stream = await open(to, signal);
    const seen = acceptTransport({ random: systemRandom });
    return {
      read: () => stream.read(),
      write: (bytes) => {
        if (seen.dcId === undefined) seen.receive(bytes);
        assertEquals(seen.dcId, isForFiles ? -id : id, "the header names the data center");
        named.push(seen.dcId ?? 0);
        return stream.write(bytes);
      },
      close: () => stream.close(),
    };
  };
  const options = { dcs: undefined, useWSS: true, dial };
  assertEquals(await liveThroughProxy(telegram, options), [...WHOLE_LIFE]);
  assertEquals(new Set(hosts), new Set(HOSTS));
  assertEquals(new Set(named), new Set([1, 2, -2, 4, -4]));
});

Deno.test("A whole life of a client goes by HTTP, files over hosts of their own", async () => {
  await using telegram = await lifeTelegram();
  const urls: string[] = [];
  const { fetch } = globalThis;
  const options = {
    dcs: undefined,
    transport: "http",
    fetch: (input: string | URL, init?: RequestInit) => {
      const url = new URL(input);
      urls.push(url.href);
      const { id, isForFiles } = dcOf(url.hostname);
      const to = telegram.dcs.find((dc) => dc.id === id && !!dc.mediaOnly === isForFiles);
      assert(to !== undefined, url.href);
      return fetch(`http://${to.host}:${to.port}${url.pathname}`, init);
    },
  } as const;
  assertEquals(await liveThroughProxy(telegram, options), [...WHOLE_LIFE]);
  assertEquals(new Set(urls), new Set(HOSTS.map((host) => `https://${host}/apiw1`)));
});

Deno.test("A whole life goes by WebSocket through a proxy, which resolves all names", async () => {
  await using telegram = await lifeTelegram({ webSocketPort: 0 });
  await using proxy = startProxy({
    kind: "socks5",
    username: "lab",
    password: "hunter2",
    route: (target) => ({ hostname: "127.0.0.1", port: Number(target.split(":")[1]) }),
  });
  using network = recordNetwork(proxy.port);
  const options = { ...hiddenWebSockets(telegram), proxy: proxy.url };
  assertEquals(await liveThroughProxy(telegram, options), [...WHOLE_LIFE]);
  assertEquals([network.leaks, proxy.refused], [[], 0]);
  const names = options.dcs.map(({ host, port }) => `${host}:${port}`);
  assertEquals(new Set(proxy.targets), new Set(names));
  assertEquals(new Set(proxy.addressTypes), new Set([3]), "names, and no IP addresses");
  assertEquals([network.allowed.length, proxy.accepted], Array(2).fill(proxy.targets.length));
});

Deno.test("A dead proxy of WebSockets is an error, and never a direct connection", async () => {
  await using telegram = await lifeTelegram({ webSocketPort: 0 });
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const { apiId, apiHash, keys, webSockets } = telegram;
  const dcs = webSockets.map((address) => ({ ...address, tls: false }));
  for (const kind of ["socks5", "http"]) {
    using network = recordNetwork(port);
    const proxy = `${kind}://lab:hunter2@127.0.0.1:${port}`;
    const options = { keys, dcs, useWSS: true, proxy, connectionRetries: 1, retryDelay: 5 };
    await using client = new Client(new StringSession(), apiId, apiHash, options);
    await assertRejects(() => client.connect(), ConnectionError, `the proxy "${kind}://127`);
    assertEquals([network.leaks, network.allowed.length], [[], 2]);
  }
});
