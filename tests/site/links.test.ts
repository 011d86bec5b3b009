/**
 * The links of the built site. Not part of `deno task test`: run by `deno task test:site`. Links to
 * other sites are checked for their form only, as tests have no network.
 */
import { assert, assertEquals } from "../helpers/assert.ts";
import { filesOfSite, readOfSite } from "./dist.ts";

const files = new Set(await filesOfSite());
const pages = new Map<string, { readonly ids: Set<string>; readonly links: string[] }>();
for (const path of [...files].filter((path) => path.endsWith(".html"))) {
  const html = (await readOfSite(path)).replace(/<script\b[\s\S]*?<\/script>/g, "");
  const values = (attribute: string): string[] =>
    [...html.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, "g"))]
      .map(([, value]) => value.replaceAll("&amp;", "&"));
  pages.set(path, { ids: new Set(values("id")), links: [...values("href"), ...values("src")] });
}

/** Returns the file that a link of a page leads to, and the anchor there. */
function target(link: string, page: string): { file: string; anchor: string } {
  const { pathname, hash } = new URL(link, `http://site/${page}`);
  const path = decodeURIComponent(pathname.slice(1));
  return {
    file: path === "" || path.endsWith("/") ? `${path}index.html` : path,
    anchor: decodeURIComponent(hash.slice(1)),
  };
}

const isExternal = (link: string): boolean => /^[a-z]+:/.test(link);

Deno.test("every link of the site leads to a page or a file of the site", () => {
  assert(pages.size > 100, `${pages.size} pages were found`);
  const broken = [...pages].flatMap(([page, { links }]) =>
    links.filter((link) => !isExternal(link) && !files.has(target(link, page).file))
      .map((link) => `${link} in ${page}`)
  );
  assertEquals(broken, []);
});

Deno.test("every anchor in a link of the site is in its page", () => {
  const broken = [...pages].flatMap(([page, { links }]) =>
    links.filter((link) => {
      if (isExternal(link) || !link.includes("#")) return false;
      const { file, anchor } = target(link, page);
      return anchor !== "" && pages.get(file)?.ids.has(anchor) === false;
    }).map((link) => `${link} in ${page}`)
  );
  assertEquals(broken, []);
});

Deno.test("every link to another site is an address with https, or of Telegram's app", () => {
  const links = new Set([...pages.values()].flatMap(({ links }) => links.filter(isExternal)));
  const odd = [...links].filter((link) => {
    if (!URL.canParse(link)) return true;
    const { protocol, hostname } = new URL(link);
    return !(protocol === "https:" && /^[\w-]+(?:\.[\w-]+)+$/.test(hostname)) && protocol !== "tg:";
  });
  assertEquals(odd, []);
});

Deno.test("every page has a title, and a heading that is its only one of that level", async () => {
  for (const page of pages.keys()) {
    if (page === "404.html") continue;
    const html = await readOfSite(page);
    assert(/<title>[^<]{3,}<\/title>/.test(html), page);
    assertEquals(html.match(/<h1\b/g)?.length, 1, page);
  }
});

Deno.test("every document of docs/ is a page, and in the list at the side", async () => {
  const home = await readOfSite("start.html");
  for (const folder of ["", "recipes/"]) {
    for await (const { name } of Deno.readDir(new URL(`../../docs/${folder}`, import.meta.url))) {
      if (!name.endsWith(".md")) continue;
      const page = `${folder}${name.replace(/\.md$/, ".html")}`;
      assert(pages.has(page), page);
      assert(home.includes(`href="/${page}"`), `${page} is not in the list`);
    }
  }
});
