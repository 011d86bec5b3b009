/** Connections to CDNs in the pool: their keys, and the way there. https://core.telegram.org/cdn */
import {
  AddressList,
  type CdnDc,
  DcKey,
  DcPool,
  type DcPoolOptions,
} from "../../src/connection/mod.ts";
import { ConnectionError, type Dial } from "../../src/net/mod.ts";
import { silentLogger, systemRandom } from "../../src/runtime/mod.ts";
import { intermediate } from "../../src/transport/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { FakeClock } from "../helpers/fake_clock.ts";

const CDN: CdnDc = {
  id: 2,
  addresses: [{ host: "cdn.example", port: 443 }],
  settings: { connectionRetries: 0 },
};
const INFO = {
  apiId: 1,
  deviceModel: "test",
  systemVersion: "1",
  appVersion: "1",
  systemLangCode: "en",
  langCode: "en",
};

/** A pool whose connections all fail. Notes the hosts that are dialled. */
function poolOf(
  more: Partial<DcPoolOptions["settings"]> = {},
): { readonly pool: DcPool; readonly dialled: string[]; readonly asked: string[] } {
  const dialled: string[] = [];
  const asked: string[] = [];
  const dial: Dial = ({ host }) => {
    dialled.push(host);
    return Promise.reject(new ConnectionError("Cannot connect: nobody is there"));
  };
  const listOf = (host: string): AddressList =>
    new AddressList({ dcId: 2, known: () => [{ host, port: 443 }] });
  const pool = new DcPool({
    settings: {
      dial,
      transport: () => intermediate(),
      keys: [],
      info: INFO,
      clock: new FakeClock(),
      random: systemRandom,
      logger: silentLogger,
      connectionRetries: 0,
      retryDelay: 1,
      giveUpAfter: 1000,
      timeout: 1000,
      ...more,
    },
    book: {
      homeDcId: 2,
      isLearning: false,
      timeOffset: 0,
      lend: () => {},
      learnedAt: undefined,
      find: () => Promise.resolve(listOf("dc2.example")),
      ofCdn: ({ addresses: [{ host }] }) => listOf(host),
      learn: () => {},
      keyOf: (dcId) => {
        asked.push(`key of ${dcId}`);
        return new DcKey(undefined);
      },
    },
    testMode: false,
    keepsHome: () => false,
    onUpdate: () => {},
    onMissedUpdates: () => {},
    onIdleSession: () => {},
    onKeyVoid: () => {},
    onStatus: () => {},
  });
  return { pool, dialled, asked };
}

Deno.test("A CDN with the number of a data center has another address and key", async () => {
  const { pool, dialled, asked } = poolOf();
  const cdn = await pool.at(CDN, "download 0");
  await assertRejects(() => cdn.connect(), ConnectionError);
  assertEquals([dialled, asked], [["cdn.example"], []]);
  const dc = await pool.at(2, "download 0");
  assert(dc !== cdn);
  await assertRejects(() => dc.connect(), ConnectionError);
  assertEquals([dialled.at(-1), asked], ["dc2.example", ["key of 2"]]);
  await pool.closeAll();
});

Deno.test("A client behind an MTProxy goes to CDNs through it, too", async () => {
  const dialled: string[] = [];
  const { pool, dialled: direct } = poolOf({
    proxy: `https://t.me/proxy?server=proxy.example&port=443&secret=${"5e".repeat(16)}`,
    innerDial: ({ host }) => {
      dialled.push(host);
      return Promise.reject(new ConnectionError("Cannot connect: nobody is there"));
    },
  });
  const cdn = await pool.at(CDN, "download 0");
  await assertRejects(() => cdn.connect(), ConnectionError);
  assertEquals([dialled, direct], [["proxy.example"], []]);
  await pool.closeAll();
});

Deno.test("The connections to a CDN end with the client", async () => {
  const { pool } = poolOf({ dial: () => new Promise(() => {}) });
  const cdn = await pool.at(CDN, "download 0");
  const connecting = cdn.connect();
  connecting.catch(() => {});
  await pool.closeAll();
  await assertRejects(() => connecting, ConnectionError, "was disconnected");
  await assertRejects(() => pool.at(CDN, "download 0"), ConnectionError);
});
