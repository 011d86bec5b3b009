/**
 * The words with which a person can run the command line again, for its hints. They never name a
 * package of a registry: where ours is missing, npm would run a stranger's package of that name.
 */

/** The part of Node's `process` that is used here; Deno and Bun have it, too. */
export interface ProgramProcess {
  readonly argv: readonly string[];
  readonly versions: Readonly<Record<string, string | undefined>>;
  cwd(): string;
}

/** The name of the program in package.json. */
export const BIN = "tessera-mtproto";

/**
 * Returns the words that run this program: the task in a checkout, the name of an installed
 * program, or the runtime and the path of the file.
 */
export function programWords({ argv, versions, cwd }: ProgramProcess): string {
  const path = (argv[1] ?? "").replaceAll("\\", "/");
  if (path.endsWith("/src/cli/main.ts")) return "deno task cli";
  const here = `${cwd().replaceAll("\\", "/").replace(/\/$/, "")}/`;
  const isInProject = path.startsWith(`${here}node_modules/`);
  if (path.endsWith(`/${BIN}`) && !path.includes("/node_modules/")) return BIN;
  const file = path.endsWith(`/.bin/${BIN}`)
    ? path.replace(`.bin/${BIN}`, "@tessera/mtproto/cli.js")
    : path;
  if (!file.endsWith("/cli.js")) return BIN;
  const shown = isInProject ? file.slice(here.length) : file;
  const runtime = versions.bun !== undefined
    ? "bun"
    : versions.deno !== undefined
    ? "deno run -A"
    : "node";
  return `${runtime} ${/^[\w./@:+-]+$/.test(shown) ? shown : JSON.stringify(shown)}`;
}
