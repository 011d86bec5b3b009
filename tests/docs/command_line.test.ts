/**
 * docs/command-line.md tells the truth: its tables are those of the code, its world is one, its
 * commands are understood, and no page tells people to type what could run a stranger's package.
 */
import { run } from "../../src/cli/mod.ts";
import { readArguments } from "../../src/cli/arguments.ts";
import { parseWorld, worldOptions } from "../../src/cli/world.ts";
import { fillWorld } from "../../src/cli/world_events.ts";
import { describeForm, type Field, type Form, WORLD } from "../../src/cli/world_form.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { FakeWorld } from "../helpers/fake_world.ts";

const ROOT = new URL("../../", import.meta.url);
const DOCUMENT = await Deno.readTextFile(new URL("docs/command-line.md", ROOT));

/** The cells of the table whose first column has this name. */
function rowsOf(name: string): string[][] {
  const [, table = ""] = DOCUMENT.split(new RegExp(`^\\| ${name} `, "m"));
  return table.trim().split("\n\n")[0].split("\n").slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** Each field of the form, and its value. */
function* fieldsOf(form: Form, place = "", needed = false): Generator<[string, string]> {
  if (form.is === "list") return yield* fieldsOf(form.of, `${place}[]`, needed);
  if (form.is === "kinds") return;
  if (form.is !== "object") {
    return yield [place, `${describeForm(form)}${needed ? "; needed" : ""}`];
  }
  for (const [name, field] of Object.entries(form.fields)) {
    yield* fieldsOf(field.form, place === "" ? name : `${place}.${name}`, field.needed);
  }
}

Deno.test("The page lists each field of a world, with its value", () => {
  const listed = rowsOf("field").map(([name, value]) => [name.replaceAll("`", ""), value]);
  assertEquals(listed, [...fieldsOf(WORLD)]);
});

Deno.test("The page lists each kind of trouble, with its fields", () => {
  assert(WORLD.is === "object");
  const { form } = WORLD.fields.troubles;
  assert(form.is === "list" && form.of.is === "kinds");
  const names = (fields: [string, Field][]): string =>
    fields.map(([name]) => `\`${name}\``).join(", ") || "–";
  const expected = Object.entries(form.of.of).map(([kind, all]) => {
    const fields = Object.entries(all);
    return [
      `\`${kind}\``,
      names(fields.filter(([, { needed }]) => needed)),
      names(fields.filter(([, { needed }]) => !needed)),
    ];
  });
  assertEquals(rowsOf("`kind` of `troubles\\[\\]`"), expected);
});

Deno.test("The world of the page is one", async () => {
  const [, text = ""] = /```json\n([^]*?)```/.exec(DOCUMENT) ?? [];
  const world = parseWorld(text, "world.json");
  await using telegram = new OfflineTelegram(worldOptions(world));
  assertEquals((await fillWorld(telegram, world)).map(({ title }) => title), ["Engines"]);
});

Deno.test("The page lists each command and each exit code of the help", async () => {
  const world = new FakeWorld();
  await run(["help"], world);
  const commands = world.printed.flatMap((line) => /^ {2}(\w+) /.exec(line)?.[1] ?? []);
  const listed = rowsOf("command").map(([cell]) => /^`(\w+)/.exec(cell)?.[1]);
  for (const command of commands) {
    if (command !== "version") assert(listed.includes(command), command);
  }
  const codes = [...(world.printed.at(-1) ?? "").matchAll(/\b(\d+) \w/g)].map(([, code]) => code);
  assertEquals(rowsOf("exit code").map(([code]) => code), codes);
});

Deno.test("The page names no option that the help of its command does not list", async () => {
  const commands = [...DOCUMENT.matchAll(/^(?:.*\| )?(?:tessera|`)(?: )?(\w+) ?([^|\n`]*)/gm)]
    .filter(([, , rest]) => rest.includes("--"));
  assert(commands.length > 5, `${commands.length}`);
  for (const [, command, rest] of commands) {
    const world = new FakeWorld();
    if (await run(["help", command], world) !== 0) continue;
    for (const [option] of rest.matchAll(/--[a-z-]+/g)) {
      assert(world.printed.join("\n").includes(option), `${command} ${option}`);
    }
  }
  assertEquals(readArguments(["--json"], { flags: ["json"] }).flag("json"), true);
});

/** What may follow `npx` in a text that people copy. */
const SAFE = /^(?:-y deno@2\b|wrangler\b|tsx\b|\.\/)/;

Deno.test("No page, example or code tells to run a package that is not ours", async () => {
  const found: string[] = [];
  for (const folder of ["docs", "examples", "src", "README.md", "CONTRIBUTING.md"]) {
    const place = new URL(folder, ROOT);
    for await (
      const path of folder.endsWith(".md") ? [place] : filesIn(new URL(`${folder}/`, ROOT))
    ) {
      const text = await Deno.readTextFile(path);
      // The page explains what is not safe in sentences, not in blocks of code.
      const code = path.pathname.endsWith("command-line.md")
        ? [...text.matchAll(/```[^]*?```/g)].join("\n")
        : text;
      for (const [whole, rest] of code.matchAll(/\bnpx +([^\n]{1,40})/g)) {
        if (!SAFE.test(rest)) found.push(`${path.pathname.slice(ROOT.pathname.length)}: ${whole}`);
      }
    }
  }
  assertEquals(found, []);
});

async function* filesIn(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (name === "generated" || name === "node_modules") continue;
    if (isDirectory) yield* filesIn(new URL(`${name}/`, folder));
    else if (/\.(?:md|ts|js|mjs|html)$/.test(name)) yield new URL(name, folder);
  }
}
