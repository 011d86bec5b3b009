/** The simulation itself is tested: it must notice each mutant of the library. */
import { assert } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { type Mutant, MUTANTS } from "./mutants.ts";

const ROOT = new URL("../../", import.meta.url);
const WORLDS = 2000;
/** What a world needs. */
const PARTS = ["mod.ts", "deno.json", "src", "tests/simulation", "tests/helpers"];

async function copy(from: URL, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) {
    await copy(new URL(`${from.href}/${name}`), `${to}/${name}`);
  }
}

function occurrences({ file, find }: Mutant): number {
  return Deno.readTextFileSync(new URL(file, ROOT)).split(find).length - 1;
}

/** Returns what the simulation says of a mutant; nothing if it does not notice it. */
async function hunt({ file, find, replace }: Mutant): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/tests`);
    for (const part of PARTS) await copy(new URL(part, ROOT), `${folder}/${part}`);
    const source = await Deno.readTextFile(`${folder}/${file}`);
    await Deno.writeTextFile(`${folder}/${file}`, source.replace(find, () => replace));
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--no-lock", "tests/simulation/hunt.ts", "1", `${WORLDS}`],
      cwd: folder,
    }).output();
    return new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("Each mutant changes one place of the source", () => {
  for (const mutant of MUTANTS) {
    assert(occurrences(mutant) === 1, `"${mutant.find}" is ${occurrences(mutant)} times there`);
  }
});

longTest("The simulation notices nothing in the client as it is", async () => {
  const { file, find } = MUTANTS[0];
  const said = await hunt({ without: "nothing", file, find, replace: find });
  assert(said === "", said);
});

for (const mutant of MUTANTS) {
  longTest(`The simulation notices a client without ${mutant.without}`, async () => {
    assert(/^\d+ /.test(await hunt(mutant)), "no world breaks a rule");
  });
}
