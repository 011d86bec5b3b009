/**
 * What each public entry exports, one name on a line. Run as a program, it prints the list that is
 * committed as public_api.txt:
 *
 *     deno run -A tests/public_api.ts > tests/public_api.txt
 */
import config from "../deno.json" with { type: "json" };

const ROOT = new URL("../", import.meta.url);

/**
 * The types of the API are thousands of names, and change with the schema: their own tests look at
 * them.
 */
const GENERATED = ["./api"];

/** As much of `deno doc --json` as is used here. */
interface Documentation {
  readonly nodes: Readonly<
    Record<
      string,
      {
        readonly symbols: readonly {
          readonly name: string;
          readonly declarations: readonly { readonly kind: string }[];
        }[];
      }
    >
  >;
}

/** The list of all entries. */
export async function publicApi(): Promise<string> {
  const entries = Object.entries(config.exports).filter(([name]) => !GENERATED.includes(name));
  const files = entries.map(([, path]) => new URL(path, ROOT));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", ...files.map(String)],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { nodes }: Documentation = JSON.parse(new TextDecoder().decode(stdout));
  return entries.map(([name], index) => {
    const { symbols } = nodes[files[index].href];
    const lines = symbols.map(({ name, declarations }) => {
      const kinds = new Set(declarations.map(({ kind }) => kind));
      return `${name}: ${[...kinds].sort().join(", ")}`;
    });
    return `${["@tessera/mtproto", name.slice(2)].filter(Boolean).join("/")}\n${
      lines.sort().map((line) => `  ${line}\n`).join("")
    }`;
  }).join("\n");
}

// deno-lint-ignore no-console
if (import.meta.main) console.log((await publicApi()).trimEnd());
