/** The folders of examples/: each can be copied, and its manifest names what it imports. */
import { assert, assertEquals } from "../helpers/assert.ts";

const ROOT = new URL("../../", import.meta.url);
const EXAMPLES = new URL("examples/", ROOT);
const { version, scopes } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));

/** What a framework generates or configures, and no manifest names. */
const PROVIDED = /^(node:|cloudflare:|\$app\/|\.\.?\/)/;

async function* programsIn(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* programsIn(new URL(`${name}/`, folder));
    else if (/\.(ts|tsx|svelte)$/.test(name)) yield new URL(name, folder);
  }
}

async function readJson(url: URL): Promise<Record<string, Record<string, string>>> {
  return JSON.parse(await Deno.readTextFile(url).catch(() => "{}"));
}

/** The packages of a manifest, with their versions: as npm or as Deno has them. */
async function packagesOf(folder: URL): Promise<Record<string, string>> {
  const npm = await readJson(new URL("package.json", folder));
  const deno = await readJson(new URL("deno.json", folder));
  const imports = Object.entries(deno.imports ?? {}).map(([name, from]) => [
    name,
    from.slice(from.lastIndexOf("@") + 1),
  ]);
  return { ...npm.dependencies, ...npm.devDependencies, ...Object.fromEntries(imports) };
}

for await (const { name, isDirectory } of Deno.readDir(EXAMPLES)) {
  if (!isDirectory) continue;
  const folder = new URL(`${name}/`, EXAMPLES);

  Deno.test(`examples/${name} can be copied: its manifest names what it imports`, async () => {
    const packages = await packagesOf(folder);
    assertEquals(packages["@tessera/mtproto"], version);
    for await (const program of programsIn(folder)) {
      const text = await Deno.readTextFile(program);
      for (const [, specifier] of text.matchAll(/(?:^import | from |import\()"([^"]+)"/gm)) {
        if (specifier.startsWith(".")) {
          assert(new URL(specifier, program).href.startsWith(folder.href), specifier);
        }
        if (PROVIDED.test(specifier)) continue;
        const [, wanted] = /^((?:@[^/]+\/)?[^/]+)/.exec(specifier) ?? [];
        assert(packages[wanted] !== undefined, `${program.pathname} imports ${specifier}`);
      }
    }
  });

  Deno.test(`examples/${name} says in a few lines what it does and how to run it`, async () => {
    const text = await Deno.readTextFile(new URL("README.md", folder));
    const paragraphs = text.trim().split("\n\n");
    assertEquals(paragraphs.length, 3);
    assert(paragraphs[0].startsWith("# "), paragraphs[0]);
    assert(/`(npm|deno) (install|task start|start)/.test(paragraphs[2]), paragraphs[2]);
  });

  Deno.test(`examples/${name} has no "using" where its Node does not know it`, async () => {
    const { engines } = await readJson(new URL("package.json", folder));
    const [oldest] = /\d+/.exec(engines?.node ?? "") ?? ["24"];
    if (Number(oldest) >= 24) return;
    for await (const program of programsIn(folder)) {
      const text = await Deno.readTextFile(program);
      assert(!/^\s*(?:await )?using \w+ =/m.test(text), program.pathname);
    }
  });

  Deno.test(`examples/${name} has the versions that are tested`, async () => {
    const tested: Record<string, string> = {
      ...scopes["./tests/"],
      ...scopes[`./examples/${name}/`],
    };
    for (const [dependency, wanted] of Object.entries(await packagesOf(folder))) {
      const known = tested[dependency];
      if (known !== undefined) assertEquals(known, `npm:${dependency}@${wanted}`);
    }
  });
}
