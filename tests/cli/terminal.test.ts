/**
 * `login` at a real (pseudo) terminal, which util-linux's `script` makes: every Debian has it, and
 * most other Linuxes. Where there is none, these tests do not exist; the same questions are asked
 * at a scripted keyboard in tests/auth/flows/terminal.test.ts.
 */
import { StringSession } from "../../mod.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";

const MAIN = new URL("../../src/cli/main.ts", import.meta.url).pathname;

async function hasScript(): Promise<boolean> {
  try {
    const { stdout } = await new Deno.Command("script", { args: ["--version"] }).output();
    return new TextDecoder().decode(stdout).includes("util-linux");
  } catch {
    return false;
  }
}

/** Types each answer when its question has appeared, and gives all that the terminal showed. */
async function typeAt(
  questions: readonly [question: string, typed: string][],
  flags = "",
): Promise<string> {
  const login = `'${Deno.execPath()}' run -A '${MAIN}' login --offline ${flags}`;
  const child = new Deno.Command("script", {
    // The terminal's ctrl-C reaches the shell too. Some shells end of it; one that traps it goes on
    // to tell how `login` ended.
    args: ["-qec", `trap : INT; ${login}; echo "exit code $?"; stty -a`, "/dev/null"],
    env: { NO_COLOR: "1", SHELL: "/bin/sh" },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  const left = [...questions];
  let shown = "";
  let seen = 0;
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    shown += chunk;
    const at = left.length === 0 ? -1 : shown.indexOf(left[0][0], seen);
    if (at < 0) continue;
    const [question, typed] = left.splice(0, 1)[0];
    seen = at + question.length;
    await writer.write(new TextEncoder().encode(typed));
  }
  await writer.close().catch(() => {});
  await child.status;
  assertEquals(left, [], shown);
  return shown.replaceAll("\r\n", "\n");
}

const WHO = "bot token: ";
const PASSWORD = "(hint: the usual): ";
const APPROVE = "approve it. ";

if (await hasScript()) {
  Deno.test("login asks at a terminal, which shows the code but not the password", async () => {
    const shown = await typeAt([
      [WHO, "+9996622222\n"],
      ["Code: ", "33333\n"],
      ["Code: ", "22222\n"],
      [PASSWORD, "wrong horse\n"],
      [PASSWORD, "hunter3\x7f2\n"],
    ]);
    assertStringIncludes(shown, "Code: 33333\n");
    assertStringIncludes(shown, "the code is wrong");
    assertStringIncludes(shown, "the 2FA password is wrong");
    assert(!shown.includes("horse") && !shown.includes("hunter3"), shown);
    assertMatch(shown, /Signed in as User 2222 /);
    const session = shown.split("\n").find((line) => /^1[\w=-]{352}$/.test(line));
    assertEquals(new StringSession(session).state.dcId, 2);
    assertStringIncludes(shown, "exit code 0");
    assertMatch(shown, /[^-]echo /, "the terminal is as before");
  });

  Deno.test("login ends with 130 by ctrl-C, and restores the terminal", async () => {
    const before: [string, string][] = [[WHO, "+9996622222\n"], ["Code: ", "22222\n"]];
    for (const [asked, question] of [WHO, "Code: ", PASSWORD].entries()) {
      const shown = await typeAt([...before.slice(0, asked), [question, "\x03"]]);
      assertStringIncludes(shown, "Cancelled.\n");
      assertStringIncludes(shown, "exit code 130");
      assertMatch(shown, /[^-]icanon .*[^-]echo /s, "the terminal is as before");
    }
  });

  longTest("login --qr shows a code, and signs in once it was approved", async () => {
    const shown = await typeAt([[APPROVE, "\n"]], "--qr");
    assertMatch(shown, /(?:^[█▀▄ ]{29,}\n){15,}/m);
    assertMatch(shown, /Or open tg:\/\/login\?token=[\w-]{20,} there/);
    assertMatch(shown, /Signed in as User 1111 /);
    assertStringIncludes(shown, "exit code 0");
    assertMatch(shown, /[^-]icanon .*[^-]echo /s, "the terminal is as before");
  });

  longTest("login --qr ends with 130 by ctrl-C, and restores the terminal", async () => {
    const shown = await typeAt([[APPROVE, "\x03"]], "--qr");
    assertStringIncludes(shown, "Cancelled.\n");
    assertStringIncludes(shown, "exit code 130");
    assertMatch(shown, /[^-]icanon .*[^-]echo /s, "the terminal is as before");
  });

  longTest("login ends with 130 by ctrl-D at a question", async () => {
    const shown = await typeAt([[WHO, "\x04"]]);
    assertStringIncludes(shown, "exit code 130");
  });
}
