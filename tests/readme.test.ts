/**
 * The README tells the truth: its code is type-checked, and what it says runs as it stands does run.
 */
import { Client, MemorySession } from "../mod.ts";
import { assert, assertEquals, assertMatch } from "./assert.ts";

const README = await Deno.readTextFile(new URL("../README.md", import.meta.url));
const BLOCKS = [...README.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]);

/** What the shorter snippets take from their surroundings. */
const SURROUNDINGS = `
import { Client, StringSession } from "@tessera/mtproto";
declare const apiId: number, apiHash: string, code: string, password: string;
`;
const CLIENT = `declare const client: Client<StringSession>;`;

async function deno(command: string, source: string): Promise<{ code: number; output: string }> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, source);
    const config = new URL("../deno.json", import.meta.url).pathname;
    const flags = command === "run" ? ["-A"] : [];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [command, ...flags, "--config", config, file],
      env: { NO_COLOR: "1" },
    }).output();
    return { code, output: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("the README's first snippet runs as it stands and prints a session string", async () => {
  const { code, output } = await deno("run", BLOCKS[0]);
  assertEquals(code, 0, output);
  assertMatch(output, /^1[\w+/=-]{300,}/m);
});

Deno.test("every other snippet of the README type-checks", async () => {
  for (const block of BLOCKS.slice(1)) {
    const hasClient = block.includes("client =");
    const body = `export async function snippet() {\n${block}\n}`;
    const { code, output } = await deno("check", SURROUNDINGS + (hasClient ? "" : CLIENT) + body);
    assertEquals(code, 0, `${block}\n${output}`);
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
