/**
 * OfflineTelegram: several data centers, in memory and on loopback.
 */
import { AddressList, DcConnection, DcKey } from "../../src/connection/mod.ts";
import { ConnectionError, type Dial, tcpDial, webSocketDial } from "../../src/net/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { parseRsaPublicKey } from "../../src/crypto/entry.ts";
import { silentLogger, systemClock, systemRandom } from "../../src/runtime/mod.ts";
import { obfuscated, paddedIntermediate } from "../../src/transport/mod.ts";
import { API_LAYER, type TlObject } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../helpers/assert.ts";
import { settled } from "../helpers/fake_clock.ts";

function connection(
  telegram: OfflineTelegram,
  dial: Dial,
  dc: { id: number; host: string; port: number },
  keys = telegram.keys,
): DcConnection {
  return new DcConnection({
    dc,
    addresses: new AddressList({ dcId: dc.id, known: () => [dc] }),
    key: new DcKey(undefined),
    dial,
    transport: (dcId) =>
      obfuscated(paddedIntermediate(systemRandom), { random: systemRandom, dcId }),
    keys,
    info: {
      apiId: telegram.apiId,
      deviceModel: "test",
      systemVersion: "1",
      appVersion: "1",
      systemLangCode: "en",
      langCode: "en",
    },
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    connectionRetries: 0,
    retryDelay: 1,
    giveUpAfter: 60_000,
    timeout: 10_000,
  });
}

async function nearestDc(connection: DcConnection): Promise<unknown> {
  try {
    const answer = await connection.invoke({ _: "help.getNearestDc" }) as TlObject;
    return answer.thisDc;
  } finally {
    await connection.close();
  }
}

Deno.test("each data center of an OfflineTelegram answers with its number", async () => {
  await using telegram = new OfflineTelegram({ dcs: [1, 2, 4] });
  assertEquals(telegram.dcs.map(({ id }) => id), [1, 2, 4]);
  for (const dc of telegram.dcs) {
    assertEquals(await nearestDc(connection(telegram, telegram.dial, dc)), dc.id);
  }
  assertThrows(() => telegram.dc(3), RangeError, "1, 2, 4");
});

Deno.test("OfflineTelegram listens on TCP and WebSocket until close()", async () => {
  const telegram = await OfflineTelegram.start({ dcs: [2, 3], webSocketPort: 0 });
  for (const dc of telegram.dcs) {
    assertEquals(dc.host, "127.0.0.1");
    assertEquals(await nearestDc(connection(telegram, tcpDial, dc)), dc.id);
  }
  for (const { id, host, port, path } of telegram.webSockets) {
    const dial = webSocketDial();
    const plain: Dial = (address, signal) => dial({ ...address, path, tls: false }, signal);
    assertEquals(await nearestDc(connection(telegram, plain, { id, host, port })), id);
  }
  const [dc] = telegram.dcs;
  await telegram.close();
  await assertRejects(() => nearestDc(connection(telegram, tcpDial, dc)), ConnectionError);
});

Deno.test("OfflineTelegram.dial() finds a data center by number or address", async () => {
  await using telegram = new OfflineTelegram({ dcs: [1, 2] });
  for (const { id, host, port } of telegram.dcs) {
    (await telegram.dial({ host, port })).close();
    (await telegram.dial({ host: "anywhere", port: 1, dcId: id })).close();
  }
  await assertRejects(
    () => telegram.dial({ host: "dc9.offline", port: 443 }),
    ConnectionError,
    "dc9.offline:443",
  );
  await assertRejects(() => telegram.dial({ host: "dc1.offline", port: 443 }, AbortSignal.abort()));
});

Deno.test("OfflineTelegram returns its public key as a PEM, without the private half", async () => {
  await using telegram = new OfflineTelegram();
  assertEquals(parseRsaPublicKey(telegram.publicKeyPem).fingerprint, telegram.keys[0].fingerprint);
  assert(telegram.keys.every((key) => !("d" in key)));
});

Deno.test("a client that trusts the key of the PEM can connect to every data center", async () => {
  await using telegram = new OfflineTelegram({ dcs: [1, 2] });
  const trusted = [parseRsaPublicKey(telegram.publicKeyPem)];
  for (const dc of telegram.dcs) {
    assertEquals(await nearestDc(connection(telegram, telegram.dial, dc, trusted)), dc.id);
  }
});

Deno.test("a client that trusts another key refuses an OfflineTelegram", async () => {
  await using telegram = new OfflineTelegram({ dcs: [2] });
  await using other = new OfflineTelegram({ dcs: [1] });
  const [dc] = telegram.dcs;
  await assertRejects(
    () => nearestDc(connection(other, telegram.dial, dc)),
    Error,
    "RSA fingerprints",
  );
});

Deno.test("a data center in memory has the addresses that the options name", async () => {
  const addresses = { 2: ["a.offline", "b.offline:80", "::1", "[2001:db8::1]:5222", "10.0.0.1"] };
  await using telegram = new OfflineTelegram({ dcs: [2, 4], addresses });
  assertEquals(telegram.dcs, [
    { id: 2, host: "a.offline", port: 443 },
    { id: 2, host: "b.offline", port: 80 },
    { id: 2, host: "::1", port: 443 },
    { id: 2, host: "2001:db8::1", port: 5222 },
    { id: 2, host: "10.0.0.1", port: 443 },
    { id: 4, host: "dc4.offline", port: 443 },
  ]);
  for (const dc of telegram.dcs) {
    assertEquals(await nearestDc(connection(telegram, telegram.dial, dc)), dc.id);
  }
  const caller = { dcId: 2, authKeyId: "00", sessionId: 1n, layer: API_LAYER };
  const config = telegram.api.handle({ _: "help.getConfig" }, caller) as TlObject;
  const named = (config.dcOptions as TlObject[]).map(({ id, ipAddress, port, ipv6 }) => {
    assertEquals(ipv6 ?? false, String(ipAddress).includes(":"));
    return { id, host: ipAddress, port };
  });
  assertEquals(named, [...telegram.dcs]);
});

Deno.test("OfflineTelegram.unplug() takes a host off the network in memory", async () => {
  await using telegram = new OfflineTelegram({ addresses: { 2: ["a.offline", "b.offline"] } });
  const [a, b] = telegram.dcs.map(({ host, port }) => ({ host, port, dcId: 2 }));
  const before = await telegram.dial(a);
  telegram.unplug("a.offline", { refuses: true });
  await assertRejects(() => telegram.dial(a), ConnectionError, "connection refused");
  (await telegram.dial(b)).close();
  telegram.unplug("a.offline");
  const control = new AbortController();
  let isOver = false;
  const waiting = telegram.dial(a, control.signal).finally(() => isOver = true);
  waiting.catch(() => {});
  await settled();
  assertEquals([isOver, telegram.dc().connectionCount], [false, 1], "open connections go on");
  control.abort(new Error("enough"));
  await assertRejects(() => waiting, Error, "enough");
  telegram.plug("a.offline");
  (await telegram.dial(a)).close();
  before.close();
});

Deno.test("OfflineTelegram.moveDc() moves a data center to other addresses in memory", async () => {
  await using telegram = new OfflineTelegram({ dcs: [2, 4] });
  const [old, other] = telegram.dcs;
  const streams = [await telegram.dial(old), await telegram.dial(other)];
  await telegram.moveDc(2, { addresses: ["new.offline", "newer.offline:80"] });
  assertEquals(telegram.dcs, [
    { id: 2, host: "new.offline", port: 443 },
    { id: 2, host: "newer.offline", port: 80 },
    other,
  ]);
  assertEquals(await streams[0].read(), undefined, "the connection to the old address is cut");
  await assertRejects(() => telegram.dial({ ...old, dcId: 2 }), ConnectionError, "refused");
  assertEquals(telegram.dc(4).connectionCount, 1);
  for (const dc of telegram.dcs) {
    assertEquals(await nearestDc(connection(telegram, telegram.dial, dc)), dc.id);
  }
  await telegram.moveDc(2, { addresses: [old.host] });
  assertEquals(await nearestDc(connection(telegram, telegram.dial, old)), 2, "it moved back");
  await assertRejects(() => telegram.moveDc(2), TypeError, "no new addresses");
  await assertRejects(() => telegram.moveDc(3, { addresses: ["a"] }), RangeError, "2, 4");
  streams[1].close();
});

Deno.test("OfflineTelegram.moveDc() listens anew on TCP, and frees the old port", async () => {
  await using telegram = await OfflineTelegram.start({ dcs: [2, 4] });
  const [old, other] = telegram.dcs;
  await telegram.moveDc(2);
  const [moved, same] = telegram.dcs;
  assert(moved.port !== old.port);
  assertEquals(same, other);
  assertEquals(await nearestDc(connection(telegram, tcpDial, moved)), 2);
  await assertRejects(() => nearestDc(connection(telegram, tcpDial, old)), ConnectionError);
});

Deno.test("OfflineTelegram.listen() listens on several addresses, or on none", async () => {
  await using telegram = await OfflineTelegram.start({
    hostname: ["127.0.0.1", "127.0.0.2"],
    dcs: [2, 4],
    webSocketPort: 0,
  });
  const hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.1", "127.0.0.2"];
  assertEquals(telegram.dcs.map(({ host }) => host), hosts);
  assertEquals(telegram.webSockets.map(({ host }) => host), hosts);
  for (const dc of telegram.dcs) {
    assertEquals(await nearestDc(connection(telegram, tcpDial, dc)), dc.id);
  }
  const [{ port }] = telegram.dcs;
  const twice = { hostname: ["127.0.0.3", "127.0.0.1"], port };
  await assertRejects(() => OfflineTelegram.start(twice), ConnectionError, "in use");
  const free = await OfflineTelegram.start({ hostname: "127.0.0.3", port });
  await free.close();
});

Deno.test("OfflineTelegram refuses an idleTimeout that is no time", () => {
  for (const idleTimeout of [0, -1, NaN]) {
    assertThrows(
      () => new OfflineTelegram({ idleTimeout }),
      RangeError,
      "expected seconds above 0",
    );
  }
});
