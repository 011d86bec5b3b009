/**
 * The floors of the house: a file imports from its own folder or from a lower one, and the lowest
 * four are pure.
 */
import { assert, assertEquals } from "./helpers/assert.ts";

/** From the ground up. `testing`, the offline Telegram, stands beside them. */
const FLOORS = [
  "runtime",
  "crypto",
  "tl",
  "transport",
  "mtproto",
  "net",
  "connection",
  "session",
  "auth",
  "messages",
  "client",
  "cli",
];
const PURE = FLOORS.slice(1, 5);
/** What of a floor the others import: what they all use, and all of it. */
const PARTS = ["mod.ts", "entry.ts"];
const ROOT = new URL("../", import.meta.url);

interface Module {
  readonly specifier: string;
  readonly dependencies?: ReadonlyArray<{
    readonly specifier: string;
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
  }>;
}

/** The folder under src/ that a file is in; undefined for files elsewhere. */
function floorOf(specifier: string): string | undefined {
  const source = new URL("src/", ROOT).href;
  return specifier.startsWith(source) ? specifier.slice(source.length).split("/")[0] : undefined;
}

/** Whether a file of one floor may import one of another. */
function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  if (to === "testing") return from === "cli";
  const ceiling = FLOORS.indexOf(from === "testing" ? "connection" : from);
  return FLOORS.includes(to) && FLOORS.indexOf(to) < ceiling;
}

function sources(folder: URL): URL[] {
  return Array.from(Deno.readDirSync(folder)).flatMap(({ name, isDirectory }) => {
    if (isDirectory) return sources(new URL(`${name}/`, folder));
    return name.endsWith(".ts") ? [new URL(name, folder)] : [];
  });
}

async function modules(entry: URL): Promise<Module[]> {
  const info = new Deno.Command(Deno.execPath(), { args: ["info", "--json", entry.href] });
  const { stdout } = await info.output();
  return JSON.parse(new TextDecoder().decode(stdout)).modules;
}

Deno.test("a file under src/ imports from its own floor and from lower doors", async () => {
  // One file that imports them all, so that one look is enough.
  const files = sources(new URL("src/", ROOT));
  const all = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(all, files.map(({ href }) => `import "${href}";`).join("\n"));
  const seen = new Set<string>();
  const wrong: string[] = [];
  for (const { specifier, dependencies = [] } of await modules(new URL(`file://${all}`))) {
    const from = floorOf(specifier);
    if (from === undefined) continue;
    seen.add(specifier);
    for (const dependency of dependencies) {
      const target = dependency.code?.specifier ?? dependency.type?.specifier ?? "";
      const to = floorOf(target);
      const isRight = to === undefined ? from === "cli" : mayImport(from, to) &&
        (from === to || from === "cli" || PARTS.some((part) => target.endsWith(`/${to}/${part}`)));
      if (!isRight) {
        wrong.push(`${specifier.slice(ROOT.href.length)} imports ${dependency.specifier}`);
      }
    }
  }
  await Deno.remove(all);
  assertEquals(wrong, []);
  assertEquals(files.filter(({ href }) => !seen.has(href)), [], "every file was looked at");
});

Deno.test("every folder under src/ is a floor that this test knows", () => {
  const folders = Array.from(Deno.readDirSync(new URL("src/", ROOT)), ({ name }) => name);
  assertEquals(folders.filter((name) => name !== "testing" && !FLOORS.includes(name)), []);
});

/** Clocks, randomness, timers, runtimes, promises. */
const IMPURE = new RegExp(
  "\\b(?:" + [
    "Date\\.now|new Date|performance\\.|Math\\.random|getRandomValues|setTimeout|setInterval",
    "queueMicrotask|system[A-Z]\\w*|startTimer|builtinModule|Deno\\.|process\\.|node:",
    "async|await|Promise",
  ].join("|") + ")\\b",
);

Deno.test("the floors from crypto to mtproto are synchronous and pure", () => {
  const found: string[] = [];
  for (const floor of PURE) {
    for (const file of sources(new URL(`src/${floor}/`, ROOT))) {
      if (file.pathname.includes("/generated/")) continue;
      const code = withoutComments(Deno.readTextFileSync(file));
      code.split("\n").forEach((line, index) => {
        const name = file.href.slice(ROOT.href.length);
        if (IMPURE.test(line)) found.push(`${name}:${index + 1}: ${line.trim()}`);
      });
    }
  }
  assertEquals(found, []);
});

Deno.test("each method of signing in is called in one file only", () => {
  const callers = new Map<string, Set<string>>();
  for (const floor of FLOORS.slice(FLOORS.indexOf("connection"))) {
    for (const file of sources(new URL(`src/${floor}/`, ROOT))) {
      const code = Deno.readTextFileSync(file).replace(/^ *(?:\*|\/[*/]).*$/gm, "");
      for (const [, method] of code.matchAll(/_: "((?:auth|account)\.[a-z]\w+)"/g)) {
        const files = callers.get(method) ?? new Set();
        callers.set(method, files.add(file.href.slice(ROOT.href.length)));
      }
    }
  }
  // What is sent as a part of a call begins with a small letter, too.
  callers.delete("account.passwordInputSettings");
  assert(callers.size > 40, `${callers.size} were found`);
  assertEquals([...callers].filter(([, files]) => files.size > 1), []);
});

/** The code without comments and texts, line by line where it was. */
function withoutComments(source: string): string {
  const blank = (text: string): string => text.replace(/[^\n]/g, " ");
  return source
    .replace(/\/\*[\s\S]*?\*\//g, blank)
    .replace(/\/\/.*$/gm, blank)
    .replace(/Symbol\.for\("[^"]*"\)/g, blank)
    .replace(/"(?:[^"\\\n]|\\.)*"/g, (text) => text.startsWith('"node:') ? text : blank(text));
}
