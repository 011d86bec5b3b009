/**
 * Bundles a program with esbuild as an application would, and tells what became of it: used by the
 * bench and by tests.
 */
import { gzipSync } from "node:zlib";
import { installTools, run } from "./install.ts";

/** What a bundle is. */
export interface Bundled {
  /** Bytes of all its files, minified. */
  readonly minified: number;
  /** The same after gzip. */
  readonly gzip: number;
  /**
   * After gzip, what is loaded before the program runs: without what it imports only when it comes
   * to need it.
   */
  readonly gzipAtStart: number;
  /** In how many files that is. */
  readonly filesAtStart: number;
  /** The modules in what is loaded before the program runs. */
  readonly modulesAtStart: readonly string[];
  /** The modules in all its files. */
  readonly modules: readonly string[];
}

interface Output {
  readonly entryPoint?: string;
  readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

/**
 * Bundles the module at `path`, in whose folder its dependencies are installed. With `splitting`,
 * what is imported only when it is needed is in files of its own.
 */
export async function bundleProgram(
  path: string,
  platform: string,
  splitting = true,
): Promise<Bundled> {
  const folder = `${path}.bundle/`;
  const meta = `${folder}meta.json`;
  await run(`${await installTools()}esbuild/bin/esbuild`, [
    ...[
      path,
      "--bundle",
      "--minify",
      `--splitting=${splitting}`,
      "--format=esm",
      `--platform=${platform}`,
    ],
    ...[`--outdir=${folder}`, `--metafile=${meta}`, "--log-level=error"],
    "--external:better-sqlite3",
  ], { cwd: path.slice(0, path.lastIndexOf("/")) });
  const { outputs }: { outputs: Record<string, Output> } = JSON.parse(
    await Deno.readTextFile(meta),
  );
  const root = path.slice(0, path.lastIndexOf("/") + 1);
  let minified = 0;
  const gzip = new Map<string, number>();
  for (const name of Object.keys(outputs)) {
    const bytes = await Deno.readFile(root + name);
    minified += bytes.length;
    gzip.set(name, gzipSync(bytes, { level: 9 }).length);
  }
  const atStart = new Set(Object.keys(outputs).filter((name) => outputs[name].entryPoint));
  for (const name of atStart) {
    if (outputs[name].entryPoint?.includes("node_modules/")) atStart.delete(name);
  }
  for (const name of atStart) {
    for (const { path, kind } of outputs[name].imports) {
      if (kind === "import-statement" && path in outputs) atStart.add(path);
    }
  }
  const sum = (names: Iterable<string>): number =>
    [...names].reduce((total, name) => total + (gzip.get(name) ?? 0), 0);
  const modulesIn = (names: Iterable<string>): string[] =>
    [...names].flatMap((name) => Object.entries(outputs[name].inputs))
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([input]) => input);
  return {
    minified,
    gzip: sum(gzip.keys()),
    gzipAtStart: sum(atStart),
    filesAtStart: atStart.size,
    modulesAtStart: modulesIn(atStart),
    modules: modulesIn(gzip.keys()),
  };
}
