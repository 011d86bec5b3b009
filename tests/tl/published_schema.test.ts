import { publishedPackage, SOURCE } from "../../tools/published_schema.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";

async function inEmptyCache(act: (cache: URL) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await act(new URL(`file://${folder}/`));
    assertEquals([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("publishedPackage() says that npm is missing", async () => {
  await inEmptyCache(async (cache) => {
    const npm = "no-such-program";
    const error = await assertRejects(() => publishedPackage({ cache, npm }), Error);
    assertEquals(
      error.message,
      `Cannot get "${SOURCE}": there is no program "no-such-program". Install it.`,
    );
  });
});

Deno.test("publishedPackage() says what npm prints when it fails", async () => {
  await inEmptyCache(async (cache) => {
    // This program has no subcommand "pack": it fails as npm does without a connection.
    const npm = Deno.execPath();
    const error = await assertRejects(() => publishedPackage({ cache, npm }), Error);
    assert(error.message.startsWith(`Cannot get "${SOURCE}": "${npm} pack ${SOURCE} `));
    assert(error.message.includes("Check the connection.\n"), error.message);
  });
});

Deno.test("publishedPackage() downloads nothing that the cache has", async () => {
  const folder = await publishedPackage();
  assertEquals((await publishedPackage({ npm: "no-such-program" })).href, folder.href);
});
