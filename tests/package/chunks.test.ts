/**
 * The chunks of the npm package: Node, Bun and Deno load them in place of the modules, which
 * bundlers take. Not part of `deno task test`: run by `deno task npm`, which makes the package
 * first.
 */
import { assert, assertEquals } from "../helpers/assert.ts";
import { bundleProgram } from "../helpers/bundled.ts";
import { installRuntimes, run } from "../helpers/install.ts";
import { newProject } from "../helpers/npm_project.ts";

const runtimes = await installRuntimes();
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  oldestNode: [runtimes.oldestNode],
  node24: [runtimes.node24],
  bun: [runtimes.bun],
  deno: [runtimes.deno, "run", "-A", "--node-modules-dir=manual"],
};

/** Prints how the entries that the program is told look, from its package and by their files. */
const PROGRAM = `
import { readFileSync } from "node:fs";
const root = new URL("./node_modules/@tessera/mtproto/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
const entries = Object.entries(manifest.exports).filter(([, files]) => typeof files === "object");

/** For each name of each entry: what it is called, and the first entry that has the same value. */
function describe(loaded) {
  const first = new Map();
  const lines = [];
  for (const [entry, module] of loaded) {
    for (const [name, value] of Object.entries(module).sort(([a], [b]) => a < b ? -1 : 1)) {
      const place = entry + " " + name;
      if (!first.has(value) && typeof value === "function") first.set(value, place);
      lines.push([place, value?.name, first.get(value) ?? typeof value].join(": "));
    }
  }
  return lines;
}

const used = [];
const modules = [];
for (const [entry, files] of entries) {
  used.push([entry, await import("@tessera/mtproto" + entry.slice(1))]);
  modules.push([entry, await import(new URL(files.module, root).href)]);
}
const resolved = entries.map(([entry]) => import.meta.resolve("@tessera/mtproto" + entry.slice(1)));
console.log(JSON.stringify({ used: describe(used), modules: describe(modules), resolved }));
`;

for (const [name, [program, ...args]] of Object.entries(COMMANDS)) {
  Deno.test(`${name} loads the chunks, which share each class as the modules do`, async () => {
    using project = await newProject();
    const path = await project.write("main.mjs", PROGRAM);
    const output = await run(program, [...args, path], { cwd: project.folder });
    const { used, modules, resolved } = JSON.parse(output);
    for (const file of resolved) assert(file.includes("/@tessera/mtproto/chunks/"), file);
    assert(used.length > 100, `${used.length} names`);
    assertEquals(used, modules);
  });
}

Deno.test("A program loads few files, and only those of the entries that it imports", async () => {
  using project = await newProject();
  const hooks = `
    import { registerHooks } from "node:module";
    registerHooks({
      load(url, context, next) {
        if (url.includes("@tessera")) process._rawDebug(url.split("/mtproto/")[1]);
        return next(url, context);
      },
    });`;
  const hook = await project.write("hook.mjs", hooks);
  const loaded = async (entry: string): Promise<string[]> => {
    const path = await project.write("main.mjs", `await import("@tessera/mtproto${entry}");`);
    const command = new Deno.Command(runtimes.node24, { args: ["--import", hook, path] });
    return new TextDecoder().decode((await command.output()).stderr).trim().split("\n");
  };
  const client = await loaded("");
  assert(client.length <= 5, client.join(", "));
  const crypto = await loaded("/crypto");
  assert(crypto.length <= 3, crypto.join(", "));
  const both = new Set([...client, ...await loaded("/testing")]);
  assert(both.size <= 20, [...both].join(", "));
});

Deno.test("require and import load the same chunks", async () => {
  using project = await newProject();
  const path = await project.write(
    "main.mjs",
    `import { createRequire } from "node:module";
    import * as imported from "@tessera/mtproto";
    const required = createRequire(import.meta.url)("@tessera/mtproto");
    console.log(required === imported, required.RpcError === imported.RpcError);`,
  );
  assertEquals(await run(runtimes.node24, [path]), "true true\n");
});

for (const platform of ["browser", "node"]) {
  Deno.test(`esbuild takes the modules for the platform ${platform}, and no chunk`, async () => {
    using project = await newProject();
    const program = `
      import { Client } from "@tessera/mtproto";
      import { OfflineTelegram } from "@tessera/mtproto/testing";
      console.log(Client, OfflineTelegram);`;
    const { modules } = await bundleProgram(await project.write("main.mjs", program), platform);
    const ours = modules.filter((path) => path.includes("@tessera"));
    assert(ours.length > 100, `${ours.length} modules`);
    assertEquals(ours.filter((path) => path.includes("/chunks/")), []);
  });
}

Deno.test("An error in a chunk names the functions, and its map the sources", async () => {
  using project = await newProject();
  const path = await project.write(
    "main.mjs",
    `import { apiSchema } from "@tessera/mtproto/tl";
    try { apiSchema().decode(new Uint8Array(4)); } catch (error) { console.log(error.stack); }`,
  );
  const plain = await run(runtimes.node24, [path]);
  assert(/at Schema\.decode \(.*\/chunks\/[\w-]+\.js:\d+/.test(plain), plain);
  const mapped = await run(runtimes.node24, ["--enable-source-maps", path]);
  assert(/at Schema\.decode \(.*\/sources\/src\/tl\/schema\.ts:\d+/.test(mapped), mapped);
});
