import {
  type Address,
  type Api,
  Client,
  type ClientOptions,
  ConnectionError,
  type Dial,
  MemorySession,
  StringSession,
  webSocketDial,
} from "../../mod.ts";
import { SessionDcBook } from "../../src/session/dc_book.ts";
import { settingsOf } from "../../src/client/options.ts";
import { decryptMessage } from "../../src/crypto/mod.ts";
import { unpackContainer } from "../../src/mtproto/mod.ts";
import { pipe } from "../../src/net/mod.ts";
import { systemRandom } from "../../src/runtime/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { API_LAYER, apiSchema, type TlObject } from "../../src/tl/mod.ts";
import { acceptTransport } from "../../src/transport/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../helpers/assert.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { BOT_TOKEN, clientOf } from "../helpers/sign_in_flows.ts";

const API_HASH = "0123456789abcdef0123456789abcdef";

/** What a client with these options says of itself in its first call, read from the wire. */
async function introduction(options: ClientOptions): Promise<TlObject> {
  await using telegram = new OfflineTelegram();
  const written: Uint8Array[] = [];
  const dial: Dial = ({ dcId }) => {
    const [client, server] = pipe();
    void telegram.dc(dcId).serve(server);
    return Promise.resolve({
      read: () => client.read(),
      close: () => client.close(),
      write(bytes) {
        written.push(bytes.slice());
        return client.write(bytes);
      },
    });
  };
  await using client = clientOf(telegram, { ...options, dial });
  await client.isAuthorized();
  const [{ authKey }] = client.session.state.dcs;
  assert(authKey !== undefined);
  const transport = acceptTransport({ random: systemRandom });
  const packets = written.flatMap((bytes) => transport.receive(bytes));
  const [first] = packets.flatMap(({ payload }) =>
    decryptMessage(authKey, payload, "client") ?? []
  );
  const length = new DataView(first.buffer, first.byteOffset).getUint32(28, true);
  // The first call goes together with a ping.
  const [, call] = unpackContainer(first.subarray(32, 32 + length));
  return apiSchema().decode(call.body) as TlObject;
}

Deno.test("Client introduces itself to Telegram once, around its first call", async () => {
  const options = {
    deviceModel: "Tablet",
    systemVersion: "Wax 2",
    appVersion: "9.9",
    langCode: "it",
    systemLangCode: "la",
  };
  assertEquals(await introduction(options), {
    _: "invokeWithLayer",
    layer: API_LAYER,
    query: {
      _: "initConnection",
      apiId: 12345,
      langPack: "",
      ...options,
      query: { _: "updates.getState" },
    },
  } as TlObject);
});

Deno.test("Client introduces itself as the runtime when it is not told how", async () => {
  const { query } = await introduction({});
  const { deviceModel, systemVersion, appVersion, langCode, systemLangCode } = query as TlObject;
  assertEquals(String(deviceModel), navigator.userAgent);
  assertEquals([appVersion, langCode, systemLangCode], ["0.1.0", "en", "en"]);
  assert(String(systemVersion).length > 0);
});

/** Where a client with these options tries to connect to, in this order. */
async function allDialled(
  options: ClientOptions,
  session = new StringSession(),
): Promise<Address[]> {
  const addresses: Address[] = [];
  const dial: Dial = (address) => {
    addresses.push(address);
    return Promise.reject(new ConnectionError("Cannot connect: this is a test"));
  };
  const client = new Client(session, 1, API_HASH, { dial, connectionRetries: 0, ...options });
  await assertRejects(() => client.connect(), ConnectionError, "this is a test");
  await client.disconnect();
  return addresses;
}

/** Where a client with these options tries to connect to first. */
async function dialled(options: ClientOptions, session?: StringSession): Promise<Address> {
  const [first] = await allDialled(options, session);
  return first;
}

Deno.test("ipVersion chooses and orders the addresses of Telegram", async () => {
  const hosts = async (options: ClientOptions): Promise<string[]> =>
    (await allDialled(options)).map(({ host, port }) => `${host} ${port}`);
  const [v4, v6, other] = ["149.154.167.51", "2001:67c:4e8:f002::a", "95.161.76.100"];
  const byPort = [`${v4} 80`, `${v4} 5222`];
  const usual = [`${v4} 443`, `${v6} 443`, `${other} 443`, ...byPort];
  assertEquals(await hosts({}), usual);
  assertEquals(await hosts({ ipVersion: "prefer4" }), usual);
  const six = [`${v6} 443`, `${v4} 443`, `${other} 443`, ...byPort];
  assertEquals(await hosts({ ipVersion: "prefer6" }), six);
  assertEquals(await hosts({ ipVersion: "only4" }), usual.filter((one) => !one.includes(":")));
  assertEquals(await hosts({ ipVersion: "only6" }), [`${v6} 443`]);
});

Deno.test("an option with a wrong value is a TypeError that names it", () => {
  const cases: Record<string, readonly unknown[]> = {
    floodSleepThreshold: [NaN, -1, "60"],
    requestRetries: [NaN, -1, "5"],
    connectionRetries: [NaN, -1, true],
    retryDelay: [NaN, -1, "1000"],
    giveUpAfter: [NaN, 0, -1, "60"],
    timeout: [NaN, 0, -1, Infinity, "10"],
    keepConnected: ["false", 0],
    logLevel: ["verbose", "", null, 1],
    transport: ["obfuscated", "", null, 1],
    onUpdates: [5, {}],
    dial: [5, {}],
  };
  const make = (options: Record<string, unknown>) =>
    new Client(new StringSession(), 1, API_HASH, options as ClientOptions);
  for (const [name, values] of Object.entries(cases)) {
    make({ [name]: undefined });
    const text = `Cannot use the option ${name}: it is `;
    for (const value of values) assertThrows(() => make({ [name]: value }), TypeError, text);
  }
  make({ giveUpAfter: Infinity, connectionRetries: Infinity, retryDelay: 0, requestRetries: 0 });
});

Deno.test("an option that is null is as good as absent", async () => {
  await using telegram = new OfflineTelegram();
  const names =
    "clock random logger onUpdates timeout retryDelay testServers useWSS fetch proxy dcs";
  const nulls = Object.fromEntries(names.split(" ").map((name) => [name, null]));
  const { dial } = telegram.clientOptions;
  await using client = clientOf(telegram, { ...nulls, dial });
  await client.start({ botAuthToken: BOT_TOKEN });
  await telegram.person("+9996621111").send("@test_777_bot", "Hello");
  assertEquals((await client.getMe())?.username, "test_777_bot");
});

Deno.test("an entry of dcs with an unknown field is a TypeError that names it", () => {
  const dc = { id: 2, host: "127.0.0.1", port: 443 };
  const open = (dcs: unknown) => () =>
    new Client(new StringSession(), 1, API_HASH, {
      dcs: dcs as ClientOptions["dcs"],
    });
  for (const more of [{}, { mediaOnly: true }, { testMode: true }, { path: "/apiws" }]) {
    open([dc, { ...dc, ...more }])();
  }
  assertThrows(open([dc, { id: 2, ip: "127.0.0.1", port: 443 }]), TypeError, 'option "ip" is not');
  assertThrows(open([{ ...dc, Host: "x" }]), TypeError, 'Did you mean "host"?');
  for (const none of [null, 5, "127.0.0.1", [2, "127.0.0.1", 443]]) {
    assertThrows(open([none]), TypeError, "Cannot use an entry of dcs");
  }
});

Deno.test("an entry of dcs with a wrong value is a TypeError that names it", () => {
  const dc = { id: 2, host: "127.0.0.1", port: 443 };
  const cases: Record<string, readonly unknown[]> = {
    id: [undefined, NaN, 1.5, "2", null],
    host: [undefined, "", 5, "[::1]", "a b", "a\r\n", null],
    port: [undefined, NaN, 0, -1, 1.5, 65_536, "443", null],
  };
  for (const [name, values] of Object.entries(cases)) {
    for (const value of values) {
      const dcs = [dc, { ...dc, [name]: value }] as ClientOptions["dcs"];
      const make = () => new Client(new StringSession(), 1, API_HASH, { dcs });
      assertThrows(make, TypeError, `Cannot use an entry of dcs: its ${name} is `);
    }
  }
});

Deno.test("an unknown ipVersion is a TypeError that names the four", () => {
  for (const ipVersion of ["6", "", null, 4, "prefer5"]) {
    const options = { ipVersion } as unknown as ClientOptions;
    const text = '"prefer4", "prefer6", "only4", "only6"';
    assertThrows(() => new Client(new StringSession(), 1, API_HASH, options), TypeError, text);
  }
});

Deno.test("Client begins with data center 2, at an address that fits the options", async () => {
  assertEquals(await dialled({}), { host: "149.154.167.51", port: 443, dcId: 2 });
  assertEquals(await dialled({ testServers: true }), {
    host: "149.154.167.40",
    port: 443,
    dcId: 2,
  });
  assertEquals(await dialled({ useWSS: true }), {
    host: "venus.web.telegram.org",
    port: 443,
    dcId: 2,
  });
  const dcs = [{ id: 2, host: "127.0.0.1", port: 4430 }];
  assertEquals(await dialled({ dcs }), { host: "127.0.0.1", port: 4430, dcId: 2 });
});

Deno.test("Client finds Telegram's servers and test servers by WebSocket", async () => {
  const urls: string[] = [];
  class RefusedWebSocket {
    constructor(url: string) {
      urls.push(url);
      throw new Error("this is a test");
    }
  }
  const real = globalThis.WebSocket;
  Object.assign(globalThis, { WebSocket: RefusedWebSocket });
  try {
    for (const testServers of [false, true]) {
      await using client = new Client(new StringSession(), 1, API_HASH, {
        testServers,
        useWSS: true,
        connectionRetries: 0,
      });
      await assertRejects(() => client.connect(), ConnectionError, "this is a test");
    }
  } finally {
    Object.assign(globalThis, { WebSocket: real });
  }
  assertEquals(urls, [
    "wss://venus.web.telegram.org:443/apiws",
    "wss://kws2.web.telegram.org:443/apiws",
    "wss://zws2.web.telegram.org:443/apiws",
    "wss://venus.web.telegram.org:443/apiws_test",
    "wss://kws2.web.telegram.org:443/apiws_test",
    "wss://zws2.web.telegram.org:443/apiws_test",
  ]);
});

Deno.test("Client uses the session's address unless an option overrides it", async () => {
  const session = new StringSession();
  session.setDC(4, "192.0.2.4", 8443);
  assertEquals(await dialled({}, session), { host: "192.0.2.4", port: 8443, dcId: 4 });
  const moved = [{ id: 4, host: "127.0.0.1", port: 4430 }];
  assertEquals(await dialled({ dcs: moved }, session), {
    host: "127.0.0.1",
    port: 4430,
    dcId: 4,
  });
});

Deno.test("Client uses a TCP address although a browser saved a WebSocket's", async () => {
  const session = new StringSession();
  session.setDC(4, "vesta.web.telegram.org", 443);
  const find = async (options: ClientOptions): Promise<Address> => {
    const book = new SessionDcBook(session, settingsOf(1, options));
    const addresses = await book.find(4, () => Promise.resolve(undefined));
    return addresses.candidates(0)[0];
  };
  const name = { dcId: 4, host: "vesta.web.telegram.org", port: 443 };
  assertEquals(await find({ dial: webSocketDial() }), name);
  assertEquals(await find({}), { dcId: 4, host: "149.154.167.91", port: 443 });
  assertEquals(await find({ proxy: "socks5://127.0.0.1" }), await find({}));
  assertEquals(session.state.dcs[0].host, "149.154.167.91");
  // Nor can a browser use what TCP has learned.
  session.state.dcs[0].addresses = [{ host: "149.154.167.92", port: 443 }];
  assertEquals(await find({ useWSS: true }), name);
  assertEquals((await find({})).host, "149.154.167.92");
});

Deno.test("Client takes no address from help.getConfig that it cannot use", async () => {
  const option = { _: "dcOption", id: 7, port: 443 } as const;
  const config = {
    dcOptions: [
      { ...option, ipAddress: "192.0.2.1", secret: new Uint8Array(16) },
      { ...option, ipAddress: "192.0.2.2", tcpoOnly: true },
      { ...option, ipAddress: "192.0.2.3", mediaOnly: true },
      { ...option, ipAddress: "192.0.2.4", cdn: true },
      { ...option, ipAddress: "192.0.2.6" },
    ],
  } as unknown as Api.config;
  const known = new SessionDcBook(new StringSession(), settingsOf(1, {}));
  const addresses = await known.find(7, () => Promise.resolve(config));
  assertEquals(addresses.candidates(0).map(({ host }) => host), ["192.0.2.6"]);
});

Deno.test("connectionRetries and retryDelay set the number and pace of retries", async () => {
  const clock = new FakeClock(Date.now());
  let dials = 0;
  const dial: Dial = () => {
    dials++;
    return Promise.reject(new ConnectionError("Cannot connect: this is a test"));
  };
  const client = new Client(new MemorySession(), 1, API_HASH, {
    dial,
    clock,
    dcs: [{ id: 2, host: "127.0.0.1", port: 443 }],
    connectionRetries: 3,
    retryDelay: 200,
  });
  const failed = assertRejects(() => client.connect(), ConnectionError, "this is a test");
  await clock.advance(1.2 * (200 + 400 + 800));
  await failed;
  assertEquals(dials, 4);
  await client.disconnect();
});

Deno.test("timeout limits the time to connect", async () => {
  const clock = new FakeClock(Date.now());
  const dial: Dial = () => Promise.resolve(pipe()[0]); // nobody is at the other end
  const options = { dial, clock, timeout: 7, connectionRetries: 0 };
  const client = new Client(new MemorySession(), 1, API_HASH, options);
  const failed = assertRejects(() => client.connect(), ConnectionError, "no answer in 7 s");
  await clock.asleepFor(7000);
  await clock.advance(7000);
  await failed;
  await client.disconnect();
  assertEquals(clock.sleepers, 0);
});

Deno.test("Client keeps to a clock and a source of randomness that it is given", async () => {
  await using telegram = new OfflineTelegram();
  let asked = 0;
  const random = (length: number): Uint8Array => {
    asked += length;
    return systemRandom(length);
  };
  await using client = clientOf(telegram, { random });
  await client.botSignIn(BOT_TOKEN);
  assert(asked > 16 + 32 + 256, "nonce, new_nonce and b at least");
});

Deno.test("Client refuses arguments that cannot be right, at once and in plain words", () => {
  const session = new StringSession();
  const cases: [make: () => unknown, text: string][] = [
    [() => new Client(session, 0, API_HASH), 'Cannot use the api id "0". Pass the whole number'],
    [() => new Client(session, NaN, API_HASH), "Cannot use the api id"],
    [() => new Client(session, 1.5, API_HASH), "Cannot use the api id"],
    [
      () => new Client(session, "YOUR_API_ID", API_HASH),
      "it is no number. Pass the whole number",
    ],
    [() => new Client(session, 1, ""), "Cannot use the api hash. Pass the 32 hexadecimal digits"],
    [() => new Client(session, 1, "777:TESTTOKEN"), "it is not the bot token"],
    [() => new Client({} as StringSession, 1, API_HASH), "Cannot keep the session in a value of"],
    [() => new Client(null as unknown as StringSession, 1, API_HASH), "Cannot keep the session"],
  ];
  for (const [make, text] of cases) assertThrows(make, TypeError, text);
});

Deno.test("Client never shows a hash that is given in place of the api id", () => {
  const swapped = () => new Client(new StringSession(), API_HASH as unknown as number, API_HASH);
  const error = assertThrows(swapped, TypeError);
  assert(!error.message.includes(API_HASH));
});

Deno.test("Client says which runtimes are new enough, in one that is not", () => {
  const { withResolvers } = Promise;
  try {
    Reflect.deleteProperty(Promise, "withResolvers");
    assertThrows(() => new Client(new StringSession(), 1, API_HASH), Error, "Node 22.12");
  } finally {
    Promise.withResolvers = withResolvers;
  }
});
