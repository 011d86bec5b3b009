/**
 * What is in the npm package, and whether tools that judge packages find fault with it. Not part of
 * `deno task test`: run by
 * `deno task npm`, which makes the package first.
 */
import { assert, assertEquals } from "../helpers/assert.ts";
import { installTools, run } from "../helpers/install.ts";
import { newProject, tarball } from "../helpers/npm_project.ts";

const CONFIG = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));

async function contents(): Promise<string[]> {
  const list = await run("tar", ["tzf", await tarball()]);
  return list.trim().split("\n").map((path) => path.replace(/^package\//, ""));
}

Deno.test("The package has modules, chunks, types, sources, WASM and texts only", async () => {
  const files = await contents();
  for (const file of ["README.md", "LICENSE", "CHANGELOG.md", "package.json", "tessera.wasm"]) {
    assert(files.includes(file), `${file} is missing`);
  }
  const known =
    /^(src\/.*|mod)\.(js|d\.ts)$|^cli\.js$|^[A-Z]+(\.md)?$|^package\.json$|^tessera\.wasm$/;
  const maps = /^(src\/.*|mod)\.(js|d\.ts)\.map$|^sources\/(src\/.*|mod)\.ts$/;
  const chunks = /^chunks\/(src\/.*|\w+(-[A-Z\d]{8})?)\.js(\.map)?$/;
  const unknown = (file: string) => ![known, maps, chunks].some((kind) => kind.test(file));
  assertEquals(files.filter(unknown), []);
  assertEquals(files.filter((file) => /tests\/|\btest\b|bench/.test(file)), []);
});

Deno.test("package.json has the entries of deno.json and no dependencies", async () => {
  using project = await newProject();
  const manifest = JSON.parse(await Deno.readTextFile(`${project.package}package.json`));
  const files = ["./tessera.wasm", "./package.json"];
  assertEquals(
    Object.keys(manifest.exports).filter((entry) => !files.includes(entry)),
    Object.keys(CONFIG.exports),
  );
  assertEquals(manifest.version, CONFIG.version);
  assertEquals(manifest.sideEffects, false);
  assertEquals(manifest.engines, { node: ">=22.12" });
  for (const kind of ["dependencies", "peerDependencies", "optionalDependencies", "scripts"]) {
    assertEquals(manifest[kind], undefined);
  }
  const installed = await Array.fromAsync(Deno.readDir(`${project.folder}node_modules`));
  const names = installed.map(({ name }) => name).filter((name) => !name.startsWith("."));
  assertEquals(names, ["@tessera"], "something else was installed with it");
});

Deno.test("No module of the package imports another package", async () => {
  using project = await newProject();
  const imports = /(?:^|\*\/)\s*(?:import|export)\b(?:[^"'`;()=]*\bfrom)?\s*["']([^"']+)["'];/gm;
  for (const file of (await contents()).filter((file) => /\.(js|d\.ts)$/.test(file))) {
    const text = await Deno.readTextFile(project.package + file);
    const others = [...text.matchAll(imports)].map(([, name]) => name)
      .filter((name) => !/^\.\.?\//.test(name) && !/^#|^cloudflare:/.test(name));
    assertEquals(others, [], file);
  }
});

Deno.test("No file of the package names a path of the machine that built it", async () => {
  using project = await newProject();
  // A chunk says above each module which one of the package it was.
  const caches = /node_modules\/|\.cache\/|file:\/\/\/.*\.ts"|^\/\/ (?!src\/|mod\.js)\S+\.[jt]s$/m;
  const files = (await contents()).filter((file) => /\.(js|map)$/.test(file));
  // The module and the chunk of src/cli/program.ts name the folder in which npm installs packages.
  const program = /^(src\/cli\/program|chunks\/src\/cli\/mod)\.js$/;
  for (const file of files.filter((file) => !program.test(file))) {
    const found = caches.exec(await Deno.readTextFile(project.package + file));
    assertEquals(found?.[0], undefined, file);
  }
});

Deno.test("Each map leads from a file of the package to sources in it", async () => {
  using project = await newProject();
  const files = await contents();
  const linked: string[] = [];
  for (const file of files.filter((file) => /\.(js|d\.ts)$/.test(file))) {
    const text = await Deno.readTextFile(project.package + file);
    assert(!text.includes("sourceMappingURL=data:"), `${file} contains its map`);
    const name = /^\/\/# sourceMappingURL=(.+)$/m.exec(text)?.[1];
    if (name === undefined) continue;
    const map = new URL(name, `file:///${file}`).pathname.slice(1);
    linked.push(map);
    const { sources, mappings, sourcesContent } = JSON.parse(
      await Deno.readTextFile(project.package + map),
    );
    assertEquals(sourcesContent, undefined, map);
    assert(mappings.length > 0, `${map} is empty`);
    const isChunk = file.startsWith("chunks/");
    assert(isChunk ? sources.length > 0 : sources.length === 1, map);
    for (const path of sources) {
      const source = new URL(path, `file:///${map}`).pathname.slice(1);
      const original = await Deno.readTextFile(project.package + source);
      // Modules that are generated have no source in the package.
      if (isChunk && source.endsWith(".js")) continue;
      assertEquals(original, await Deno.readTextFile(source.slice("sources/".length)), source);
    }
  }
  assertEquals(files.filter((file) => file.endsWith(".map")).sort(), linked.sort());
  assert(linked.length > 400, `only ${linked.length} files have a map`);
});

Deno.test("package.json says who wrote it and where it is hosted, if a CI says so", async () => {
  using project = await newProject();
  const manifest = JSON.parse(await Deno.readTextFile(`${project.package}package.json`));
  for (const field of ["description", "author", "license"]) assert(manifest[field], field);
  assertEquals(manifest.description, CONFIG.description);
  assertEquals(manifest.publishConfig, { access: "public", provenance: true });
  for (
    const keyword of ["telegram", "gramjs", "telethon", "mtcute", "userbot", "2fa", "qr login"]
  ) {
    assert(manifest.keywords.includes(keyword), keyword);
  }
  assertEquals(new Set(manifest.keywords).size, manifest.keywords.length);
  const hosted = Deno.env.get("GITHUB_REPOSITORY") !== undefined;
  for (const field of ["repository", "homepage", "bugs"]) {
    assertEquals(manifest[field] !== undefined, hosted, field);
  }
});

Deno.test("publint finds no fault with the package", async () => {
  using project = await newProject();
  const modules = await installTools();
  const output = await run("node", [`${modules}publint/src/cli.js`, "--strict", project.package]);
  assert(output.includes("All good!"), output);
});

Deno.test("arethetypeswrong finds no fault with the package's types", async () => {
  const modules = await installTools();
  const ours = ["--profile", "esm-only", "--exclude-entrypoints", "./tessera.wasm"];
  const program = `${modules}@arethetypeswrong/cli/dist/index.js`;
  await run("node", [program, await tarball(), ...ours, "--no-emoji"]);
});

Deno.test("The JSR package can be published: no slow types, nothing to warn of", async () => {
  const args = ["publish", "--dry-run", "--allow-dirty"];
  const command = new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } });
  const { success, stderr } = await command.output();
  const text = new TextDecoder().decode(stderr);
  assert(success, text);
  assertEquals(text.match(/^(warning|error).*|.*slow types are.*/gim), null);
});
