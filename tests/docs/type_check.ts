/** Type-checks the code of a document in one process, with the import map of this repository. */
import { assertEquals } from "../helpers/assert.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

/** Fails with what `deno check` says if one of these modules has an error. */
export async function assertTypeChecks(modules: readonly string[]): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const files = modules.map((_, index) => `${folder}/${index}.ts`);
    for (const [index, source] of modules.entries()) {
      await Deno.writeTextFile(files[index], source);
    }
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", "--no-lock", "--config", CONFIG, ...files],
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
