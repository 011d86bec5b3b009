/**
 * The package in a web page, through the bundlers that people use, each as it is without a
 * configuration of ours: what comes of it runs the scenario in Chromium. And in the edge runtime of
 * Vercel and Next.js, bundled as Vercel does it. Not part of
 * `deno task test`: run by `deno task npm`, which makes the package first.
 */
import { OfflineTelegram } from "@tessera/mtproto/testing";
import { serveInfo } from "../../src/cli/serve_info.ts";
import { assertEquals } from "../helpers/assert.ts";
import { openPage } from "../helpers/edge.ts";
import type { PageReport } from "../runtimes/in_page.ts";
import { installRuntimes, installTools, run } from "../helpers/install.ts";
import { EXPECTED } from "../runtimes/scenario.ts";
import { newProject, type Project } from "../helpers/npm_project.ts";

const SOURCES = new URL("../runtimes/", import.meta.url);
const { node24, bun } = await installRuntimes();
const tools = await installTools();

/** A bundler as it is typed; the page that a person would write for it, and what else it needs. */
interface Bundler {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /**
   * Whether it reads TypeScript, and begins with the page; else its input is JavaScript, and its
   * output is named.
   */
  readonly output?: string;
  readonly files?: Readonly<Record<string, string>>;
}

const BUNDLERS: readonly Bundler[] = [
  { name: "Vite", program: node24, args: [`${tools}vite/bin/vite.js`, "build"] },
  { name: "Bun", program: bun, args: ["build", "index.html", "--outdir", "dist"] },
  {
    name: "Parcel",
    program: node24,
    args: [`${tools}parcel/lib/bin.js`, "build", "index.html", "--no-cache", "--no-source-maps"],
    // As its documentation has it for packages with `exports`.
    files: {
      "package.json": '{ "@parcel/resolver-default": { "packageExports": true } }',
    },
  },
  {
    name: "webpack",
    program: node24,
    args: [`${tools}webpack/bin/webpack.js`, "./in_page.js", "-o", "dist", "--mode", "production"],
    output: "main.js",
  },
  {
    name: "Rollup",
    program: node24,
    args: [`${tools}rollup/dist/bin/rollup`, "-c"],
    output: "in_page.js",
    files: {
      "rollup.config.mjs":
        `import { nodeResolve } from "${tools}@rollup/plugin-node-resolve/dist/es/index.js";
        export default { input: "in_page.js", output: { dir: "dist" }, plugins: [nodeResolve()] };`,
    },
  },
];

const page = (script: string): string =>
  `<!doctype html><html lang="en"><title>Page</title>` +
  `<script type="module" src="${script}"></script></html>`;

/**
 * Writes the page and its scripts as a person would for this bundler, and what it is configured
 * with.
 */
async function writePage(project: Project, { output, files = {} }: Bundler): Promise<void> {
  for (const name of ["in_page", "scenario"]) {
    const source = await Deno.readTextFile(new URL(`${name}.ts`, SOURCES));
    const path = await project.write(`${name}.ts`, source);
    if (output === undefined) continue;
    await run(`${tools}esbuild/bin/esbuild`, [path, `--outfile=${project.folder}${name}.js`]);
    const script = await Deno.readTextFile(`${project.folder}${name}.js`);
    await project.write(`${name}.js`, script.replaceAll('.ts"', '.js"'));
  }
  if (output === undefined) await project.write("index.html", page("./in_page.ts"));
  else await project.write("dist/index.html", page(`./${output}`));
  for (const [name, text] of Object.entries(files)) await project.write(name, text);
}

/** An import of a module that is in no browser: as a statement, or as a call. */
const OUTSIDE = new RegExp(
  `(?:(?:^|[;}])\\s*(?:import|export)\\b[^"'\`;()*]*|\\b(?:import|require)\\()` +
    `["'](?:node:|cloudflare:|#|@tessera)`,
  "m",
);

/** Serves a folder to Chromium, and gives what its page reports. */
async function reportOf(folder: string, setting: unknown): Promise<PageReport> {
  const reported = Promise.withResolvers<PageReport>();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/setting") return Response.json(setting);
      if (pathname === "/report") {
        reported.resolve(await request.json());
        return new Response();
      }
      const path = pathname === "/" ? "/index.html" : pathname;
      const bytes = await Deno.readFile(folder + path).catch(() => undefined);
      const type = path.endsWith(".html") ? "text/html" : "text/javascript";
      return new Response(bytes, {
        status: bytes ? 200 : 404,
        headers: { "content-type": type },
      });
    },
  );
  await using _page = await openPage(`http://127.0.0.1:${server.addr.port}/`);
  return await reported.promise;
}

for (const bundler of BUNDLERS) {
  Deno.test(`${bundler.name} bundles a page that signs in, without Node's modules`, async () => {
    await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
    using project = await newProject();
    await writePage(project, bundler);
    await run(bundler.program, bundler.args, { cwd: project.folder });
    for await (const { name } of Deno.readDir(`${project.folder}dist`)) {
      if (!name.endsWith(".js")) continue;
      const text = await Deno.readTextFile(`${project.folder}dist/${name}`);
      assertEquals(OUTSIDE.exec(text)?.[0], undefined, name);
    }
    const setting = { ...serveInfo(telegram), way: "webSocket" };
    const { done, kept, failure } = await reportOf(`${project.folder}dist`, setting);
    assertEquals([failure, kept], [undefined, "test_777_bot"]);
    assertEquals(done, EXPECTED);
  });
}

/**
 * Runs the scenario in Vercel's edge runtime; the module of WASM comes in as Vercel brings it, by a
 * name.
 */
const EDGE_RUNTIME = `
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const [tools, setting] = process.argv.slice(2);
const { EdgeRuntime } = createRequire(tools)("edge-runtime");
const { build } = createRequire(tools)("esbuild");
const staticWasm = {
  name: "static-wasm",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\\.wasm\\?module$/ }, ({ path }) => ({ path, namespace: "wasm" }));
    onLoad({ filter: /./, namespace: "wasm" }, () => ({ contents: "export default wasm;" }));
  },
};
const { outputFiles: [{ text }] } = await build({
  entryPoints: ["handler.ts"],
  bundle: true,
  write: false,
  conditions: ["edge-light", "worker", "browser"],
  plugins: [staticWasm],
});
const wasm = new WebAssembly.Module(readFileSync("node_modules/@tessera/mtproto/tessera.wasm"));
const extend = (globals) => Object.assign(globals, { wasm });
const runtime = new EdgeRuntime({ initialCode: text, extend });
const request = { method: "POST", body: setting };
const response = await runtime.dispatchFetch("http://localhost/", request);
console.log(await response.text());
process.exit();
`;

const HANDLER = `
import { scenario } from "./scenario.ts";
addEventListener("fetch", (event) => {
  const done = event.request.json().then(scenario);
  event.respondWith(done.then((done) => Response.json(done), (error) => new Response(error.stack)));
});
`;

Deno.test("The scenario runs in Vercel's edge runtime by webSocket", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  using project = await newProject();
  await Deno.copyFile(new URL("scenario.ts", SOURCES), `${project.folder}scenario.ts`);
  await project.write("handler.ts", HANDLER);
  const program = await project.write("edge.mjs", EDGE_RUNTIME);
  const setting = JSON.stringify({ ...serveInfo(telegram), way: "webSocket" });
  const output = await run(node24, [program, tools, setting], { cwd: project.folder });
  assertEquals(JSON.parse(output), EXPECTED);
});
