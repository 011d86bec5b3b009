/**
 * Fails if a line of the code or the documents has more than 100 columns. `deno fmt` wraps code,
 * but neither comments nor texts. Not looked at: generated files and data. Rows of tables and lines
 * of a single word, such as an address, may be longer.
 */

const MAX_COLUMNS = 100;
const ROOT = new URL("../", import.meta.url);
const PLACES = [
  "mod.ts",
  "build_npm.ts",
  "README.md",
  "src",
  "wasm",
  "tests",
  "tools",
  "bench",
  "docs",
  "examples",
  "site",
];
const UNREAD = ["node_modules", ".pages", ".cache", "dist"];
const GENERATED = [
  "src/crypto/wasm_embedded.ts",
  "src/testing/api/test_rsa_keys.ts",
  "src/testing/layers/lines.ts",
  "src/tl/generated",
  "tests/vectors",
  "wasm/out",
];

/** Returns the TypeScript and Markdown files in a place, by their paths from the root. */
async function filesIn(path: string): Promise<string[]> {
  if (GENERATED.includes(path)) return [];
  if (path.endsWith(".ts") || path.endsWith(".md")) return [path];
  if (/\.\w+$/.test(path)) return [];
  const entries = await Array.fromAsync(Deno.readDir(new URL(`${path}/`, ROOT)));
  const paths = entries.filter(({ name }) => !UNREAD.includes(name)).map(({ name, isDirectory }) =>
    isDirectory || /\.(?:ts|md)$/.test(name) ? [`${path}/${name}`] : []
  ).flat();
  return (await Promise.all(paths.map(filesIn))).flat();
}

/** Whether a line may be longer: a row of a table, or a word that has no place to break. */
function mayBeLonger(path: string, line: string): boolean {
  if (path.endsWith(".md") && line.startsWith("|")) return true;
  return /^\W*https?:\S+$/.test(line);
}

const files = (await Promise.all(PLACES.map(filesIn))).flat().sort();
const long: string[] = [];
for (const path of files) {
  const text = await Deno.readTextFile(new URL(path, ROOT));
  for (const [index, line] of text.split("\n").entries()) {
    const columns = [...line].length;
    if (columns > MAX_COLUMNS && !mayBeLonger(path, line)) {
      long.push(`${path}:${index + 1} has ${columns} columns`);
    }
  }
}
if (long.length > 0) {
  // deno-lint-ignore no-console
  console.error(`${long.join("\n")}\n${long.length} lines have more than ${MAX_COLUMNS} columns.`);
  Deno.exit(1);
}
