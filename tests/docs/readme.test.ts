/**
 * The README tells the truth: its code is type-checked and runs, the first piece as it stands, the
 * others against an offline Telegram. tests/package/readme.test.ts pastes each of them into an
 * empty folder of Node and Bun.
 */
import { Client, MemorySession } from "../../mod.ts";
import { assert, assertEquals, assertMatch } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { runDeno } from "../helpers/processes.ts";
import { isProgram, programOf, SNIPPETS, TYPED } from "../helpers/readme.ts";
import { assertTypeChecks } from "./type_check.ts";

const README = await Deno.readTextFile(new URL("../../README.md", import.meta.url));

/** What the shorter snippets take from their surroundings. */
const SURROUNDINGS = `
import { Client, StringSession } from "@tessera/mtproto";
declare const apiId: number, apiHash: string, code: string, password: string;
declare function save(bytes: Uint8Array): void;
`;
const CLIENT = `declare const client: Client<StringSession>;`;

/** Runs a program in a process of its own, as a person who types what it asks. */
async function run(source: string): Promise<{ code: number; output: string }> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/snippet.ts`;
  try {
    await Deno.writeTextFile(path, source);
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const args = ["run", "-A", "--no-check", "--no-lock", "--config", config, path];
    const { code, stdout, stderr } = await runDeno(args, TYPED, {}, folder);
    return { code, output: stdout + stderr };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the README's first snippet runs as it stands and prints a session string", async () => {
  const { code, output } = await run(SNIPPETS[0]);
  assertEquals(code, 0, output);
  assertMatch(output, /^Sent "Hello!"\n1[\w+/=-]{300,}\n$/);
});

longTest("every snippet of the README type-checks", async () => {
  await assertTypeChecks(
    SNIPPETS.map((snippet) => {
      if (isProgram(snippet)) return `import process from "node:process";\n${snippet}`;
      const client = snippet.includes("const client =") ? "" : CLIENT;
      return `${SURROUNDINGS}${client}export async function snippet() {\n${snippet}\n}`;
    }),
  );
});

longTest("every other snippet of the README runs", async () => {
  for (const snippet of SNIPPETS.slice(1)) {
    const { code, output } = await run(programOf(snippet));
    assertEquals(code, 0, `${snippet}\n${output}`);
    if (snippet.includes("echo_bot")) assertMatch(output, /^Echo\n$/);
  }
});

Deno.test("every method of a client that the README names is there", () => {
  const client: unknown = new Client(new MemorySession(), 12345, "0123456789abcdef".repeat(2));
  const names = new Set(README.match(/\bclient(?:\.\w+)+(?=\()/g));
  const missing = [...names].filter((name) => {
    const [, ...path] = name.split(".");
    const found = path.reduce((at, key) => (at as Record<string, unknown>)?.[key], client);
    return typeof found !== "function";
  });
  assert(names.size > 20, `${names.size} were found`);
  assertEquals(missing, []);
});
