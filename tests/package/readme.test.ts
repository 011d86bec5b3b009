/**
 * Each snippet of the README, pasted into an empty folder with the package, in Node and Bun; the
 * first one also in the forms of a module that people have. tests/docs/readme.test.ts runs them in
 * Deno. Not part of `deno task test`: run by `deno task npm`, which makes the package first.
 */
import { assertEquals, assertMatch } from "../helpers/assert.ts";
import { installRuntimes, installTools } from "../helpers/install.ts";
import { newProject, type Project } from "../helpers/npm_project.ts";
import { programOf, SNIPPETS, TYPED } from "../helpers/readme.ts";

const { oldestNode, node22, bun } = await installRuntimes();
const tsx = `${await installTools()}tsx/dist/cli.mjs`;
const SENT = /^Sent "Hello!"\n1[\w+/=-]{300,}\n$/;

/** Runs a program in a project, as a person who types what it asks. */
async function runs(
  project: Project,
  [program, ...args]: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { NO_COLOR: "1" };
  const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const signal = AbortSignal.timeout(60_000);
  const command = new Deno.Command(program, { args, cwd: project.folder, env, signal, ...piped });
  await using child = command.spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(TYPED)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

const FORMS: readonly (readonly [name: string, file: string, command: readonly string[]])[] = [
  ["node hello.mjs, the oldest", "hello.mjs", [oldestNode]],
  ["node hello.mjs", "hello.mjs", [node22]],
  ["bun hello.ts", "hello.ts", [bun]],
  ["tsx hello.ts", "hello.ts", [node22, tsx]],
  ["tsx hello.mts", "hello.mts", [node22, tsx]],
];

Deno.test("The README's first snippet runs as pasted, in every form of a module", async (test) => {
  for (const [name, file, command] of FORMS) {
    await test.step(name, async () => {
      using project = await newProject();
      // What npm makes when a person types `npm install` in an empty folder: no type of modules.
      await project.write("package.json", '{ "dependencies": {} }');
      await project.write(file, SNIPPETS[0]);
      const { code, stdout, stderr } = await runs(project, [...command, file]);
      assertEquals(code, 0, stderr);
      assertMatch(stdout, SENT);
    });
  }
});

for (const [name, program] of [["Node 22", node22], ["Bun", bun]]) {
  Deno.test(`Every other snippet of the README runs in ${name}`, async () => {
    using project = await newProject();
    for (const [index, snippet] of SNIPPETS.slice(1).entries()) {
      await project.write(`${index}.mjs`, programOf(snippet));
      const { code, stdout, stderr } = await runs(project, [program, `${index}.mjs`]);
      assertEquals(code, 0, `${snippet}\n${stderr}`);
      if (snippet.includes("echo_bot")) assertMatch(stdout, /^Echo\n$/);
    }
  });
}
