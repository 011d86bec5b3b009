/** The folder of the example of a fleet. What it does is tested in tests/fleet/. */
import { assertEquals, assertMatch } from "../helpers/assert.ts";

const ROOT = new URL("../../", import.meta.url);
const FLEET = new URL("examples/fleet/", ROOT);

async function readJson(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(new URL(path, ROOT)));
}

Deno.test("examples/fleet pins the packages that it is tested with, and this version", async () => {
  const { dependencies } = await readJson("examples/fleet/package.json");
  const { scopes, version } = await readJson("deno.json");
  const tested = (scopes as Record<string, Record<string, string>>)["./examples/fleet/"];
  const pinned = Object.entries(dependencies as Record<string, string>).map(([name, version]) =>
    name.startsWith("@tessera/") ? [name, version] : [name, `npm:${name}@${version}`]
  );
  assertEquals(Object.fromEntries(pinned), { "@tessera/mtproto": version, ...tested });
});

Deno.test("examples/fleet can be copied: it imports nothing from elsewhere", async () => {
  for await (const { name } of Deno.readDir(FLEET)) {
    if (!name.endsWith(".ts")) continue;
    const text = await Deno.readTextFile(new URL(name, FLEET));
    for (const [, specifier] of text.matchAll(/(?: from |import\()"([^"]+)"/g)) {
      assertMatch(specifier, /^(\.\/[a-z_]+\.ts|node:[a-z]+|@tessera\/.*|pg|redis|prom-client)$/);
    }
  }
});
