/**
 * The examples as somebody has them who copies a folder: with the package, in Node. Those that need
 * a bot or a person who answers are run in tests/examples/.
 */
import { assertMatch } from "../helpers/assert.ts";
import { installRuntimes, run } from "../helpers/install.ts";
import { newProject } from "../helpers/npm_project.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);
const runtimes = await installRuntimes();

/** What each prints with an offline Telegram. */
const OUTPUT: Readonly<Record<string, RegExp>> = {
  bot: /^Signed in as Bot 777, @test_777_bot\.\n/,
  raw_call: /^DC 2 is at dc2\.offline:443\.\n/,
};

for (const [name, output] of Object.entries(OUTPUT)) {
  for (const runtime of ["node24", "node26", "bun"]) {
    Deno.test(`A copy of examples/${name} runs in ${runtime}`, async () => {
      using project = await newProject();
      const program = await Deno.readTextFile(new URL(`${name}/main.ts`, EXAMPLES));
      const path = await project.write("main.ts", program);
      const env = { TELEGRAM_API_ID: "" };
      assertMatch(await run(runtimes[runtime], [path], { env, cwd: project.folder }), output);
    });
  }
}
