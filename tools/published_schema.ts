/**
 * The schemas of TL that the npm package @mtcute/core publishes, as JSON. The package is taken
 * alone, by `npm pack`, without what it depends on: nothing of it runs. It is kept in `.cache/`.
 */

/** The package, and its version: the newest layer that the registry has. */
export const SOURCE = "@mtcute/core@0.31.0";

const FOLDER = new URL(`../.cache/schema/${SOURCE.replace("/", "+")}/`, import.meta.url);

/** Runs a program in the folder; fails with what it printed if it fails. */
async function run(program: string, ...args: readonly string[]): Promise<void> {
  const command = new Deno.Command(program, { args: [...args], cwd: FOLDER, stdout: "piped" });
  const { success, stdout } = await command.output();
  if (success) return;
  const text = new TextDecoder().decode(stdout);
  throw new Error(`Cannot get ${SOURCE}: "${program} ${args.join(" ")}" fails\n${text}`);
}

/** Reads a file of the package, which is downloaded first if it is not there. */
export async function readPublished<T>(path: string): Promise<T> {
  const file = new URL(`package/${path}`, FOLDER);
  try {
    return JSON.parse(await Deno.readTextFile(file));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.mkdir(FOLDER, { recursive: true });
  await run("npm", "pack", SOURCE, "--silent");
  const archive = Array.from(Deno.readDirSync(FOLDER)).find(({ name }) => name.endsWith(".tgz"));
  await run("tar", "-xzf", archive?.name ?? "");
  return JSON.parse(await Deno.readTextFile(file));
}
