/**
 * The npm package as its users have it: in Node and Bun, by `import` and by `require`, from
 * TypeScript of any kind of resolution, and through bundlers. Not part of `deno task test`: run by
 * `deno task npm`, which makes the package first.
 */
import { assert, assertEquals } from "../helpers/assert.ts";
import { installRuntimes, installTools, run } from "../helpers/install.ts";
import { newProject } from "../helpers/npm_project.ts";

/** Signs a bot in without the network, and prints its name. */
const BODY = `
  const telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  const client = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
  await client.start({ botAuthToken: "777:TESTTOKEN" });
  console.log((await client.getMe()).username);
  await client.disconnect();
  await telegram.close();
`;

const IMPORTS = `
import { Client, StringSession } from "@tessera/mtproto";
import { OfflineTelegram } from "@tessera/mtproto/testing";
`;

/** The same in TypeScript, and a name from every other entry. */
const TYPED = `${IMPORTS}
import type { Api } from "@tessera/mtproto";
import type * as ApiTypes from "@tessera/mtproto/api";
import { type CliEnvironment, run } from "@tessera/mtproto/cli";
import { sha256 } from "@tessera/mtproto/crypto";
import { type KeyValueStore, webStorageStore } from "@tessera/mtproto/stores";
import { html, md, toHtml } from "@tessera/mtproto/text";
import { apiSchema, type TlObject } from "@tessera/mtproto/tl";

export async function signIn(): Promise<string | undefined> {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
  await client.start({ botAuthToken: "777:TESTTOKEN" });
  const config: Api.Config = await client.invoke({ _: "help.getConfig" });
  const same: ApiTypes.Config = config;
  // @ts-expect-error there is no such method
  const none = client.invoke({ _: "help.getNothing" });
  const hash: Uint8Array = sha256(new Uint8Array(same.thisDc));
  const object: TlObject | undefined = apiSchema().has("config") ? config : undefined;
  const store: KeyValueStore = webStorageStore();
  const world: Partial<CliEnvironment> = { print: () => {} };
  client.on("message", (message) => message.reply(html\`<b>\${message.text}</b>\`));
  const markup: string = toHtml(md\`_\${"text"}_\`);
  await Promise.allSettled([none, run(["help"], world), hash, object, store, markup]);
  return (await client.getMe())?.username;
}
`;

const CONFIG = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
const NAME = "test_777_bot\n";
const runtimes = await installRuntimes();
const tools = await installTools();

Deno.test("The oldest Node that is tested is the oldest that is allowed", async () => {
  using project = await newProject();
  const { engines } = JSON.parse(await Deno.readTextFile(`${project.package}package.json`));
  assertEquals(await run(runtimes.oldestNode, ["--version"]), `v${engines.node.slice(2)}.0\n`);
});

for (const runtime of ["oldestNode", "node22", "node24", "node26", "bun"]) {
  Deno.test(`The package is used by import in ${runtime}`, async () => {
    using project = await newProject();
    const path = await project.write("main.js", IMPORTS + BODY);
    assertEquals(await run(runtimes[runtime], [path]), NAME);
  });

  Deno.test(`The package is used by require from CommonJS in ${runtime}`, async () => {
    using project = await newProject("commonjs");
    const path = await project.write(
      "main.js",
      `const { Client, StringSession } = require("@tessera/mtproto");
      const { OfflineTelegram } = require("@tessera/mtproto/testing");
      (async () => {${BODY}})();`,
    );
    assertEquals(await run(runtimes[runtime], [path]), NAME);
  });

  Deno.test(`Every entry of the package can be required in ${runtime}`, async () => {
    using project = await newProject("commonjs");
    const path = await project.write(
      "main.js",
      `const manifest = require("@tessera/mtproto/package.json");
      const entries = Object.keys(manifest.exports).filter((name) => !/\\.(wasm|json)$/.test(name));
      for (const name of entries) require("@tessera/mtproto" + name.slice(1));
      const { md, toHtml } = require("@tessera/mtproto/text");
      console.log(entries.length, toHtml(md\`**Hello** \${"<Ada>"}\`));`,
    );
    const entries = Object.keys(CONFIG.exports).length;
    assertEquals(await run(runtimes[runtime], [path]), `${entries} <b>Hello</b> &lt;Ada&gt;\n`);
  });
}

Deno.test("interactiveLogin() draws a QR code without another package", async () => {
  using project = await newProject();
  const path = await project.write(
    "main.js",
    `${IMPORTS}
    const telegram = new OfflineTelegram();
    const { apiId, apiHash, clientOptions } = telegram;
    const phone = new Client(new StringSession(), apiId, apiHash, clientOptions);
    await phone.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
    const client = new Client(new StringSession(), apiId, apiHash, clientOptions);
    const login = client.interactiveLogin(undefined, { qr: true });
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text) => {
      const [url] = text.match(/tg:\\/\\/login\\?token=[\\w-]+/);
      void phone.acceptQr(url);
      console.log(text.match(/^[█▀▄ ]{30,}$/gm).length);
      return write(text);
    };
    console.log((await login).firstName);
    await Promise.all([client.disconnect(), phone.disconnect(), telegram.close()]);`,
  );
  assertEquals(await run(runtimes.node24, [path]), "19\nUser 1111\n");
});

for (const [typescript, program] of [["5.9", "typescript/bin/tsc"], ["7", "typescript7/bin/tsc"]]) {
  for (const module of ["node16", "nodenext", "bundler"]) {
    Deno.test(`The types hold in TypeScript ${typescript} with ${module} resolution`, async () => {
      using project = await newProject();
      const path = await project.write("main.ts", TYPED);
      const options = ["--noEmit", "--skipLibCheck", "false", "--target", "es2022"];
      const strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
      const kind = module === "bundler"
        ? ["--module", "esnext", "--moduleResolution", "bundler"]
        : ["--module", module];
      await run(runtimes.node22, [tools + program, ...options, ...strict, ...kind, path], {
        cwd: project.folder,
      });
    });
  }
}

Deno.test("The types hold in TypeScript for Node, which has no library of browsers", async () => {
  using project = await newProject();
  const path = await project.write("main.ts", TYPED);
  const options = ["--noEmit", "--strict", "--skipLibCheck", "false", "--module", "nodenext"];
  const node = ["--target", "es2023", "--lib", "es2023", "--types", "node"];
  const args = [`${tools}typescript/bin/tsc`, ...options, ...node, "--typeRoots", `${tools}@types`];
  await run(runtimes.node22, [...args, path], { cwd: project.folder });
});

Deno.test("The types hold in TypeScript for es2020, which has no ErrorOptions", async () => {
  using project = await newProject();
  const path = await project.write("main.ts", TYPED);
  const options = ["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2020"];
  const kind = ["--module", "esnext", "--moduleResolution", "bundler"];
  const args = [`${tools}typescript/bin/tsc`, ...options, ...kind, "--lib", "es2020,dom", path];
  await run(runtimes.node22, args, { cwd: project.folder });
});

Deno.test("The types hold from CommonJS in TypeScript, with nodenext resolution", async () => {
  using project = await newProject("commonjs");
  const path = await project.write("main.cts", TYPED);
  const options = ["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2022"];
  const args = [`${tools}typescript/bin/tsc`, ...options, "--module", "nodenext", path];
  await run(runtimes.node22, args, { cwd: project.folder });
});

/** The names that a bundle's modules import. */
async function importsOf(...paths: string[]): Promise<string[]> {
  const texts = await Promise.all(paths.map((path) => Deno.readTextFile(path)));
  const names = texts.flatMap((text) => [
    ...text.matchAll(/(?:^|;)import\b[^"'`()]*["']([^"']+)["']/gm),
  ]);
  return names.map(([, name]) => name).sort();
}

Deno.test("esbuild bundles the package for browsers into a file that imports nothing", async () => {
  using project = await newProject();
  const path = await project.write("main.js", IMPORTS + BODY);
  const out = `${project.folder}out.mjs`;
  const args = ["--bundle", "--minify", "--platform=browser", "--format=esm", `--outfile=${out}`];
  await run(`${tools}esbuild/bin/esbuild`, [path, ...args]);
  assertEquals(await importsOf(out), []);
  assertEquals(await run(runtimes.node24, [out]), NAME);
});

Deno.test("Vite bundles the package into files that import only each other", async () => {
  using project = await newProject();
  await project.write("main.js", IMPORTS + BODY);
  const config = `export default {
    build: { lib: { entry: "main.js", formats: ["es"], fileName: "out" }, target: "es2022" },
  };`;
  await project.write("vite.config.js", config);
  await run(runtimes.node24, [`${tools}vite/bin/vite.js`, "build"], { cwd: project.folder });
  const files = await Array.fromAsync(Deno.readDir(`${project.folder}dist`));
  const paths = files.map(({ name }) => `${project.folder}dist/${name}`);
  assertEquals((await importsOf(...paths)).filter((name) => !name.startsWith("./")), []);
  assertEquals(await run(runtimes.node24, [`${project.folder}dist/out.js`]), NAME);
});

/**
 * What is imported in place of embedding and compiling, by the condition under which a bundle is
 * made.
 */
const EDGE: Readonly<Record<string, readonly string[]>> = {
  "workerd": ["cloudflare:sockets", "tessera.wasm"],
  "edge-light": ["tessera.wasm?module"],
};

for (const [condition, expected] of Object.entries(EDGE)) {
  Deno.test(
    `With the condition ${condition}, a bundle imports ${
      expected.join(" and ")
    }, and embeds no bytes of WASM`,
    async () => {
      using project = await newProject();
      const path = await project.write("main.js", IMPORTS + BODY);
      const out = `${project.folder}out.mjs`;
      const args = ["--bundle", "--format=esm", `--conditions=${condition}`, `--outfile=${out}`];
      const outside = ["*.wasm", "*.wasm?module", "cloudflare:*"].map((name) =>
        `--external:${name}`
      );
      await run(`${tools}esbuild/bin/esbuild`, [path, ...args, ...outside]);
      const imports = await importsOf(out);
      assertEquals(imports.map((name) => name.replace(/^.*\//, "")).sort(), expected);
      const text = await Deno.readTextFile(out);
      assert(!text.includes("0061736d01000000"), "the WASM module is embedded as well");
    },
  );
}
