/**
 * Two copies of the package in one program, as npm installs them when a plugin wants another
 * version: they share no variables. One session file is still used by one of them at a time.
 */
import { assertEquals, assertMatch } from "../helpers/assert.ts";
import { installRuntimes, run } from "../helpers/install.ts";
import { newProject, type Project } from "../helpers/npm_project.ts";

const runtimes = await installRuntimes();

/** How a program opens a session with the package that it is given. */
const OPENING = `
  import process from "node:process";
  async function open(kind, path, { SqliteSession, StoreSession, folderStore }) {
    const session = kind === "file"
      ? new SqliteSession(path)
      : new StoreSession("me", () => folderStore(path));
    try {
      await session.load();
      return { session, told: "open" };
    } catch (error) {
      return { session, told: error.name + ": " + error.message };
    }
  }`;

/** Keeps a session open in one copy, and tries the other one: here, and in another process. */
const MAIN = `
  import * as client from "@tessera/mtproto";
  import * as stores from "@tessera/mtproto/stores";
  import * as plugin from "plugin";
  import { execFileSync } from "node:child_process";
  ${OPENING}
  const [kind, path, second] = process.argv.slice(2);
  const told = [client.Client === plugin.Client ? "one copy" : "two copies"];
  const tryOther = async () => {
    const other = await open(kind, path, plugin);
    await other.session.close();
    told.push(other.told);
    told.push(execFileSync(process.execPath, [second, kind, path], { encoding: "utf8" }));
  };
  const first = await open(kind, path, { ...client, ...stores });
  told.push(first.told);
  await tryOther();
  await first.session.close();
  await tryOther();
  process.stdout.write(JSON.stringify(told));`;

const SECOND = `
  import * as plugin from "plugin";
  ${OPENING}
  const [kind, path] = process.argv.slice(2);
  const { session, told } = await open(kind, path, plugin);
  process.stdout.write(told);
  await session.close();`;

/** A project with the package, and a plugin that brings a copy of its own. */
async function withPlugin(): Promise<Project> {
  const project = await newProject();
  const copy = "node_modules/plugin/node_modules/@tessera/mtproto";
  await project.write("node_modules/plugin/package.json", '{ "name": "plugin", "type": "module" }');
  await project.write(
    "node_modules/plugin/index.js",
    `export * from "@tessera/mtproto"; export * from "@tessera/mtproto/stores";`,
  );
  await Deno.mkdir(`${project.folder}${copy}`, { recursive: true });
  await run("cp", ["-a", `${project.package}.`, `${project.folder}${copy}`]);
  return project;
}

for (const runtime of ["node24", "bun"]) {
  Deno.test(`Two copies of the package never have one session open in ${runtime}`, async () => {
    using project = await withPlugin();
    const main = await project.write("main.js", MAIN);
    const second = await project.write("second.js", SECOND);
    for (const kind of ["file", "folder"]) {
      const path = `${project.folder}${kind}`;
      const text = await run(runtimes[runtime], [main, kind, path, second]);
      const [copies, first, here, elsewhere, ...later] = JSON.parse(text);
      assertEquals([copies, first, ...later], ["two copies", "open", "open", "open"]);
      const refusal = /^SessionError: Cannot open the session .* process \d+ on .* uses it since /;
      assertMatch(here, refusal);
      assertMatch(elsewhere, refusal);
      assertMatch(
        here,
        Deno.build.os === "linux" ? /That is this process itself/ : /Close it there/,
      );
      assertMatch(elsewhere, /Close it there, or set the option wait\.$/);
    }
  });
}
