/**
 * Compiles the AssemblyScript in this folder to the one WASM module, and writes it to src/crypto/wasm_embedded.ts:
 * `deno task wasm`. The output depends on the sources, on the compiler's version and on its options only, so a test
 * builds again and compares.
 */
import asc from "npm:assemblyscript@0.28.20/asc";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

const FOLDER = new URL("./", import.meta.url);
const EMBEDDED = new URL("../src/crypto/wasm_embedded.ts", import.meta.url);

/**
 * Memory of a fixed size (8 pages of 64 KiB), so that one view of it stays valid for ever; no runtime and no imports.
 * Without assertions nothing can call `abort`, which would be an import.
 */
const OPTIONS = [
  ...["-O3", "--noAssert", "--converge"],
  ...["--runtime", "stub"],
  ...["--initialMemory", "8", "--maximumMemory", "8"],
  ...["--enable", "simd", "--enable", "relaxed-simd"],
];

/** What the build makes. */
export interface Build {
  /** The module. */
  wasm: Uint8Array;
  /** The text of src/crypto/wasm_embedded.ts. */
  embedded: string;
}

function readSource(name: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(name, FOLDER));
  } catch {
    return null; // the compiler asks for names that may be there, and takes null for "it is not"
  }
}

function hashSources(sources: Map<string, string>): string {
  const hash = createHash("sha256").update(JSON.stringify(OPTIONS));
  for (const name of [...sources.keys()].sort()) {
    const text = sources.get(name) ?? "";
    hash.update(`\n${name} ${text.length}\n`).update(text);
  }
  return hash.digest("hex");
}

/** Builds in memory; writes nothing. */
export async function build(): Promise<Build> {
  const sources = new Map<string, string>();
  const outputs = new Map<string, Uint8Array>();
  const { error, stderr } = await asc.main(["index.ts", "--outFile", "module.wasm", ...OPTIONS], {
    readFile: (name) => {
      const text = readSource(name);
      if (text !== null) sources.set(name, text);
      return text;
    },
    writeFile: (name, contents) => {
      if (typeof contents !== "string") outputs.set(name, contents);
    },
    listFiles: () => [],
  });
  const wasm = outputs.get("module.wasm");
  if (error !== null || wasm === undefined) {
    throw new Error(`Cannot compile "wasm/index.ts":\n${stderr.toString()}`, { cause: error });
  }
  const embedded =
    `// Made by \`deno task wasm\` from wasm/*.ts; not to be edited. A test builds it again and compares.

/** SHA-256 of the AssemblyScript sources and of the compiler's options. */
export const SOURCE_HASH = "${hashSources(sources)}";

/**
 * The module with relaxed SIMD, ${wasm.length} bytes, in hexadecimal: of all texts the one that gzip makes smallest, and that is
 * read fastest. See wasm_module.ts.
 */
export const WASM_HEX =
  "${Buffer.from(wasm).toString("hex")}";
`;
  return { wasm, embedded };
}

if (import.meta.main) {
  const { wasm, embedded } = await build();
  Deno.writeTextFileSync(EMBEDDED, embedded);
  console.log(`src/crypto/wasm_embedded.ts: ${wasm.length} bytes of WASM`);
}
