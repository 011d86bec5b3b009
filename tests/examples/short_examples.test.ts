import { assert, assertEquals, assertMatch } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { runDeno } from "../helpers/processes.ts";
import { LOCK } from "../helpers/lock.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);
const CONFIG = "--config=deno.json"; // not the manifest of the folder
const MAX_LINES = 25;

/**
 * What is typed at each short example, and what it prints. Larger ones have tests of their own in
 * tests/examples/.
 */
const RUNS: Record<string, { input: string; stdout: RegExp }> = {
  bot: {
    input: "",
    stdout: /^Signed in as Bot 777, @test_777_bot\.\nFor the next time: BOT_SESSION=1[\w+/=-]+\n$/,
  },
  user: {
    input: "+9996622222\n22222\nhunter2\n",
    stdout: /^Sent to Saved Messages: Hello, User 2222!\n[\w ]+: TELEGRAM_SESSION=1[\w+/=-]+\n$/,
  },
  raw_call: {
    input: "",
    stdout: /^DC 2 is at dc2\.offline:443\.\nNobody is .*: .* AUTH_KEY_UNREGISTERED\.\n$/,
  },
};

/** Nobody's own application may get into this by the environment. */
const NO_APPLICATION = { TELEGRAM_API_ID: "" };

longTest("The examples type-check", async () => {
  const { code, stderr } = await runDeno(["check", "--quiet", LOCK, "examples"], "");
  assertEquals(code, 0, stderr);
});

for (const [name, { input, stdout }] of Object.entries(RUNS)) {
  Deno.test(`The example ${name} has at most ${MAX_LINES} lines, and public imports`, async () => {
    const text = await Deno.readTextFile(new URL(`${name}/main.ts`, EXAMPLES));
    const lines = text.trimEnd().split("\n");
    assert(lines.length <= MAX_LINES, `it has ${lines.length}`);
    for (const [, specifier] of text.matchAll(/ from "([^"]+)"/g)) {
      assertMatch(specifier, /^(@tessera\/mtproto(\/[a-z]+)?|node:process)$/);
    }
    assertMatch(lines[1], /deno run -A main\.ts$/, "it says how to run it");
  });

  Deno.test(`The example ${name} works with the offline Telegram`, async () => {
    const ended = await runDeno(
      ["run", "-A", CONFIG, `examples/${name}/main.ts`],
      input,
      NO_APPLICATION,
    );
    assertEquals(ended.code, 0, ended.stderr);
    assertMatch(ended.stdout, stdout);
  });
}

Deno.test("An example says what is wrong with an application that is none", async () => {
  const env = { TELEGRAM_API_ID: "1", TELEGRAM_API_HASH: "nonsense" };
  const { code, stderr } = await runDeno(["run", "-A", CONFIG, "examples/bot/main.ts"], "", env);
  assertEquals(code, 1);
  assertMatch(stderr, /Cannot use the api hash\. Pass the 32 hexadecimal digits/);
});
