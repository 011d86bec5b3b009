/**
 * `deno task bench`: measures the TL codec, whole messages, kernels and calls, in Deno, Node 24 and
 * Bun, beside mtcute, GramJS and teleproto. Each row has a process of its own in each library and
 * runtime. The libraries take turns, round after round, so that other load of the machine affects
 * all of them equally. All must come to the same result before they are measured. Prints the median
 * and the quartiles of each, and how many times as long the others take. A full run writes the
 * table of docs/benchmarks.md.
 *
 * `--row "decode config"` chooses rows by words of their names, `--runtime node,bun` runtimes and
 * `--library mtcute` other libraries; `--rounds` and `--processes` say how often.
 */
import { parseArgs } from "@std/cli/parse-args";
import { cpus, release } from "node:os";
import { authKeyId, encryptMessage } from "../src/crypto/mod.ts";
import { layerSchema } from "../src/testing/layers/mod.ts";
import { startServe } from "../tests/interop/processes.ts";
import { publishedPackage } from "../tools/published_schema.ts";
import { type Inputs, LIBRARIES, type LibraryName, type Target } from "./libraries/library.ts";
import { ROWS, SIZES } from "./libraries/rows.ts";
import { Measured, prepareRuntimes, type Runtime } from "./processes.ts";
import { isChosen, lines, print, type Results, table, writeSection } from "./report.ts";
import { TL_OBJECTS } from "./tl_objects.ts";

/** The layers of the libraries' codecs: GramJS, teleproto, mtcute and this project. */
const LAYERS = [198, 214, 228];

const args = parseArgs(Deno.args, {
  string: ["row", "runtime", "library"],
  default: { rounds: 9, processes: 2 },
});

/** Whether a name has all words of a filter. */
const hasWords = (filter: string | undefined, name: string): boolean =>
  (filter ?? "").toLowerCase().split(/\s+/).every((word) => name.toLowerCase().includes(word));

function random(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 65536) crypto.getRandomValues(bytes.subarray(i, i + 65536));
  return bytes;
}

/** Returns what all libraries work with. */
async function makeInputs(target: Target): Promise<Inputs> {
  const [authKey, data] = [random(256), random(SIZES["512 KiB"])];
  const [base, modulus] = [random(256), random(256)];
  base[0] = 0;
  modulus[0] |= 0x80;
  modulus[255] |= 1;
  const bytes = new Map<string, Uint8Array>([
    ...Object.entries({ "auth key": authKey, "auth key id": authKeyId(authKey), data }),
    ...Object.entries({ "aes key": random(32), "aes iv": random(32) }),
    ...Object.entries({ base, exponent: random(256), modulus }),
  ]);
  for (const [size, length] of Object.entries(SIZES)) {
    bytes.set(`packet, ${size}`, encryptMessage(authKey, data.subarray(0, length), "server"));
  }
  for (const layer of LAYERS) {
    for (const [name, object] of TL_OBJECTS) {
      bytes.set(`layer ${layer}, ${name}`, layerSchema(layer).encode(object));
    }
  }
  return {
    target,
    mtcuteCodec: new URL("tl/binary/", await publishedPackage()).href,
    bytes: Object.fromEntries([...bytes].map(([name, value]) => [name, value.toBase64()])),
  };
}

/**
 * Measures a row in a runtime, in new processes, and adds what it measures to the samples. Leaves
 * out another library that cannot do it.
 */
async function measure(
  name: string,
  runtime: Runtime,
  path: string,
  samples: Map<LibraryName, number[]>,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const measured = new Map<LibraryName, Measured>();
  let expected: string | undefined;
  for (const library of [...samples.keys()]) {
    const child = stack.use(new Measured([...runtime.command(library), path, name]));
    const result = await child.line().catch((error: Error) => {
      if (library === "tessera") throw error;
      print(`${library} cannot do "${name}" in ${runtime.name}`);
      samples.delete(library);
    });
    if (result === undefined) continue;
    measured.set(library, child);
    expected ??= result;
    if (result !== expected) {
      throw new Error(`Cannot compare "${name}": ${library} has another result in ${runtime.name}`);
    }
  }
  for (let round = 0; round < Number(args.rounds); round++) {
    for (const [library, child] of measured) samples.get(library)?.push(await child.round());
  }
}

const libraries = LIBRARIES.filter((library) =>
  library === "tessera" || isChosen(args.library, library)
);
const rows = ROWS.filter(({ name }) => hasWords(args.row, name));
const runtimes = (await prepareRuntimes()).filter(({ name }) => isChosen(args.runtime, name));
const [{ model }, ...cores] = cpus();
const versions = runtimes.map(({ name, version }) => `${name} ${version}`);
const machine = `${cores.length + 1} cores, ${model}, ${Deno.build.os} ${release()}`;
print(`${machine}\n${versions.join(", ")}\n`);

await using server = await startServe();
const path = await Deno.makeTempFile({ suffix: ".json" });
const all = new Map<string, Results[]>(rows.map(({ name }) => [name, []]));
try {
  await Deno.writeTextFile(path, JSON.stringify(await makeInputs(server.target)));
  for (const { name } of rows) {
    for (const runtime of runtimes) {
      const samples = new Map<LibraryName, number[]>(libraries.map((library) => [library, []]));
      for (let process = 0; process < Number(args.processes); process++) {
        await measure(name, runtime, path, samples);
      }
      all.get(name)?.push(samples);
      for (const line of lines(name, runtime.name, samples)) print(line);
    }
  }
} finally {
  await Deno.remove(path);
}
const isWhole = [args.row, args.runtime, args.library].every((filter) => filter === undefined);
const text = table(`${versions.join(" / ")}, on ${machine}`, all);
if (isWhole) await writeSection("deno task bench", text);
else print(`\n${text}`);
