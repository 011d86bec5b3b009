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

/** Makes a project and installs the package in it. */
export async function newProject(type: "module" | "commonjs" = "module"): Promise<Project> {
  const folder = `${await Deno.makeTempDir({ prefix: "tessera-" })}/`;
  const write = async (name: string, text: string): Promise<string> => {
    const path = `${folder}${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
    return path;
  };
  await write("package.json", JSON.stringify({ name: "project", private: true, type }));
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  await run("npm", ["install", "--offline", ...quiet, await tarball()], { cwd: folder });
  return {
    folder,
    package: `${folder}node_modules/@tessera/mtproto/`,
    write,
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
  };
}
