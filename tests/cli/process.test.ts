import { StringSession } from "../../mod.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../helpers/assert.ts";
import { runDeno } from "../helpers/processes.ts";
import { longTest } from "../helpers/long.ts";

const MAIN = ["run", "-A", "src/cli/main.ts"];

/** Milliseconds that the least command takes on this machine, as busy as it is. */
let shortest = 0;
/** How many times as long a command with more work may take while other programs run. */
const BUSIER = 10;

Deno.test("deno task cli help ends with 0", async () => {
  const begun = performance.now();
  assertEquals((await runDeno(["task", "--quiet", "cli", "help"], "")).code, 0);
  shortest = performance.now() - begun;
});

longTest("deno task demo ends with 0 in less than ten seconds", async () => {
  const begun = performance.now();
  const { code, stdout } = await runDeno(["task", "--quiet", "demo"], "");
  assertEquals(code, 0);
  assertMatch(stdout, /Read it back: "Hello!"\n[^]*Done in \d+ ms/);
  assert(performance.now() - begun < 10_000 + BUSIER * shortest);
});

Deno.test("deno task cli passes on the exit code of the command line", async () => {
  const wrong = await runDeno(["task", "--quiet", "cli", "frobnicate"], "");
  assertEquals([wrong.code, wrong.stdout], [2, ""]);
});

const PIPED: Record<string, string> = {
  "a bot": "777:TESTTOKEN\n",
  "a user with a code": "+9996621111\n22222\n",
  "a user with a wrong code and a wrong password in between":
    "+9996622222\n33333\n22222\nwrong\nhunter2\n",
  "a user whose input has Windows' ends of lines, and none at the end":
    "+9996622222\r\n22222\r\nhunter2",
};

for (const [who, input] of Object.entries(PIPED)) {
  const test = who.includes("wrong") ? Deno.test : longTest;
  test(`deno task login --offline signs in ${who}, from a pipe`, async () => {
    const { code, stdout, stderr } = await runDeno(
      ["task", "--quiet", "login", "--offline"],
      input,
    );
    assertEquals(code, 0, stderr);
    assertEquals(new StringSession(stdout).state.dcId, 2);
    assertStringIncludes(stderr, "Signed in as ");
  });
}

Deno.test("login ends with 130 when its input ends too early", async () => {
  const { code, stdout, stderr } = await runDeno([...MAIN, "login", "--offline"], "+9996621111\n");
  assertEquals([code, stdout], [130, ""]);
  assertStringIncludes(stderr, "Cancelled.");
});

longTest("login without an application ends with 2, and says what to do", async () => {
  const env = { TELEGRAM_API_ID: "", TELEGRAM_API_HASH: "" };
  const { code, stderr } = await runDeno([...MAIN, "login"], "", env);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "TELEGRAM_API_ID");
  assertStringIncludes(stderr, "--offline");
});

longTest("A session string comes through a pipe without a question", async () => {
  const { code, stderr } = await runDeno([...MAIN, "convert", "-", "--to", "gramjs"], "nonsense\n");
  assertEquals(code, 1);
  assert(stderr.startsWith("Cannot "), stderr);
});
