/**
 * The pages that are documents of this repository: docs/, and a few files beside it. Links between
 * documents become links between pages; a link to a file that has no page becomes its text.
 */

const ROOT = new URL("../", import.meta.url);

/** A part of the list at the side of each page. */
export interface SidebarGroup {
  readonly text: string;
  readonly collapsed?: boolean;
  readonly items: readonly { readonly text: string; readonly link: string }[];
}

/** What the list calls a document: its own title is a question, and too long there. */
const SIDEBAR: readonly (readonly [group: string, documents: Readonly<Record<string, string>>])[] =
  [
    ["Guide", {
      "docs/start.md": "Getting started",
      "docs/messages.md": "Messages",
      "docs/files.md": "Files",
      "docs/updates.md": "Updates",
      "docs/sessions.md": "Sessions and stores",
      "docs/networks.md": "Networks",
      "docs/forward-secrecy.md": "Forward secrecy",
      "docs/runtimes.md": "Runtimes",
      "docs/fleet.md": "Many accounts",
    }],
    ["Recipes", {
      "docs/recipes/sign-in-as-a-bot.md": "Sign in as a bot",
      "docs/recipes/sign-in-as-a-person.md": "Sign in as a person",
      "docs/recipes/sign-in-by-qr-code.md": "Sign in by QR code",
      "docs/recipes/sign-in-over-two-requests.md": "Sign in over two requests",
      "docs/recipes/keep-the-session.md": "Keep the session",
      "docs/recipes/echo-bot.md": "Write an echo bot",
      "docs/recipes/buttons.md": "Give a message buttons",
      "docs/recipes/read-a-chat.md": "Read a chat",
      "docs/recipes/export-a-chat.md": "Export a chat",
      "docs/recipes/call-the-raw-api.md": "Call the raw API",
      "docs/recipes/handle-errors.md": "Handle errors",
      "docs/recipes/test-a-bot.md": "Test a bot",
      "docs/recipes/deploy-to-workers.md": "Deploy to Workers",
    }],
    ["Testing", {
      "docs/offline-telegram.md": "Offline Telegram",
      "docs/testing-bots.md": "Testing a bot",
    }],
    ["Coming from", {
      "docs/coming-from.md": "Telethon, GramJS, mtcute, MTKruto",
    }],
    ["About", {
      "docs/security.md": "Security",
      "docs/benchmarks.md": "Benchmarks",
      "docs/architecture.md": "Architecture",
      "SECURITY.md": "Reporting a weakness",
      "CONTRIBUTING.md": "Contributing",
      "CODE_OF_CONDUCT.md": "Code of conduct",
      "CHANGELOG.md": "Changelog",
    }],
  ];

/** Returns the pages by their paths, and the list of them. */
export async function collectPages(): Promise<
  { pages: Map<string, string>; sidebar: SidebarGroup[] }
> {
  const documents = await readDocuments();
  const paths = new Map([...documents.keys()].map((path) => [path, pagePath(path)]));
  const pages = new Map<string, string>();
  for (const [path, text] of documents) {
    pages.set(pagePath(path), rewriteLinks(text, path, paths));
  }
  pages.set("index.md", await homePage(documents));
  pages.set("examples.md", await examplesPage());
  pages.set("raw.md", RAW_PAGE);
  return { pages, sidebar: sidebarOf(documents) };
}

const RAW_PAGE = `---
title: Raw API
aside: false
---

# Raw API

Every method and type of Telegram's API, as \`client.invoke\` takes them. The types are
\`Api.Methods["messages.sendMessage"]\` and \`Api.message\` from \`@tessera/mtproto\`.

<RawApi />
`;

async function readDocuments(): Promise<Map<string, string>> {
  const paths = ["CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "CODE_OF_CONDUCT.md"];
  for (const folder of ["docs", "docs/recipes"]) {
    for await (const { name } of Deno.readDir(new URL(`${folder}/`, ROOT))) {
      if (name.endsWith(".md")) paths.push(`${folder}/${name}`);
    }
  }
  const texts = await Promise.all(
    paths.sort().map((path) => {
      return Deno.readTextFile(new URL(path, ROOT));
    }),
  );
  return new Map(paths.map((path, index) => [path, texts[index]]));
}

function pagePath(path: string): string {
  if (path.startsWith("docs/")) return path.slice("docs/".length);
  // docs/security.md has the name already.
  return path === "SECURITY.md" ? "reporting.md" : path.toLowerCase().replaceAll("_", "-");
}

/** Rewrites the links of a document, but not what looks like one in code. */
function rewriteLinks(text: string, path: string, paths: ReadonlyMap<string, string>): string {
  const base = new URL(path, "file:///");
  return text.replace(
    /^```[\s\S]*?^```|`[^`\n]*`(?!\])|\[([^\]]*)\]\(([^)\s]+)\)/gm,
    (all: string, label?: string, target?: string) => {
      if (label === undefined || target === undefined) return all;
      if (target.startsWith("#") || /^[a-z]+:/.test(target)) return all;
      const { pathname, hash } = new URL(target, base);
      const file = pathname.slice(1);
      if (file === "README.md") return `[${label}](/index.md)`;
      const page = paths.get(file);
      if (page !== undefined) return `[${label}](/${page}${hash})`;
      const [, example] = /^examples\/(\w+)\/$/.exec(file) ?? [];
      return example === undefined ? label : `[${label}](/examples.md#${example})`;
    },
  );
}

function sidebarOf(documents: ReadonlyMap<string, string>): SidebarGroup[] {
  const listed = new Set(SIDEBAR.flatMap(([, labels]) => Object.keys(labels)));
  const link = (path: string): string => `/${pagePath(path).replace(/\.md$/, "")}`;
  return SIDEBAR.map(([group, labels]) => {
    const items = Object.entries(labels)
      .filter(([path]) => documents.has(path))
      .map(([path, text]) => ({ text, link: link(path) }));
    // A document that the table above does not know has its place all the same.
    for (const [path, text] of documents) {
      const itsGroup = path.startsWith("docs/recipes/") ? "Recipes" : "Guide";
      if (group !== itsGroup || listed.has(path)) continue;
      items.push({ text: titleOf(text), link: link(path) });
    }
    if (group === "Recipes") items.push({ text: "Whole programs", link: "/examples" });
    return { text: group, items };
  });
}

function titleOf(text: string): string {
  return /^# (.*)$/m.exec(text)?.[1] ?? "";
}

/** The first page: the first program of the guide, which runs in the page. */
async function homePage(documents: ReadonlyMap<string, string>): Promise<string> {
  const frame = await Deno.readTextFile(new URL("home.md", import.meta.url));
  const [program] = /^```ts\n[\s\S]*?^```/m.exec(documents.get("docs/start.md") ?? "") ?? [];
  if (program === undefined) throw new Error("Cannot write the home page: start.md has no program");
  return frame.replace("<!-- program -->", program);
}

/** The folders of examples/: the program of those with one file, the README of the others. */
async function examplesPage(): Promise<string> {
  const parts: string[] = [];
  const folders = await Array.fromAsync(Deno.readDir(new URL("examples/", ROOT)));
  for (const { name } of folders.filter(({ isDirectory }) => isDirectory).sort(byName)) {
    const folder = new URL(`examples/${name}/`, ROOT);
    const files = await Array.fromAsync(Deno.readDir(folder));
    const [program, ...more] = files.filter((file) => file.name.endsWith(".ts"));
    const isOne = program !== undefined && more.length === 0;
    const text = await Deno.readTextFile(new URL(isOne ? program.name : "README.md", folder));
    const shown = isOne ? `\`\`\`ts\n${text}\`\`\`` : text.replace(/^# .*\n+/, "").trimEnd();
    parts.push(`## ${name}\n\n${shown}\n`);
  }
  return `# Whole programs\n\nEach is a folder of \`examples/\` that can be copied.\n\n${
    parts.join("\n")
  }`;
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}
