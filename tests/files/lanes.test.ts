/** The connections of uploads and downloads: how many, when they open, and when they close. */
import type { CdnDc } from "../../src/connection/mod.ts";
import type { FileHost } from "../../src/files/file_host.ts";
import { Lanes } from "../../src/files/transfers/lanes.ts";
import { transfersOf } from "../../src/files/transfers/transfers.ts";
import { assertEquals } from "../helpers/assert.ts";
import { FakeClock, settled } from "../helpers/fake_clock.ts";
import { bytesOf, someBytes } from "./bytes.ts";
import { FilesWorld, PHONE } from "./files_world.ts";

const MIB = 1024 * 1024;
const { signal } = new AbortController();

/** Does something as if this were a Cloudflare Worker. */
async function inWorker<T>(work: () => Promise<T>): Promise<T> {
  const { navigator } = globalThis;
  const userAgent = { value: "Cloudflare-Workers", configurable: true };
  Object.defineProperty(navigator, "userAgent", userAgent);
  try {
    return await work();
  } finally {
    Reflect.deleteProperty(navigator, "userAgent");
  }
}

/** A host that notes when each connection was first used, and which were closed. */
class NotingHost {
  readonly clock = new FakeClock();
  readonly opened: [purpose: string, at: number][] = [];
  readonly closed: [purpose: string, at: number][] = [];
  /** Ends a call that is under way. */
  readonly ends: (() => void)[] = [];
  readonly host: FileHost;

  constructor() {
    const { clock, opened, closed, ends } = this;
    const host: Partial<FileHost> = {
      clock,
      lifetime: signal,
      invokeForFile: (_request, { purpose }) => {
        const isOpen = opened.some(([name]) => name === purpose) &&
          !closed.some(([name]) => name === purpose);
        if (!isOpen) opened.push([purpose, Math.round(clock.monotonic())]);
        return new Promise<void>((resolve) => void ends.push(resolve));
      },
      closeForFile: (_dcId, purpose) => {
        closed.push([purpose, Math.round(clock.monotonic())]);
        return Promise.resolve();
      },
    };
    this.host = host as FileHost;
  }

  lanes(lanes: number): Lanes {
    return new Lanes({ host: this.host, direction: "upload", dcId: undefined, lanes });
  }
}

/** Asks for many parts of one file, all at once. */
function callAll(lanes: Lanes, parts: number): Promise<unknown> {
  const transfer = { size: 1 };
  const request = { _: "upload.saveFilePart" };
  return Promise.all(
    Array.from({ length: parts }, () => lanes.call(transfer, request, signal)),
  );
}

Deno.test("Connections open one by one, each after 0.8 of the wait of the one before", async () => {
  const world = new NotingHost();
  void callAll(world.lanes(8), 100);
  await world.clock.advance(1000);
  assertEquals(
    world.opened.map(([, at]) => at),
    [0, 50, 90, 122, 148, 168, 184, 198], // 50, 40, 32, 25.6, 20.5, 16.4 and 13.1 between them
  );
  assertEquals(world.ends.length, 16);
});

Deno.test("A connection that is not needed is not opened", async () => {
  const world = new NotingHost();
  void callAll(world.lanes(8), 2);
  await world.clock.advance(1000);
  assertEquals(world.opened, [["upload 0", 0]]);
});

Deno.test("Connections close after 15 seconds without a part, and open anew after it", async () => {
  const world = new NotingHost();
  const lanes = world.lanes(2);
  const first = callAll(lanes, 6);
  await world.clock.advance(100);
  assertEquals([world.opened.length, lanes.open], [2, 2]);
  await world.clock.advance(60_000); // the parts are under way
  world.ends.splice(0).forEach((end) => end());
  await first;
  await world.clock.advance(14_000);
  const second = callAll(lanes, 1); // a part begins the wait anew
  await settled();
  world.ends.splice(0).forEach((end) => end());
  await second;
  const last = world.clock.monotonic();
  await world.clock.advance(14_999);
  assertEquals([world.closed, lanes.open], [[], 2]);
  await world.clock.advance(1);
  assertEquals(world.closed, [["upload 0", last + 15_000], ["upload 1", last + 15_000]]);
  assertEquals(lanes.open, 0);
  void callAll(lanes, 1);
  await settled();
  assertEquals(world.opened.at(-1), ["upload 0", last + 15_000]);
});

Deno.test("The connections of a client for files are closed at Telegram, too", async () => {
  await using world = await FilesWorld.open();
  const { client, clock, telegram } = world;
  const { connectionCount: before } = telegram.dc();
  world.answer = () => clock.sleep(200).then(() => undefined);
  await world.run(client.upload(someBytes(3 * MIB)));
  assertEquals(telegram.dc().connectionCount, before + 4);
  await clock.advance(14_000);
  assertEquals(telegram.dc().connectionCount, before + 4);
  await clock.advance(1000);
  assertEquals(telegram.dc().connectionCount, before);
  await world.run(client.upload(someBytes(3 * MIB)));
  assertEquals(telegram.dc().connectionCount, before + 4);
});

/** Returns over how many connections a file goes up, and one comes down that has enough parts. */
async function connectionsOf(
  dcId: number,
  premium: boolean,
  down: number,
): Promise<[number, number]> {
  const accounts = [{ phone: PHONE, code: "22222", dcId, premium }];
  await using world = await FilesWorld.open({ dcs: [...new Set([2, dcId])], accounts });
  const { client, clock } = world;
  world.answer = () => clock.sleep(300).then(() => undefined);
  const file = await world.run(client.upload(new Uint8Array(3 * MIB))); // 24 parts, 16 at once
  assertEquals(file.size, 3 * MIB);
  const bytes = new Uint8Array((down + 2) * MIB); // two parts each, three or two on a connection
  const stored = world.telegram.api.addFile({ bytes, dcId });
  await world.run(bytesOf(client.download(stored)));
  const over = (method: string): number =>
    new Set(
      world.calls.filter(({ request }) => request._ === method)
        .map(({ caller }) => caller.sessionId),
    ).size;
  return [over("upload.saveFilePart"), over("upload.getFile")];
}

const counts: [dcId: number, premium: boolean, isWorker: boolean, up: number, down: number][] = [
  [2, false, false, 4, 2],
  [4, false, false, 4, 2],
  [1, false, false, 8, 2],
  [2, true, false, 8, 8],
  [2, false, true, 3, 2],
  [2, true, true, 3, 3],
];

for (const [dcId, premium, isWorker, up, down] of counts) {
  const account = `${premium ? "premium" : "no premium"} at data center ${dcId}`;
  const place = isWorker ? " in a Cloudflare Worker" : "";
  Deno.test(`With ${account}, files go over ${up} and come over ${down}${place}`, async () => {
    const count = (): Promise<[number, number]> => connectionsOf(dcId, premium, down);
    assertEquals(await (isWorker ? inWorker(count) : count()), [up, down]);
  });
}

Deno.test("In a Cloudflare Worker, a CDN has two connections, whoever reads from it", async () => {
  const host = {
    lifetime: signal,
    session: { state: { user: { id: 1n } } },
    invoke: () => Promise.resolve([{ _: "user", premium: true }]),
  } as unknown as FileHost;
  const capacityOf = async (dc: number | CdnDc): Promise<number> =>
    (await transfersOf(host).lanes("download", dc)).capacity;
  const cdn = (): CdnDc => ({ id: 203, addresses: [], settings: {} });
  const there = await inWorker(() => Promise.all([capacityOf(cdn()), capacityOf(4)]));
  assertEquals(there, [2 * 3, 3 * 3]); // three parts at a time on each
  assertEquals(await capacityOf(cdn()), 8 * 2); // two on each of many
});
