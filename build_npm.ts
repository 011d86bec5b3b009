/**
 * Makes the npm package from the same source, as one tarball in `npm/`: `deno task npm`.
 *
 * `deno pack` transforms the modules and their types. What it does not know of is done here: the
 * command line as a program that needs nothing else, the WASM module as a file for runtimes that
 * may not compile one, types for projects without those of the web, the sources with maps to them,
 * and the rest of package.json. Whether the tarball works is tested in tests/package/.
 */
import { build, type Plugin, transform } from "esbuild";
import { BIN } from "./src/cli/program.ts";
import { embeddedWasm } from "./src/crypto/mod.ts";
import { mapDeclarations, webTypesIn } from "./tools/npm/declarations.ts";
import { type Mappings, sourceMap } from "./tools/npm/source_map.ts";

const ROOT = new URL("./", import.meta.url);
const OUT = new URL("npm/", ROOT);
const PACKAGE = new URL(".cache/npm/package/", ROOT);

/**
 * The oldest Node that the package is for: the first in which `require` takes ES modules without
 * being told to.
 */
const NODE = "22.12";

/** What package.json says that deno.json does not. */
const ABOUT = {
  author: "The tessera authors",
  publishConfig: { access: "public", provenance: true },
  keywords: [
    ...["telegram", "mtproto", "telegram-api", "telegram client", "userbot", "bot"],
    ...["login", "sign-in", "auth", "2fa", "qr login", "session"],
    ...["gramjs", "telethon", "mtcute", "mtkruto", "pyrogram"],
    ...["deno", "bun", "cloudflare workers", "edge", "browser", "wasm", "typescript"],
  ],
};

/**
 * Where the source is hosted, as the CI that builds the package says; npm needs it to show from
 * which commit a package was built. A package that somebody builds at home does not say it.
 */
function hosting(): Readonly<Record<string, unknown>> {
  const { GITHUB_SERVER_URL: host, GITHUB_REPOSITORY: repository } = Deno.env.toObject();
  if (!host || !repository) return {};
  const url = `${host}/${repository}`;
  return {
    homepage: `${url}#readme`,
    repository: { type: "git", url: `git+${url}.git` },
    bugs: { url: `${url}/issues` },
  };
}

/**
 * Modules of the source that are another file where the runtime offers what others have to do
 * without, or forbids what others allow.
 */
interface RuntimeModule {
  /** The module, without its extension. */
  readonly path: string;
  /** The module that imports it. */
  readonly importer: string;
  /** Its text, by the condition under which package.json chooses it. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * What they are. The importer asks for `#name`, and `imports` in package.json chooses: so it works
 * from every entry and in every bundler, and no module has side effects. The WASM module is a
 * static import where compiling is forbidden: in Cloudflare's workerd, and in Vercel's edge
 * runtime, which has a notation of its own for it.
 */
const RUNTIME_MODULES: readonly RuntimeModule[] = [
  {
    path: "src/crypto/wasm_module",
    importer: "src/crypto/wasm.js",
    texts: {
      "workerd": wasmModule("../../tessera.wasm"),
      "edge-light": wasmModule("../../tessera.wasm?module"),
    },
  },
  {
    path: "src/net/cloudflare_sockets",
    importer: "src/net/tcp.js",
    texts: {
      "workerd": `/** Cloudflare's \`connect\`, for Cloudflare Workers. */
import { connect } from "cloudflare:sockets";

export function cloudflareConnect() {
  return connect;
}
`,
    },
  },
];

/** The conditions of the runtimes that have modules of their own. */
const EDGE_RUNTIMES = [
  ...new Set(RUNTIME_MODULES.flatMap((module) => Object.keys(module.texts))),
];

function wasmModule(file: string): string {
  return `/** The WASM module by a static import, for runtimes that may not compile one. */
import module from "${file}";

export function embeddedWasm() {
  throw new TypeError(
    'Cannot read "tessera.wasm": this runtime has it compiled, expected one that embeds its bytes',
  );
}

export function compileWasm() {
  return module;
}
`;
}

/** The name by which the importer of a module asks for it. */
function importName({ path }: RuntimeModule): string {
  return `#${path.slice(path.lastIndexOf("/") + 1)}`;
}

/** The parts of deno.json and of `deno pack`'s package.json that are used. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
}

async function run(program: string, args: readonly string[], cwd: URL = ROOT): Promise<string> {
  const command = new Deno.Command(program, { args: [...args], cwd });
  const { success, stdout, stderr } = await command.output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) {
    throw new Error(`Cannot build: "${program} ${args.join(" ")}" failed:\n${out}${err}`);
  }
  return out;
}

async function emptyFolder(folder: URL): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
}

/** Every file in a folder, as a path from it. */
async function* filesIn(folder: URL, path = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(path, folder))) {
    if (isDirectory) yield* filesIn(folder, `${path}${name}/`);
    else yield `${path}${name}`;
  }
}

/**
 * Transforms the modules, and leaves what is part of a package: JavaScript, types and texts for
 * people.
 */
async function packModules(): Promise<void> {
  await emptyFolder(new URL("../", PACKAGE));
  await run(Deno.execPath(), [
    "pack",
    "--quiet",
    "--allow-dirty",
    "-o",
    "./.cache/npm/packed.tgz",
  ]);
  await run("tar", ["xzf", "packed.tgz"], new URL("../", PACKAGE));
  for await (const path of filesIn(PACKAGE)) {
    if (!/\.(js|d\.ts|md)$|^LICENSE$/.test(path)) await Deno.remove(new URL(path, PACKAGE));
  }
  for (const name of ["README.md", "CHANGELOG.md"]) {
    await Deno.copyFile(new URL(name, ROOT), new URL(name, PACKAGE)).catch(() => {});
  }
}

/**
 * What the command line needs of others: the module that imports it, and what its license wants
 * said.
 */
const CLI_DEPENDENCIES: Readonly<Record<string, string>> = {
  "src/cli/arguments": "parseArgs of @std/cli: Copyright the Deno authors, MIT license.",
};

/**
 * The command line: its dependencies become part of it, and so does what is a program and no entry.
 */
async function completeCli(): Promise<void> {
  const args = ["bundle", "--quiet", "--platform", "browser"];
  for (const [module, notice] of Object.entries(CLI_DEPENDENCIES)) {
    const out = new URL(`${module}.js`, PACKAGE);
    await run(Deno.execPath(), [...args, "-o", out.pathname, `${module}.ts`]);
    const bundled = await Deno.readTextFile(out);
    // The bundler says above each module where it was, which is a path of the machine that builds.
    const code = bundled.replaceAll(/^\/\/ \S+\.[jt]s\n/gm, "");
    await Deno.writeTextFile(out, `/*! Includes ${notice} */\n${code}`);
  }

  const main = await Deno.readTextFile(new URL("src/cli/main.ts", ROOT));
  const { code } = await transform(main, { loader: "ts", target: `node${NODE}` });
  const program = `#!/usr/bin/env node\n${
    code.replaceAll('"./mod.ts"', `"./${CHUNKS}src/cli/mod.js"`)
  }`;
  await Deno.writeTextFile(new URL("cli.js", PACKAGE), program, { mode: 0o755 });
}

/** Writes what the oldest runtime cannot parse in a way that it can. */
async function lowerSyntax(): Promise<void> {
  for await (const path of filesIn(PACKAGE)) {
    if (!path.endsWith(".js")) continue;
    const url = new URL(path, PACKAGE);
    const text = await Deno.readTextFile(url);
    if (!/^\s*(await )?using /m.test(text)) continue;
    const { code } = await transform(text, { target: `node${NODE}`, sourcemap: "inline" });
    await Deno.writeTextFile(url, code);
  }
}

/** The libraries of TypeScript that programs of an older target do not have, by their names. */
const LIBRARIES: Readonly<Record<string, RegExp>> = {
  "es2022.error": /\bErrorOptions\b/,
  "esnext.disposable": /AsyncDisposable|Symbol\.(asyncD|d)ispose/,
};

/** Where the types of the web are in the package, for projects that may lack them. */
const WEB_TYPES = "src/web_types";

/**
 * Lets the types hold in a project that has no library of browsers, nor one of Node. They name the
 * library that they need of TypeScript itself, and take the types of the web from where a project
 * that lacks them finds their essence.
 */
async function completeTypes(): Promise<void> {
  for await (const path of filesIn(PACKAGE)) {
    if (!path.endsWith(".d.ts")) continue;
    const url = new URL(path, PACKAGE);
    const text = (await Deno.readTextFile(url)).replaceAll("WebAssembly.Module", "object");
    const libraries = Object.entries(LIBRARIES).filter(([, names]) => names.test(text))
      .map(([name]) => `/// <reference lib="${name}" />\n`).join("");
    const names = webTypesIn(path, text);
    const from = `${"../".repeat(path.split("/").length - 1) || "./"}${WEB_TYPES}.js`;
    const types = names.length > 0 ? `import type { ${names.join(", ")} } from "${from}";\n` : "";
    await Deno.writeTextFile(url, libraries + types + text);
  }
  const types = new URL("tools/npm/web_types.d.ts", ROOT);
  await Deno.copyFile(types, new URL(`${WEB_TYPES}.d.ts`, PACKAGE));
}

/** Where the sources are in the package: not beside the types, as TypeScript would prefer them. */
const SOURCES = "sources/";

/** Sources that are large, made by tools, and of no help to people who look something up. */
const GENERATED = /^src\/(tl\/generated\/|testing\/layers\/lines|crypto\/wasm_embedded)/;

/** The map that `deno pack` and esbuild write at the end of a module. */
const INLINE_MAP = /\n?\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/;

/** The sources, and a map to them beside each module and its types. */
async function addSources(): Promise<void> {
  const paths = await Array.fromAsync(filesIn(PACKAGE));
  for (const path of paths.filter((path) => path.endsWith(".js"))) {
    const url = new URL(path, PACKAGE);
    const text = await Deno.readTextFile(url);
    const code = text.replace(INLINE_MAP, "\n");
    const module = path.slice(0, -".js".length);
    const inline = INLINE_MAP.exec(text)?.[1];
    if (inline === undefined || GENERATED.test(path)) {
      await Deno.writeTextFile(url, code);
      continue;
    }
    const source = await Deno.readTextFile(new URL(`${module}.ts`, ROOT));
    const copy = new URL(`${SOURCES}${module}.ts`, PACKAGE);
    await Deno.mkdir(new URL("./", copy), { recursive: true });
    await Deno.writeTextFile(copy, source);
    await writeMap(path, code, JSON.parse(atob(inline)));
    if (paths.includes(`${module}.d.ts`)) {
      const types = await Deno.readTextFile(new URL(`${module}.d.ts`, PACKAGE));
      await writeMap(`${module}.d.ts`, types, { mappings: mapDeclarations(types, source) });
    }
  }
}

/** A file of the package with a map to its source. */
async function writeMap(path: string, text: string, mappings: Mappings): Promise<void> {
  const source = `${SOURCES}${path.replace(/(\.d\.ts|\.js)$/, ".ts")}`;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const link = `//# sourceMappingURL=${name}.map\n`;
  await Deno.writeTextFile(new URL(path, PACKAGE), `${text.trimEnd()}\n${link}`);
  await Deno.writeTextFile(new URL(`${path}.map`, PACKAGE), sourceMap(path, mappings, source));
}

/** `tessera.wasm`, and the modules that are other files in some runtimes. */
async function addRuntimeModules(): Promise<void> {
  await Deno.writeFile(new URL("tessera.wasm", PACKAGE), embeddedWasm());
  for (const module of RUNTIME_MODULES) {
    for (const [condition, text] of Object.entries(module.texts)) {
      await Deno.writeTextFile(new URL(`${module.path}.${condition}.js`, PACKAGE), text);
    }
    const importer = new URL(module.importer, PACKAGE);
    const text = await Deno.readTextFile(importer);
    const name = `./${importName(module).slice(1)}.js`;
    const chosen = text.replaceAll(JSON.stringify(name), JSON.stringify(importName(module)));
    if (chosen === text) {
      throw new Error(`Cannot build "${module.importer}": it does not import "${name}"`);
    }
    await Deno.writeTextFile(importer, chosen);
  }
}

/**
 * Where the chunks are: the modules again, of which those that are always loaded together are one
 * file. A runtime needs more time to find and to link a hundred modules than to run them.
 */
const CHUNKS = "chunks/";

/**
 * The conditions under which package.json chooses the chunks. A bundler takes the modules, of which
 * it can leave out what a program does not use.
 */
const CHUNK_RUNTIMES = ["node", "bun", "deno"];

/** The entries that programs load without the client, so that they stay small. */
const LIGHT_ENTRIES = ["./crypto", "./tl", "./api", "./text"];

/** Writes the chunks of all entries at once, so that the entries share each class. */
async function addChunks({ exports: entries }: Manifest): Promise<void> {
  const moduleOf = (entry: string): string => entries[entry].replace(/^\.\/(.*)\.ts$/, "$1.js");
  const options = {
    absWorkingDir: PACKAGE.pathname,
    entryPoints: Object.keys(entries).map(moduleOf),
    outbase: ".",
    outdir: CHUNKS,
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: `node${NODE}`,
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
    logOverride: { "ignored-bare-import": "silent" }, // of withClient, which works all the same
  } as const;
  const { metafile: { outputs } } = await build({ ...options, write: false });
  const alone = [".", ...LIGHT_ENTRIES].map(moduleOf);
  const others = Object.values(outputs).flatMap(({ entryPoint = [] }) => entryPoint)
    .filter((path) => !alone.includes(path));
  // The bundler knows files by their real paths, and the cache may be a link.
  const root = `${await Deno.realPath(PACKAGE)}/`;
  await build({
    ...options,
    plugins: [withClient(others.map((path) => root + path), root + moduleOf("."))],
  });
  const folder = new URL(CHUNKS, PACKAGE);
  for (const path of await Array.fromAsync(filesIn(folder))) {
    if (path.endsWith(".js")) await completeChunk(new URL(path, folder));
  }
}

/**
 * Lets files also import the client. The bundler makes a chunk for each set of entries and lazily
 * loaded files that share modules; so all of the client is in one chunk, not in twenty.
 */
function withClient(files: readonly string[], client: string): Plugin {
  const paths = new Set(files);
  return {
    name: "with-client",
    setup({ onLoad }) {
      onLoad({ filter: /\.js$/ }, async ({ path }) => {
        if (!paths.has(path)) return;
        const text = await Deno.readTextFile(path);
        const line = `import "${client}";\n`;
        return { contents: text.replace(/^\/\/# sourceMappingURL=|$(?![^])/m, `${line}$&`) };
      });
    },
  };
}

/**
 * Restores the names of classes that mention themselves, which esbuild calls `_Name`: people read
 * them in errors. Removes the map of a file that only exports what is in others.
 */
async function completeChunk(file: URL): Promise<void> {
  let text = await Deno.readTextFile(file);
  for (const [, name] of text.matchAll(/^var (\w+) = class _\1\b/gm)) {
    text = text.replaceAll(new RegExp(`\\b_${name}\\b`, "g"), name);
  }
  const map = new URL(`${file}.map`);
  if (JSON.parse(await Deno.readTextFile(map)).sources.length === 0) {
    text = text.replace(/^\/\/# sourceMappingURL=.*\n/m, "");
    await Deno.remove(map);
  }
  await Deno.writeTextFile(file, text);
}

/** package.json: the same entries as deno.json, and all that npm wants to know beyond them. */
function packageJson(
  { name, version, description, license, exports: entries }: Manifest,
): unknown {
  const conditions = (path: string): { types: string; default: string } => {
    const module = path.replace(/\.ts$/, ".js");
    const chunk = module.replace("./", `./${CHUNKS}`);
    const all = (names: readonly string[], file: string) =>
      Object.fromEntries(names.map((name) => [name, file]));
    return {
      types: path.replace(/\.ts$/, ".d.ts"),
      ...all([...EDGE_RUNTIMES, "module"], module),
      ...all(CHUNK_RUNTIMES, chunk),
      default: module,
    };
  };
  const choices = RUNTIME_MODULES.map((module) => {
    const files = Object.keys(module.texts).map((name) => [name, `./${module.path}.${name}.js`]);
    return [importName(module), { ...Object.fromEntries(files), default: `./${module.path}.js` }];
  });
  const root = conditions(entries["."]);
  return {
    name,
    version,
    description,
    ...ABOUT,
    ...hosting(),
    license,
    type: "module",
    engines: { node: `>=${NODE}` },
    sideEffects: false,
    bin: { [BIN]: "cli.js" },
    main: root.default,
    types: root.types,
    exports: {
      ...Object.fromEntries(
        Object.entries(entries).map(([entry, path]) => [entry, conditions(path)]),
      ),
      "./tessera.wasm": "./tessera.wasm",
      "./package.json": "./package.json",
    },
    imports: Object.fromEntries(choices),
  };
}

/** Builds the package, and gives the path of its tarball. */
export async function buildNpm(): Promise<string> {
  const manifest: Manifest = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  await packModules();
  await completeCli();
  await lowerSyntax();
  await completeTypes();
  await addSources();
  await addRuntimeModules();
  const text = JSON.stringify(packageJson(manifest), null, 2);
  await Deno.writeTextFile(new URL("package.json", PACKAGE), `${text}\n`);
  await addChunks(manifest);
  await emptyFolder(OUT);
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", OUT.pathname], PACKAGE);
  for await (const { name } of Deno.readDir(OUT)) return new URL(name, OUT).pathname;
  throw new Error('Cannot build: "npm pack" made no tarball');
}

if (import.meta.main) {
  const path = await buildNpm();
  const { size } = await Deno.stat(path);
  // deno-lint-ignore no-console
  console.log(`${path}: ${Math.round(size / 1000)} kB`);
  Deno.exit(0); // esbuild's process waits for more work
}
