/**
 * A client and the addresses of Telegram: dead ones, blocked ones, and those that change while it
 * runs. Its session begins without addresses of its own unless a test says so.
 */
import { Client, type ClientOptions, ConnectionError, MemorySession } from "../../mod.ts";
import { PRODUCTION_DCS } from "../../src/connection/mod.ts";
import { type Address, type Dial, formatAddress, pipe, tcpDial } from "../../src/net/mod.ts";
import { findDc } from "../../src/session/mod.ts";
import { readStateText, writeStateText } from "../../src/session/state/state_text.ts";
import { OfflineTelegram, type OfflineTelegramOptions } from "../../src/testing/mod.ts";
import type { TlObject } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import "../helpers/remembered_powers.ts";

const HOUR = 3_600_000;
const NEAREST_DC = { _: "help.getNearestDc" } as const;
const DEAD = { id: 2, host: "192.0.2.1", port: 443 };
/** The first address of DC 2 that ships with the library. */
const BUILT_IN = "149.154.167.51";

interface WorldOptions {
  readonly telegram?: OfflineTelegramOptions;
  readonly client?: ClientOptions;
  readonly session?: MemorySession;
}

/** A client, its Telegram, and all that a test wants to know of them. */
class World implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly telegram: OfflineTelegram;
  readonly client: Client<MemorySession>;
  /** Where the client dialled, and when. */
  readonly dialled: (readonly [number, string])[] = [];
  /** The methods that came to Telegram. */
  readonly calls: string[] = [];
  /** Opens a connection instead of the offline Telegram. */
  detour: (address: Address) => ReturnType<Dial> | undefined = () => undefined;

  constructor({ telegram, client, session = new MemorySession() }: WorldOptions = {}) {
    const { clock } = this;
    this.telegram = new OfflineTelegram({ clock, ...telegram });
    const { api, apiId, apiHash, keys } = this.telegram;
    const handle = api.handle.bind(api);
    api.handle = (request, caller) => {
      this.calls.push(`${request._}@${caller.dcId}`);
      return handle(request, caller);
    };
    const dial: Dial = (address, signal) => {
      this.dialled.push([clock.monotonic(), formatAddress(address)]);
      return this.detour(address) ?? this.telegram.dial(address, signal);
    };
    this.client = new Client(session, apiId, apiHash, { dial, keys, clock, ...client });
  }

  get hosts(): string[] {
    return this.dialled.map(([, address]) => address.replace(/:443$/, ""));
  }

  get configCalls(): number {
    return this.calls.filter((call) => call.startsWith("help.getConfig")).length;
  }

  /** The session's entry of a data center. */
  dc(id = 2): ReturnType<typeof findDc> {
    return findDc(this.client.session.state, id);
  }

  /** Waits for a call, while time passes. */
  async call(dcId = 2, ms = 0): Promise<unknown> {
    const call = this.client.invoke(NEAREST_DC, { dcId }).catch((error: Error) => error);
    await this.clock.advance(ms);
    return call;
  }

  /** Sends an update that means nothing. */
  async push(update: TlObject = { _: "updateConfig" }): Promise<void> {
    const date = Math.floor(this.clock.now() / 1000);
    await this.telegram.dc().pushToAll({ _: "updateShort", update, date });
    await this.clock.advance(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.disconnect();
    await this.telegram.close();
  }
}

Deno.test("a client whose first address is dead connects over the second in 300 ms", async () => {
  await using world = new World({ client: { dcs: [DEAD, { ...DEAD, host: "192.0.2.2" }] } });
  world.telegram.unplug(DEAD.host);
  const connected = world.client.connect();
  await world.clock.advance(299);
  assertEquals([world.client.connected, world.hosts], [false, [DEAD.host]]);
  await world.clock.advance(1);
  await connected;
  assertEquals(world.dialled, [[0, "192.0.2.1:443"], [300, "192.0.2.2:443"]]);
  await world.call();
  assertEquals(world.dc()?.host, "192.0.2.2");
  await world.client.disconnect();
  await world.client.connect();
  assertEquals(world.hosts.slice(2), ["192.0.2.2"], "it begins with the address that worked");
});

Deno.test("a client whose session names a dead address finds Telegram all the same", async () => {
  for (const refuses of [true, false]) {
    const session = new MemorySession({ dcId: 2, dcs: [DEAD] });
    await using world = new World({ session });
    world.telegram.unplug(DEAD.host, { refuses });
    await world.call(2, 300);
    assertEquals(world.dialled, [[0, "192.0.2.1:443"], [refuses ? 0 : 300, `${BUILT_IN}:443`]]);
    assertEquals([world.dc()?.host, world.client.connected], [BUILT_IN, true]);
  }
});

Deno.test("a client reaches Telegram by IPv6 or port 80 if nothing else gets through", async () => {
  const ofDc2 = PRODUCTION_DCS.filter(({ id }) => id === 2).map(formatAddress);
  const sixth = "[2001:67c:4e8:f002::a]:443";
  for (const open of [sixth, `${BUILT_IN}:80`, `${BUILT_IN}:5222`]) {
    await using world = new World();
    world.detour = (address) => formatAddress(address) === open ? undefined : new Promise(() => {});
    await world.call(2, 2000);
    assert(world.client.connected);
    assertEquals(formatAddress({ host: "", port: 0, ...world.dc() }), open);
    assertEquals(world.dialled.at(-1), [300 * ofDc2.indexOf(open), open]);
  }
});

Deno.test("an address that accepts connections but never answers goes last", async () => {
  const dcs = [DEAD, { ...DEAD, host: "192.0.2.2" }];
  await using world = new World({ client: { dcs, retryDelay: 1000 } });
  world.detour = ({ host }) => host === DEAD.host ? Promise.resolve(pipe()[0]) : undefined;
  await world.call(2, 11_200);
  assertEquals(world.hosts, ["192.0.2.1", "192.0.2.2"]);
  const [, [second]] = world.dialled;
  assert(second >= 10_800 && second <= 11_200, `${second} ms`);
});

Deno.test("a client that cannot get through names every address and its reason", async () => {
  const dcs = [DEAD, { ...DEAD, host: "192.0.2.2" }];
  await using world = new World({ client: { dcs, connectionRetries: 0 } });
  for (const { host } of dcs) world.telegram.unplug(host, { refuses: true });
  await assertRejects(
    () => world.client.connect(),
    ConnectionError,
    'at any of 2 addresses: "192.0.2.1:443" (connection refused), ' +
      '"192.0.2.2:443" (connection refused)',
  );
  assertEquals(world.clock.sleepers, 0);
});

Deno.test("a client learns where Telegram moves, and follows it", async () => {
  await using world = new World({ telegram: { addresses: { 2: ["old.offline"] } } });
  const { telegram, client } = world;
  for (const { host } of PRODUCTION_DCS) telegram.unplug(host, { refuses: true });
  const session = client.session.state;
  session.dcs.push({ id: 2, host: "old.offline", port: 443 });
  await world.call();
  await telegram.moveDc(2, { addresses: ["new.offline", "[2001:db8::7]:80"] });
  await world.clock.advance(0);
  await world.call(2, 1000);
  assertEquals(world.hosts, ["old.offline", "old.offline", "new.offline"]);
  assertEquals(world.dc()?.host, "new.offline");
  assertEquals(world.dc()?.addresses, [
    { host: "new.offline", port: 443 },
    { host: "2001:db8::7", port: 80 },
  ]);
  assertEquals(world.dc()?.addressesDate, Math.floor(world.clock.now() / 1000) - 1);
});

Deno.test("what a client learned is there after a restart", async () => {
  const addresses = { 2: ["a.offline", "b.offline"], 4: ["c.offline"] };
  const options: WorldOptions = { telegram: { dcs: [2, 4], addresses } };
  await using first = new World(options);
  await first.client.invoke({ _: "help.getConfig" });
  const text = writeStateText(first.client.session.state);
  const session = new MemorySession(readStateText(text));
  await using second = new World({ ...options, session });
  for (const { host } of PRODUCTION_DCS) second.telegram.unplug(host, { refuses: true });
  second.telegram.unplug("a.offline", { refuses: true });
  assertEquals(await second.call(), await first.call());
  const named = second.hosts.filter((host) => host.endsWith(".offline"));
  assertEquals([...new Set(named)], ["a.offline", "b.offline"]);
  await second.client.invoke(NEAREST_DC, { dcId: 4 });
  assertEquals(second.hosts.at(-1), "c.offline");
});

Deno.test("every answer of help.getConfig is learned and saved, whoever asked", async () => {
  const session = new MemorySession();
  let saves = 0;
  session.save = () => saves++;
  await using world = new World({ session, telegram: { dcs: [2, 4] } });
  await world.call();
  await world.clock.advance(1000);
  const before = saves;
  await world.client.invoke({ _: "help.getConfig" });
  assertEquals(world.dc(4)?.addresses, [{ host: "dc4.offline", port: 443 }]);
  await world.clock.advance(1000);
  assertEquals(saves, before + 1);
});

Deno.test("a client that listens asks for the addresses again when they expire", async () => {
  await using world = new World({ client: { onUpdates: () => {} } });
  await world.call();
  assertEquals(world.configCalls, 0, "no call waits for it");
  await world.push();
  await world.push();
  assertEquals(world.configCalls, 1, "once, as it knew nothing");
  await world.clock.advance(HOUR - 1000);
  await world.push();
  assertEquals(world.configCalls, 1, "the addresses are still fresh");
  await world.clock.advance(1000);
  assertEquals(world.configCalls, 1, "no timer wakes it");
  await world.push();
  assertEquals(world.configCalls, 2);
  await world.push({ _: "updateDcOptions", dcOptions: [] });
  assertEquals(world.configCalls, 2, "not within a minute");
  await world.clock.advance(60_000);
  await world.push();
  assertEquals(world.configCalls, 3, "they are no longer fresh");
});

Deno.test("a client that was away for an hour asks for the addresses again", async () => {
  for (const [age, calls] of [[1000, 0], [3599, 0], [3600, 1], [-7200, 1]]) {
    const now = new FakeClock().now() / 1000;
    const dc = { id: 2, host: "dc2.offline", port: 443, addressesDate: now - age };
    const session = new MemorySession({ dcId: 2, dcs: [dc] });
    await using world = new World({ session, client: { onUpdates: () => {} } });
    await world.call();
    await world.push();
    assertEquals(world.configCalls, calls, `${age} s`);
  }
});

Deno.test("a client that does not listen, or was given the addresses, never asks", async () => {
  const dcs = [{ id: 2, host: "dc2.offline", port: 443 }];
  for (const client of [{}, { dcs, onUpdates: () => {} }]) {
    await using world = new World({ client });
    await world.call();
    await world.push();
    await world.clock.advance(2 * HOUR);
    await world.push();
    assertEquals(world.configCalls, 0);
  }
});

Deno.test("addresses that Telegram names never replace those of the caller", async () => {
  const dcs = [{ id: 2, host: "dc2.offline", port: 443 }];
  await using world = new World({ client: { dcs } });
  await world.client.invoke({ _: "help.getConfig" });
  const dcOptions = [{ _: "dcOption", id: 2, ipAddress: "192.0.2.9", port: 443 }];
  await world.push({ _: "updateDcOptions", dcOptions });
  assertEquals([world.dc()?.host, world.dc()?.addresses], ["dc2.offline", undefined]);
});

Deno.test("a client asks the home where a data center is that no address leads to", async () => {
  await using world = new World({ telegram: { dcs: [2, 4], addresses: { 4: ["new.offline"] } } });
  for (const { host } of PRODUCTION_DCS.filter(({ id }) => id === 4)) {
    world.telegram.unplug(host, { refuses: true });
  }
  await world.call();
  await world.call(4, 1200);
  assertEquals(world.configCalls, 1);
  assertEquals(world.hosts.at(-1), "new.offline");
  const at = world.dialled.at(-1)?.[0] ?? 0;
  assert(at >= 800 && at <= 1200, "at the next attempt");
});

Deno.test("an error in the place of the addresses changes nothing", async () => {
  await using world = new World({ client: { onUpdates: () => {} } });
  await world.call();
  world.telegram.api.failNext("help.getConfig", { code: 400, message: "NO" });
  await world.push();
  assertEquals([world.configCalls, world.dc()?.addresses], [1, undefined]);
  await world.push();
  assertEquals(world.configCalls, 1, "not within a minute");
  await world.clock.advance(60_000);
  await world.push();
  assertEquals([world.configCalls, world.dc()?.addresses?.length], [2, 1]);
});

/** An offline Telegram on both versions of IP: in memory if this machine has no IPv6. */
async function onBothVersions(): Promise<[OfflineTelegram, Dial]> {
  try {
    const hostname = ["127.0.0.1", "::1"];
    return [await OfflineTelegram.start({ hostname }), tcpDial];
  } catch {
    const telegram = new OfflineTelegram({ addresses: { 2: ["127.0.0.1", "::1"] } });
    return [telegram, telegram.dial];
  }
}

Deno.test("a client connects by IPv6 over a real socket, and follows a real move", async () => {
  const [offline, loopback] = await onBothVersions();
  await using telegram = offline;
  const { apiId, apiHash, keys, dcs } = telegram;
  assertEquals(dcs.map(({ host }) => host), ["127.0.0.1", "::1"]);
  for (const ipVersion of ["only4", "only6", "prefer6"] as const) {
    const session = new MemorySession();
    await using client = new Client(session, apiId, apiHash, {
      keys,
      dcs,
      ipVersion,
      dial: loopback,
    });
    const { dcOptions } = await client.invoke({ _: "help.getConfig" });
    assertEquals(dcOptions.map(({ ipAddress, ipv6 }) => [ipAddress, ipv6 ?? false]), [
      ["127.0.0.1", false],
      ["::1", true],
    ]);
    assertEquals(findDc(session.state)?.host, ipVersion === "only4" ? "127.0.0.1" : "::1");
  }
  const session = new MemorySession();
  const [{ id, host, port }] = dcs;
  session.setDC(id, host, port);
  const dialled: string[] = [];
  // Not beyond this machine: the addresses that ship with the library are not for a test.
  const dial: Dial = (address, signal) => {
    dialled.push(formatAddress(address));
    return PRODUCTION_DCS.some((dc) => dc.host === address.host)
      ? Promise.reject(new ConnectionError("Cannot connect: this is a test"))
      : loopback(address, signal);
  };
  await using client = new Client(session, apiId, apiHash, { keys, dial });
  await client.invoke(NEAREST_DC);
  await telegram.moveDc(2, { hostname: "::1", addresses: ["[::1]:444"] });
  await client.invoke(NEAREST_DC);
  const [moved] = telegram.dcs;
  const dc = findDc(session.state);
  assertEquals([dc?.host, dc?.port], [moved.host, moved.port]);
  assertEquals([dialled[0], dialled.at(-1)], [dcs[0], moved].map(formatAddress));
});
