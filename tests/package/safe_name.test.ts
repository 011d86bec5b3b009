/**
 * What docs/command-line.md tells people to type runs our program or none, whatever a registry
 * offers under our names, and whatever else is installed. The registry of this test belongs to a
 * stranger, who has taken all of them. Not part of `deno task test`: run by `deno task npm`.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../helpers/assert.ts";
import { installRuntimes, run } from "../helpers/install.ts";
import { newProject, tarball } from "../helpers/npm_project.ts";

const { node22 } = await installRuntimes();
const STRANGER = "a stranger runs";
const NAMES = ["tessera", "tessera-mtproto", "mtproto", "@tessera/mtproto"];
const FILE = "node node_modules/@tessera/mtproto/cli.js";
const VERSION = /^tessera \d+\.\d+\.\d+\n$/;

/** A package of a stranger, as a tarball in a folder. */
async function strangersPackage(folder: string, name: string): Promise<string> {
  const at = `${folder}/${name.replace("/", "-")}`;
  await Deno.mkdir(at, { recursive: true });
  const bin = Object.fromEntries(
    ["tessera", "tessera-mtproto", "mtproto"].map((one) => [one, "program.js"]),
  );
  await Deno.writeTextFile(
    `${at}/package.json`,
    JSON.stringify({ name, version: "9.0.0", bin }),
  );
  await Deno.writeTextFile(
    `${at}/program.js`,
    `#!/usr/bin/env node\nconsole.log("${STRANGER}");\n`,
  );
  const out = await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: at });
  return `${folder}/${out.trim()}`;
}

interface Place extends AsyncDisposable {
  /** A folder for packages of the stranger. */
  readonly folder: string;
  /** The paths that were asked for. */
  readonly asked: string[];
  /** Runs a line of shell in a folder. */
  shell(folder: string, line: string): Promise<{ code: number; stdout: string; stderr: string }>;
}

/** A machine whose npm uses the registry of the stranger, and says yes to everything. */
async function strangersRegistry(): Promise<Place> {
  const folder = await Deno.makeTempDir({ prefix: "tessera-" });
  const asked: string[] = [];
  const packages = new Map<string, string>();
  for (const name of NAMES) packages.set(name, await strangersPackage(folder, name));
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { origin, pathname } = new URL(request.url);
    const path = decodeURIComponent(pathname.slice(1));
    asked.push(path);
    if (path.startsWith("files/")) {
      return new Response(await Deno.readFile(`${folder}/${path.slice(6)}`));
    }
    const file = packages.get(path);
    if (file === undefined) return new Response("{}", { status: 404 });
    const digest = await crypto.subtle.digest("SHA-512", await Deno.readFile(file));
    const bin = { tessera: "program.js" };
    const dist = {
      tarball: `${origin}/files/${file.slice(folder.length + 1)}`,
      integrity: `sha512-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`,
    };
    const versions = { "9.0.0": { name: path, version: "9.0.0", bin, dist } };
    return Response.json({ name: path, "dist-tags": { latest: "9.0.0" }, versions });
  });
  await Deno.writeTextFile(`${folder}/npmrc`, "");
  const env = {
    PATH: `${node22.slice(0, node22.lastIndexOf("/"))}:${Deno.env.get("PATH")}`,
    NO_COLOR: "1",
    npm_config_userconfig: `${folder}/npmrc`,
    npm_config_registry: `http://127.0.0.1:${server.addr.port}`,
    npm_config_cache: `${folder}/cache`,
    npm_config_update_notifier: "false",
    npm_config_audit: "false",
  };
  return {
    folder,
    asked,
    async shell(cwd, line) {
      const command = new Deno.Command("sh", { args: ["-c", line], cwd, env, stdin: "null" });
      const { code, stdout, stderr } = await command.output();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      return { code, stdout: out, stderr: err };
    },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("In an empty folder, the safe words run ours or nothing, and fetch nothing", async () => {
  await using place = await strangersRegistry();
  const empty = `${place.folder}/empty`;
  await Deno.mkdir(empty);
  const missing = await place.shell(empty, `${FILE} version`);
  assertEquals([missing.code, missing.stdout], [1, ""]);
  assertStringIncludes(missing.stderr, "Cannot find module");
  await Deno.copyFile(await tarball(), `${empty}/ours.tgz`);
  const { stdout, stderr } = await place.shell(empty, "npx ./ours.tgz version");
  assertMatch(stdout, VERSION, stderr);
  assertEquals(place.asked, []);
});

Deno.test("Beside another package with bins of our names, the safe words run ours", async () => {
  await using place = await strangersRegistry();
  using project = await newProject();
  const other = await strangersPackage(place.folder, "other");
  await run("npm", ["install", "--offline", "--no-audit", other], { cwd: project.folder });
  await Deno.copyFile(await tarball(), `${project.folder}ours.tgz`);
  for (const words of [FILE, "npx ./ours.tgz"]) {
    const { stdout, stderr } = await place.shell(project.folder, `${words} version`);
    assertMatch(stdout, VERSION, words + stderr);
  }
  // The reason why no page tells people to type this one.
  const { stdout } = await place.shell(project.folder, "npx --no @tessera/mtproto version");
  assertStringIncludes(stdout, STRANGER);
});

Deno.test("In a project with ours, the hints that are printed run ours", async () => {
  await using place = await strangersRegistry();
  using project = await newProject();
  const start = ["./node_modules/.bin/tessera-mtproto", FILE, "npx --no @tessera/mtproto"];
  for (const words of start) {
    const { stdout } = await place.shell(project.folder, `${words} help`);
    const hint = /^Usage: (.*) COMMAND/m.exec(stdout)?.[1];
    assertEquals(hint, FILE, words);
  }
  assertMatch((await place.shell(project.folder, `${FILE} version`)).stdout, VERSION);
  assertEquals(place.asked, []);
});

Deno.test("package.json has one program, whose name is not that of another package", async () => {
  using project = await newProject();
  const { bin } = JSON.parse(await Deno.readTextFile(`${project.package}package.json`));
  assertEquals(bin, { "tessera-mtproto": "cli.js" });
  assert((await Deno.stat(`${project.package}cli.js`)).isFile);
});
