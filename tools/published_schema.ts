/**
 * The npm package @mtcute/core, which publishes the schemas of TL as JSON. The package is taken
 * alone, by `npm pack`, without the packages that it depends on, and is kept in `.cache/`.
 */

/** The package, and its version: the newest layer that the registry has. */
export const SOURCE = "@mtcute/core@0.31.0";

/** The SHA-512 of the archive, as the registry states it. */
const INTEGRITY =
  "54w+3/4iZaQcY2eDxeswSrD9gutkDF+YWVKC97yU7JEJkdwpUvCmoGLcsxjAK6AQu5ipO8/+vPM0AdUZVFUtQg==";

const CACHE = new URL(`../.cache/schema/${SOURCE.replace("/", "+")}/`, import.meta.url);

/** How long the download may take, in milliseconds. */
const LONGEST_DOWNLOAD = 120_000;

/** The place and the program of {@linkcode publishedPackage}. */
export interface PublishedPackageOptions {
  /** The folder that keeps the package; its address ends with a slash. */
  readonly cache?: URL;
  /** The program `npm`. */
  readonly npm?: string;
}

/**
 * Returns the folder of the package. It downloads the package first if the cache does not have it.
 *
 * @throws {Error} if `npm` is missing or fails, or the archive is not the expected one
 */
export async function publishedPackage(
  { cache = CACHE, npm = "npm" }: PublishedPackageOptions = {},
): Promise<URL> {
  const folder = new URL("package/", cache);
  if (await exists(folder)) return folder;
  await Deno.mkdir(cache, { recursive: true });
  const place = await Deno.makeTempDir({ dir: cache.pathname });
  try {
    await run(place, npm, ["pack", SOURCE, "--loglevel=error", "--fetch-retries=1"]);
    const [archive] = Array.from(Deno.readDirSync(place), ({ name }) => name);
    await check(await Deno.readFile(`${place}/${archive}`));
    await run(place, "tar", ["-xzf", archive]);
    await Deno.rename(`${place}/package`, folder);
  } catch (error) {
    // Another test may have downloaded it meanwhile.
    if (!await exists(folder)) throw error;
  } finally {
    await Deno.remove(place, { recursive: true });
  }
  return folder;
}

/** Reads a JSON file of the package. */
export async function readPublished<T>(path: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(path, await publishedPackage())));
}

async function exists(folder: URL): Promise<boolean> {
  try {
    return (await Deno.stat(folder)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Runs a program in a folder. */
async function run(cwd: string, program: string, args: readonly string[]): Promise<void> {
  const signal = AbortSignal.timeout(LONGEST_DOWNLOAD);
  const command = new Deno.Command(program, { args: [...args], cwd, signal, stdin: "null" });
  try {
    const { success, stderr } = await command.output();
    if (success) return;
    throw new Error(
      `Cannot get "${SOURCE}": "${program} ${args.join(" ")}" fails. Check the connection.\n` +
        new TextDecoder().decode(stderr),
    );
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(`Cannot get "${SOURCE}": there is no program "${program}". Install it.`);
  }
}

async function check(archive: Uint8Array<ArrayBuffer>): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", archive)).toBase64();
  if (digest === INTEGRITY) return;
  throw new Error(`Cannot trust "${SOURCE}": its SHA-512 is ${digest}, expected ${INTEGRITY}`);
}
