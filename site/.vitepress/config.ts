/** VitePress's settings: https://vitepress.dev/reference/site-config */
import { readFileSync } from "node:fs";
import { defineConfig, type MarkdownRenderer } from "vitepress";
import { searchablePage } from "../raw_api.ts";

const pages = new URL("../.pages/", import.meta.url);
const sidebar = JSON.parse(readFileSync(new URL("sidebar.json", pages), "utf8"));
const rawApi = JSON.parse(readFileSync(new URL("public/raw_api.json", pages), "utf8"));

export default defineConfig({
  title: "tessera",
  description: "Sign in to Telegram, and talk to it, from any JavaScript runtime",
  lang: "en",
  srcDir: ".pages",
  outDir: "dist",
  cacheDir: ".cache",
  cleanUrls: false,
  lastUpdated: false,
  markdown: {
    anchor: { slugify },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config: runnableSnippets,
  },
  themeConfig: {
    nav: [
      { text: "Guide", link: "/start", activeMatch: "^/(start|messages|updates|sessions)" },
      { text: "Recipes", link: "/recipes/echo-bot", activeMatch: "^/recipes/" },
      { text: "Reference", link: "/reference/client/", activeMatch: "^/reference/" },
      { text: "Raw API", link: "/raw" },
    ],
    sidebar,
    outline: { level: [2, 3] },
    search: {
      provider: "local",
      options: {
        miniSearch: {
          searchOptions: {
            // Documents come before the reference, and that before the raw API.
            boostDocument: (id) =>
              id.includes("/raw.html") ? 0.5 : id.includes("/reference/") ? 1 : 2,
          },
        },
        // The search sees a heading for each definition of the raw API.
        _render(text, env, md) {
          const html = md.render(text, env);
          return env.relativePath === "raw.md" ? html + searchablePage(rawApi) : html;
        },
      },
    },
  },
});

/** The anchors that GitHub makes of headings, as the documents link to them. */
function slugify(heading: string): string {
  return heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
}

/** Gives a button to each program that talks to an offline Telegram in memory. */
function runnableSnippets(md: MarkdownRenderer): void {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, ...others) => {
    const html = fence?.(tokens, index, ...others) ?? "";
    const { info, content } = tokens[index];
    if (info.trim() !== "ts" || !isRunnable(content)) return html;
    return `<RunnableSnippet source="${encodeURIComponent(content)}">${html}</RunnableSnippet>`;
  };
}

/** Whether a program runs in a page: it needs no socket, no file, and prints something. */
function isRunnable(program: string): boolean {
  return program.includes("new OfflineTelegram(") && program.includes("console.log(") &&
    !/\bDeno\.|"node:|OfflineTelegram\.start\(|SqliteSession/.test(program);
}
