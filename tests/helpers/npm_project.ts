/**
 * An empty project in a folder for what is temporary, with the tarball of `npm/` installed from the
 * file and without the network: as somebody has it who types `npm install`.
 */
import { run } from "./install.ts";

const NPM = new URL("../../npm/", import.meta.url);

/** A project; its folder is removed when it is disposed. */
export interface Project extends Disposable {
  /** Its folder, with a slash at the end. */
  readonly folder: string;
  /** Where the package is in it. */
  readonly package: string;
  /** Writes a file and gives its path. */
  write(name: string, text: string): Promise<string>;
}

/** The tarball that `deno task npm` made. */
export async function tarball(): Promise<string> {
  const files = await Array.fromAsync(Deno.readDir(NPM)).catch(() => []);
  const [file] = files.filter(({ name }) => name.endsWith(".tgz"));
  if (file !== undefined) return new URL(file.name, NPM).pathname;
  throw new Error(
    'Cannot test the npm package: "npm/" has none, expected what `deno task npm` makes',
  );
}

/** Folders with the package installed, by type of module: npm takes seconds for each. */
const installed = new Map<string, Promise<string>>();

async function install(type: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "tessera-" });
  addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const manifest = JSON.stringify({ name: "project", private: true, type });
  await Deno.writeTextFile(`${folder}/package.json`, manifest);
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  await run("npm", ["install", "--offline", ...quiet, await tarball()], { cwd: folder });
  return folder;
}

/** Makes a project with the package, as npm installs it. */
export async function newProject(type: "module" | "commonjs" = "module"): Promise<Project> {
  const model = installed.get(type) ?? install(type);
  installed.set(type, model);
  const folder = `${await Deno.makeTempDir({ prefix: "tessera-" })}/`;
  await run("cp", ["-a", `${await model}/.`, folder]);
  return {
    folder,
    package: `${folder}node_modules/@tessera/mtproto/`,
    async write(name, text) {
      const path = `${folder}${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(path, text);
      return path;
    },
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
  };
}
