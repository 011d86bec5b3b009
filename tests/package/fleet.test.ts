/**
 * The example of a fleet as somebody has it who copies the folder: in Node, with the packages that
 * its package.json names. Only where `.ci/services` runs Redis.
 */
import { createClient } from "redis";
import { redisStore } from "../../src/session/stores/mod.ts";
import { assertEquals, assertStringIncludes } from "../helpers/assert.ts";
import { installRuntimes, run } from "../helpers/install.ts";
import { newProject } from "../helpers/npm_project.ts";
import { FleetProcess, WatchedTelegram } from "../fleet/fleet_world.ts";

const FLEET = new URL("../../examples/fleet/", import.meta.url);
const BOTS = 10;
const server = Deno.env.get("REDIS_URL");
const runtimes = await installRuntimes();

for (const runtime of server === undefined ? [] : ["node22", "node24", "node26"]) {
  Deno.test(`A copy of examples/fleet runs in ${runtime}, and drains on SIGTERM`, async () => {
    using project = await newProject();
    for await (const { name } of Deno.readDir(FLEET)) {
      if (name.endsWith(".ts")) {
        await project.write(name, await Deno.readTextFile(new URL(name, FLEET)));
      }
    }
    const { dependencies } = JSON.parse(await Deno.readTextFile(new URL("package.json", FLEET)));
    const packages = Object.entries(dependencies)
      .filter(([name]) => !name.startsWith("@tessera/"))
      .map(([name, version]) => `${name}@${version}`);
    await run(
      "npm",
      ["install", "--ignore-scripts", "--no-audit", "--loglevel=error", ...packages],
      {
        cwd: project.folder,
      },
    );
    await using telegram = await WatchedTelegram.start(BOTS);
    const url = `${server}/8`; // a database that no other test uses
    const client = await createClient({ url }).connect();
    await client.flushDb();
    await telegram.fill(redisStore(client));
    const program = { program: runtimes[runtime], args: ["main.ts"], cwd: project.folder };
    await using one = await FleetProcess.start(
      { ...telegram.environment, STORE_URL: url, LEASE: "5" },
      program,
    );
    await telegram.untilAllAnswer(30_000);
    assertEquals(await one.metric("fleet_sessions"), BOTS);
    one.kill("SIGTERM");
    assertEquals(await one.ended(), 0, one.log);
    assertStringIncludes(one.log, "has drained");
    assertEquals(telegram.faults, []);
    await client.flushDb();
    client.destroy();
  });
}
