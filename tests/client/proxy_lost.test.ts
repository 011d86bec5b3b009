/**
 * A proxy that dies while clients live: every further call to a data center without a connection
 * fails with an error that names the proxy, and nothing tries to get around it. When it is back,
 * each connection authenticates anew.
 */
import { Client, ConnectionError, type Message, StringSession } from "../../mod.ts";
import { MtproxyServer } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../helpers/assert.ts";
import { lifeTelegram } from "../helpers/proxied_life.ts";
import { startProxy, type TestProxyOptions } from "../helpers/proxy_servers.ts";
import { recordNetwork } from "../helpers/recorded_network.ts";

type Telegram = Awaited<ReturnType<typeof lifeTelegram>>;

/** A proxy of a test, that can be ended before the test is over. */
interface Mortal {
  readonly port: number;
  readonly url: string;
  end(): Promise<void>;
}

const PHONE = "+9996621111";
const FAR = "+9996644444";
const CODE = "22222";

const KINDS: Readonly<Record<string, (telegram: Telegram) => Promise<Mortal>>> = {
  SOCKS5: () => start("socks5"),
  HTTP: () => start("http"),
  MTProxy: async (telegram) => {
    const proxy = new MtproxyServer(telegram, { secret: "5e".repeat(16) });
    await proxy.listen();
    const { port } = proxy.address;
    return { port, url: proxy.link, end: () => proxy.close() };
  },
};

function start(kind: "socks5" | "http"): Promise<Mortal> {
  const proxy = startProxy({ kind });
  const { port, url } = proxy;
  return Promise.resolve({ port, url, end: async () => await proxy[Symbol.asyncDispose]() });
}

for (const [kind, startOne] of Object.entries(KINDS)) {
  Deno.test(`A proxy that dies (${kind}) is named by every call, and not gone around`, async () => {
    await using telegram = await lifeTelegram();
    const { apiId, apiHash, dcs, keys } = telegram;
    const proxy = await startOne(telegram);
    using network = recordNetwork(proxy.port);
    await using client = new Client(new StringSession(), apiId, apiHash, {
      dcs,
      keys,
      proxy: proxy.url,
      connectionRetries: 2,
      retryDelay: 5,
    });
    await client.start({ phoneNumber: PHONE, phoneCode: CODE });
    const sent = await client.sendFile("me", new Uint8Array(300_000));
    telegram.api.moveFile(fileIdOf(sent), 4); // where this client has no connection
    const before = network.allowed.length;

    await proxy.end();
    const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
      "a call at home": () => client.getMe(),
      "a call at another data center": () => client.invoke({ _: "help.getConfig" }, { dcId: 1 }),
      "a download": () => new Response(client.download(sent) as ReadableStream).bytes(),
      "an upload": () => client.sendFile("me", new Uint8Array(300_000)),
    };
    for (const [what, attempt] of Object.entries(attempts)) {
      const { message } = await assertRejects(attempt, ConnectionError, undefined, what);
      const name = `roxy "${kind === "MTProxy" ? "" : proxy.url.slice(0, 4)}`;
      assertStringIncludes(message, name, what);
      assertStringIncludes(message, `127.0.0.1:${proxy.port}"`, what);
    }
    assertEquals(network.leaks, []);
    const tries = network.allowed.slice(before);
    assert(tries.length >= 4, `${tries.length} tries`);
    assertEquals(new Set(tries), new Set([`tcp 127.0.0.1:${proxy.port}`]));
  });
}

for (const kind of ["socks5", "http"] as const) {
  Deno.test(`Each connection through a ${kind} proxy that is back gives its password`, async () => {
    await using telegram = await lifeTelegram();
    const { apiId, apiHash, dcs, keys } = telegram;
    const options: TestProxyOptions = { kind, username: "lab", password: "hunter2" };
    const first = startProxy(options);
    const { port, url } = first;
    using network = recordNetwork(port);
    await using client = new Client(new StringSession(), apiId, apiHash, {
      dcs,
      keys,
      proxy: url,
      retryDelay: 5,
    });
    await client.connect();
    await client.invoke({ _: "help.getConfig" }, { dcId: 1 });
    assertEquals([first.refused, first.accepted], [0, first.targets.length]);

    await first[Symbol.asyncDispose]();
    await using again = startProxy({ ...options, port });
    await client.start({ phoneNumber: FAR, phoneCode: CODE });
    assertEquals(client.session.state.dcId, 4);
    await client.invoke({ _: "help.getConfig" }, { dcId: 1 });
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index * 7);
    const sent = await client.sendFile("me", bytes);
    const read = () => new Response(client.download(sent) as ReadableStream).bytes();
    telegram.api.moveFile(fileIdOf(sent), 2);
    assertEquals(await read(), bytes);
    telegram.api.serveByCdn(fileIdOf(sent));
    assertEquals(await read(), bytes);
    // Two homes, another data center, two ports for files, and the CDN.
    assertEquals(new Set(again.targets).size, 6);
    assertEquals([again.refused, again.accepted], [0, again.targets.length]);
    assertEquals(network.leaks, []);
  });
}

/** Returns the id of the file of a message. */
function fileIdOf({ raw }: Message): bigint {
  const { media } = raw as { media?: { document?: { id?: bigint } } };
  assert(media?.document?.id !== undefined);
  return media.document.id;
}
