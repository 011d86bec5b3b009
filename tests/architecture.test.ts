/**
 * The floors of the house: a file imports from its own folder or from a lower one, and five of them
 * are pure.
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
  "updates",
  "auth",
  "messages",
  "files",
  "client",
  "cli",
];
const PURE = [...FLOORS.slice(1, 5), "updates"];
/** The files of a floor, or of a folder in it, that other floors import. */
const PARTS = ["mod.ts", "entry.ts"];
const ROOT = new URL("../", import.meta.url);

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly Dependency[];
}

interface Dependency {
  readonly specifier: string;
  readonly code?: { readonly specifier?: string };
  readonly type?: { readonly specifier?: string };
  /** Whether the module is loaded on first use only. */
  readonly isDynamic?: boolean;
}

/** The module that a dependency is on. */
function targetOf({ code, type }: Dependency): string {
  return code?.specifier ?? type?.specifier ?? "";
}

/** The name of a file, from the root of the project. */
function nameOf(specifier: string): string {
  return specifier.slice(ROOT.href.length);
}

/** The folder under src/ that a file is in; undefined for files elsewhere. */
function floorOf(specifier: string): string | undefined {
  const name = nameOf(specifier);
  return specifier.startsWith(ROOT.href) && name.startsWith("src/")
    ? name.split("/")[1]
    : undefined;
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

/** All modules under src/, by one look at a file that imports them all. */
async function modules(): Promise<Module[]> {
  const files = sources(new URL("src/", ROOT));
  const all = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(all, files.map(({ href }) => `import "${href}";`).join("\n"));
    const info = new Deno.Command(Deno.execPath(), { args: ["info", "--json", all] });
    const { stdout } = await info.output();
    const { modules }: { modules: Module[] } = JSON.parse(new TextDecoder().decode(stdout));
    const found = modules.filter(({ specifier }) => floorOf(specifier) !== undefined);
    assertEquals(found.length, files.length, "every file was looked at");
    return found;
  } finally {
    await Deno.remove(all);
  }
}

const MODULES = await modules();

Deno.test("a file under src/ imports from its own floor, or from a door of a lower one", () => {
  const wrong: string[] = [];
  for (const { specifier, dependencies = [] } of MODULES) {
    const from = floorOf(specifier) ?? "";
    for (const dependency of dependencies) {
      const target = targetOf(dependency);
      const to = floorOf(target);
      const isRight = to === undefined ? from === "cli" : mayImport(from, to) &&
        (from === to || from === "cli" || PARTS.some((part) => target.endsWith(`/${part}`)));
      if (!isRight) wrong.push(`${nameOf(specifier)} imports ${dependency.specifier}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("no file under src/ imports itself through others, not even for a type", () => {
  const imports = new Map(MODULES.map(({ specifier, dependencies = [] }) => [
    specifier,
    dependencies.filter(({ isDynamic }) => !isDynamic).map(targetOf),
  ]));
  const done = new Set<string>();
  const loops: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const index = path.indexOf(file);
    if (index >= 0) loops.push([...path.slice(index), file].map(nameOf).join(" > "));
    if (index >= 0 || done.has(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  assertEquals(loops, []);
});

Deno.test("connections are made in one place, and a session is saved in one place", () => {
  const callers = (pattern: RegExp): string[] =>
    FLOORS.slice(0, -1).flatMap((floor) => sources(new URL(`src/${floor}/`, ROOT)))
      .filter((file) => pattern.test(withoutComments(Deno.readTextFileSync(file))))
      .map(({ href }) => nameOf(href));
  assertEquals(callers(/new DcConnection\(/), ["src/connection/dc_pool.ts"]);
  assertEquals(callers(/session\.save\(/), ["src/session/autosave.ts"]);
});

Deno.test("above net/, few files use the network by themselves, and each knows of proxies", () => {
  const own = /(?<![#.\w])fetch\(|globalThis\.fetch|new WebSocket|\btcpDial\b|\bwebSocketDial\b/;
  const found = FLOORS.slice(FLOORS.indexOf("connection"))
    .flatMap((floor) => sources(new URL(`src/${floor}/`, ROOT)))
    .filter((file) => own.test(withoutComments(Deno.readTextFileSync(file))))
    .map(({ href }) => nameOf(href));
  assertEquals(found.sort(), [
    "src/client/options.ts", // where it is decided
    "src/connection/blocked/address_search.ts", // not beside a proxy
    "src/connection/http/http_stream.ts", // not beside a proxy
    "src/connection/mtproxy/mod.ts", // to an MTProxy
    "src/files/transfers/source.ts", // not with a proxy
  ]);
});

Deno.test("a file that only re-exports is the mod.ts or entry.ts of a folder", () => {
  const only: string[] = [];
  for (const file of sources(new URL("src/", ROOT))) {
    const code = withoutComments(Deno.readTextFileSync(file));
    const rest = code.replace(/^export (?:type )?(?:\*(?: as \w+)?|\{[^}]*\}) from [^;]*;/gm, "");
    if (rest.trim() === "" && !PARTS.some((part) => file.href.endsWith(`/${part}`))) {
      only.push(nameOf(file.href));
    }
  }
  assertEquals(only, []);
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

Deno.test("the floors from crypto to mtproto, and the updates, are synchronous and pure", () => {
  const found: string[] = [];
  for (const floor of PURE) {
    for (const file of sources(new URL(`src/${floor}/`, ROOT))) {
      if (file.pathname.includes("/generated/")) continue;
      const code = withoutComments(Deno.readTextFileSync(file));
      code.split("\n").forEach((line, index) => {
        const name = nameOf(file.href);
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
        callers.set(method, files.add(nameOf(file.href)));
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
