/**
 * `deno task site`: writes the documentation site to `site/dist/`, for any static host.
 *
 * The pages come from docs/, the reference from the docstrings, and the raw API from its schema;
 * nothing is written twice. VitePress makes the site. `--base=/tessera/` is for a host that serves
 * it from a folder.
 */
import { build as bundle, stop } from "esbuild";
import { build } from "vitepress";
import config from "../deno.json" with { type: "json" };
import { collectPages } from "./pages.ts";
import { rawApi } from "./raw_api.ts";
import { referencePages } from "./reference.ts";

const ROOT = new URL("../", import.meta.url);
const PAGES = new URL(".pages/", import.meta.url);

/** Writes a file, and the folders around it. */
async function write(path: string, text: string): Promise<void> {
  const file = new URL(path, PAGES);
  await Deno.mkdir(new URL("./", file), { recursive: true });
  await Deno.writeTextFile(file, text);
}

/** Bundles the library for the programs that run in the page. */
async function bundleLibrary(): Promise<void> {
  const entryPoints = Object.entries(config.exports)
    .filter(([name]) => name !== "./api" && name !== "./cli")
    .map(([name, path]) => ({
      in: new URL(path, ROOT).pathname,
      out: name === "." ? "mod" : name.slice(2),
    }));
  await bundle({
    entryPoints,
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    external: ["node:*"],
    outdir: new URL("public/tessera/", PAGES).pathname,
    chunkNames: "chunk_[hash]",
  });
  await stop();
}

await Deno.remove(PAGES, { recursive: true }).catch(() => {});
const { pages, sidebar } = await collectPages();
const reference = await referencePages(config.exports);
for (const [path, text] of [...pages, ...reference.pages]) await write(path, text);
const raw = rawApi();
await write("public/raw_api.json", JSON.stringify(raw));
await write("sidebar.json", JSON.stringify([...sidebar, ...reference.sidebar]));
await bundleLibrary();

const base = Deno.args.find((argument) => argument.startsWith("--base="))?.slice(7) ?? "/";
await build(new URL("./", import.meta.url).pathname, { base });
