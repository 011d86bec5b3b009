/**
 * The reference of the public symbols, from their docstrings: a page for each, a list for each
 * entry. The types of the raw API have a page of their own.
 */
import type { SidebarGroup } from "./pages.ts";
import { declaration, type Doc, members, type Symbol } from "./declarations.ts";

const ROOT = new URL("../", import.meta.url);

/** The entries in the order of the list, and what it calls them. */
const ENTRIES: Readonly<Record<string, string>> = {
  ".": "Client, sessions, errors",
  "./text": "Text: Markdown and HTML",
  "./testing": "Offline Telegram",
  "./stores": "Session stores",
  "./convert": "Converting sessions",
  "./tl": "TL",
  "./crypto": "Cryptography",
  "./cli": "Command line",
};

interface Entry {
  readonly name: string;
  readonly folder: string;
  readonly doc: Doc | undefined;
  readonly symbols: readonly Symbol[];
}

/** The pages by their paths, and the list of them. */
export interface Reference {
  readonly pages: Map<string, string>;
  readonly sidebar: SidebarGroup[];
}

/** Returns the reference of these entries. */
export async function referencePages(
  exports: Readonly<Record<string, string>>,
): Promise<Reference> {
  const entries = await readEntries(exports);
  const places = new Map<string, string>();
  for (const { folder, symbols } of entries) {
    for (const { name } of symbols) {
      if (!places.has(name)) places.set(name, `/reference/${folder}/${pageName(name, symbols)}.md`);
    }
  }
  places.set("Api", "/raw.md");
  const pages = new Map<string, string>();
  for (const entry of entries) {
    pages.set(`reference/${entry.folder}/index.md`, entryPage(entry, places));
    for (const symbol of entry.symbols) {
      if (symbol.name === "Api") continue;
      const path = `reference/${entry.folder}/${pageName(symbol.name, entry.symbols)}.md`;
      pages.set(path, symbolPage(symbol, entry, places));
    }
  }
  const items = entries.map(({ folder, name }) => ({
    text: ENTRIES[name],
    link: `/reference/${folder}/`,
  }));
  const raw = { text: "Raw API", link: "/raw" };
  return { pages, sidebar: [{ text: "Reference", items: [...items, raw] }] };
}

async function readEntries(exports: Readonly<Record<string, string>>): Promise<Entry[]> {
  const names = Object.keys(ENTRIES).filter((name) => name in exports);
  const files = names.map((name) => new URL(exports[name], ROOT).href);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", ...files],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout));
  return names.map((name, index) => ({
    name,
    folder: name === "." ? "client" : name.slice(2),
    doc: nodes[files[index]].module_doc,
    symbols: nodes[files[index]].symbols.toSorted((a: Symbol, b: Symbol) =>
      a.name.localeCompare(b.name, "en")
    ),
  }));
}

/** The name of a page: two names must differ in more than their letters' case. */
function pageName(name: string, symbols: readonly Symbol[]): string {
  const twins = symbols.filter((other) => other.name.toLowerCase() === name.toLowerCase());
  return twins.length > 1 && /^[a-z]/.test(name) ? `${name}-function` : name;
}

type Places = ReadonlyMap<string, string>;

const KINDS: readonly (readonly [kind: string, title: string])[] = [
  ["class", "Classes"],
  ["function", "Functions"],
  ["variable", "Values"],
  ["interface", "Interfaces"],
  ["typeAlias", "Types"],
];

function entryPage({ name, doc, symbols, folder }: Entry, places: Places): string {
  const lists = KINDS.map(([kind, title]) => {
    const ofKind = symbols.filter((symbol) => kindOf(symbol) === kind);
    if (ofKind.length === 0) return "";
    const rows = ofKind.map((symbol) => {
      const link = `/reference/${folder}/${pageName(symbol.name, symbols)}.md`;
      return `- [\`${symbol.name}\`](${link}): ${firstSentence(docOf(symbol), places)}`;
    });
    return `## ${title}\n\n${rows.join("\n")}\n`;
  });
  return `# ${ENTRIES[name]}\n\n\`${moduleName(name)}\`\n\n${prose(doc, places)}\n\n${
    lists.filter((list) => list !== "").join("\n")
  }`;
}

function symbolPage(symbol: Symbol, entry: Entry, places: Places): string {
  const [first, ...more] = symbol.declarations;
  const keyword = ["interface", "typeAlias"].includes(first.kind) ? "import type" : "import";
  const parts = [
    `# ${symbol.name}`,
    block(`${keyword} { ${symbol.name} } from "${moduleName(entry.name)}";`),
    ...[first, ...more].map((one) => {
      const text = declaration(symbol.name, one);
      return `${block(text)}\n\n${mentioned(text, symbol.name, places)}\n\n${
        prose(one.jsDoc, places)
      }`;
    }),
  ];
  const seen = new Map<string, number>();
  for (const { title, items } of members(first)) {
    parts.push(`## ${title} {#all-${title.toLowerCase()}}`);
    for (const { name, doc, text } of items) {
      const count = name === title.toLowerCase() ? 1 : seen.get(name) ?? 0;
      seen.set(name, count + 1);
      if (count === 0) parts.push(`### ${escape(name)} {#${anchor(name)}}`);
      parts.push(block(text), mentioned(text, symbol.name, places), prose(doc, places));
    }
  }
  return parts.filter((part) => part.trim() !== "").join("\n\n") + "\n";
}

function anchor(name: string): string {
  return name.replace(/[^\w$]/g, "").replace(/^$/, "member");
}

function moduleName(entry: string): string {
  return ["@tessera/mtproto", entry.slice(2)].filter(Boolean).join("/");
}

function kindOf(symbol: Symbol): string {
  return symbol.declarations[0].kind;
}

function docOf(symbol: Symbol): Doc | undefined {
  return symbol.declarations.find(({ jsDoc }) => jsDoc !== undefined)?.jsDoc;
}

function firstSentence(doc: Doc | undefined, places: Places): string {
  const [paragraph] = (doc?.doc ?? "").split("\n\n");
  const [, sentence] = /^([\s\S]*?[.:])(?:\s|$)/.exec(paragraph) ?? [, paragraph];
  return linked((sentence ?? "").replaceAll("\n", " "), places).replace(/:$/, ".");
}

/** The public types that a piece of code names, as links. */
function mentioned(code: string, self: string, places: Places): string {
  const plain = code.replace(/"[^"]*"/g, "");
  const names = new Set([...plain.matchAll(/\b[A-Z]\w*/g)].map(([name]) => name));
  names.delete(self);
  const links = [...names].filter((name) => places.has(name)).map((name) =>
    `[\`${name}\`](${places.get(name)})`
  );
  return links.length === 0 ? "" : `${links.join(" ")} {.types}`;
}

/** A docstring as Markdown. */
function prose(doc: Doc | undefined, places: Places): string {
  if (doc === undefined) return "";
  const parts = [linked(doc.doc ?? "", places)];
  const tags = doc.tags ?? [];
  const list = (kind: string, row: (tag: NonNullable<Doc["tags"]>[number]) => string): void => {
    const rows = tags.filter((tag) => tag.kind === kind).map(row);
    if (rows.length > 0) parts.push(rows.join("\n"));
  };
  const line = (text = ""): string => linked(text.trim().replaceAll("\n", " "), places);
  if (tags.some(({ kind }) => kind === "experimental")) parts.unshift("**Experimental.**");
  list("param", ({ name, doc }) => `- \`${name}\`: ${line(doc)}`);
  list("return", ({ doc }) => `**Returns** ${line(doc)}`);
  list("throws", ({ type, doc }) => {
    return `**Throws** ${
      type === undefined ? "" : `\`${typeof type === "string" ? type : type.repr}\` `
    }${line(doc)}\n`;
  });
  for (const { kind, doc } of tags) {
    if (kind === "example" && doc !== undefined) parts.push(example(doc));
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "").join("\n\n");
}

function example(text: string): string {
  const start = text.indexOf("```");
  const title = text.slice(0, start).trim();
  return `${title === "" ? "" : `**${title}**\n\n`}${text.slice(start)}`;
}

/** Makes links of `{@linkcode Name}`, and text of what would be HTML. */
function linked(text: string, places: Places): string {
  const pieces = text.split(/(```[\s\S]*?```|`` .*? ``|`[^`\n]*`|\{@link(?:code)? [^}]+\})/);
  return pieces.map((piece, index) => {
    if (index % 2 === 0) return escape(piece);
    const [, target] = /^\{@link(?:code)? ([^}]+)\}$/.exec(piece) ?? [];
    if (target === undefined) return piece;
    const [owner, member] = target.trim().split(".");
    const place = places.get(owner);
    if (place === undefined) return `\`${target.trim()}\``;
    return `[\`${target.trim()}\`](${place}${member === undefined ? "" : `#${anchor(member)}`})`;
  }).join("");
}

function escape(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll("{{", "&#123;{");
}

function block(code: string): string {
  return `\`\`\`ts\n${code}\n\`\`\``;
}
