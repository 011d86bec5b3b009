/**
 * Speed where Telegram and the line are the limit: 50 ms to Telegram and back, and 6 MB/s for each
 * connection, by a clock of the test.
 */
import { assert } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { bytesOf, someBytes } from "./bytes.ts";
import { FilesWorld } from "./files_world.ts";

const LINE = { latency: 25, bytesPerSecond: 6_000_000 };
const MIB = 1024 * 1024;
/** The connections of an account without premium. */
const UPLOADS = 4;
const DOWNLOADS = 2;
/** At the beginning the connections are opened one after the other: a larger file is faster. */
const SHARE = runs(0.75, 0.9);

/** Returns how fast some work is, as a share of what so many connections allow. */
async function shareOf(
  { clock }: FilesWorld,
  size: number,
  connections: number,
  work: () => Promise<unknown>,
): Promise<number> {
  const begun = clock.monotonic();
  await work();
  const seconds = (clock.monotonic() - begun) / 1000;
  return size / seconds / (connections * LINE.bytesPerSecond);
}

Deno.test("Transfers take most of what their connections allow, at 6 MB/s each", async () => {
  await using world = await FilesWorld.open({ line: LINE });
  const size = runs(14, 96) * MIB;
  const bytes = someBytes(size);
  const { client } = world;
  const up = await shareOf(
    world,
    size,
    UPLOADS,
    () => world.run(client.upload(bytes, { name: "a.bin" }), 5),
  );
  const file = world.telegram.api.addFile({ bytes, name: "a.bin" });
  const down = await shareOf(
    world,
    size,
    DOWNLOADS,
    () => world.run(bytesOf(client.download(file)), 5),
  );
  assert(up >= SHARE && up <= 1, `${up} of what is allowed for the upload`);
  assert(down >= SHARE && down <= 1, `${down} of what is allowed for the download`);
});
