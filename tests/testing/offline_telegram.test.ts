/**
 * OfflineTelegram: several data centers, in memory and on loopback.
 */
import { AddressList, DcConnection, DcKey } from "../../src/connection/mod.ts";
import { ConnectionError, type Dial, tcpDial, webSocketDial } from "../../src/net/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { parseRsaPublicKey } from "../../src/crypto/mod.ts";
import { silentLogger, systemClock, systemRandom } from "../../src/runtime/mod.ts";
import { obfuscated, paddedIntermediate } from "../../src/transport/mod.ts";
import type { TlObject } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../helpers/assert.ts";

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
