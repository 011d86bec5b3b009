/**
 * The stores of browsers in Chromium itself: what every store must pass, a fresh process that finds
 * what another kept, and tabs that want one session. Not part of `deno task test`: run by `deno
 * task test:runtimes`.
 */
import { build, stop } from "esbuild";
import { assert, assertEquals, assertMatch } from "../helpers/assert.ts";
import { Browser, type Page } from "./devtools.ts";
import type { Findings } from "./in_tab.ts";
import { installTools } from "../helpers/install.ts";

const KINDS = ["indexedDb", "localStorage"] as const;
/** Far less than a lease lasts that nobody renews, milliseconds. */
const AT_ONCE = 5000;

const { outputFiles: [{ contents: script }] } = await build({
  entryPoints: [new URL("in_tab.ts", import.meta.url).pathname],
  bundle: true,
  format: "esm",
  write: false,
  alias: { "@std/assert": `${await installTools()}deno-std/assert/mod.js` },
});
await stop();

interface Site extends AsyncDisposable {
  readonly url: string;
  /** The folder of the browser. */
  readonly profile: string;
}

async function serve(): Promise<Site> {
  const profile = await Deno.makeTempDir({ prefix: "tessera-chromium-" });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const isScript = new URL(request.url).pathname === "/in_tab.js";
    const body = isScript
      ? new Uint8Array(script)
      : '<!doctype html><script type="module" src="/in_tab.js"></script>';
    const type = isScript ? "text/javascript" : "text/html";
    return new Response(body, { headers: { "content-type": type } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    profile,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await Deno.remove(profile, { recursive: true }).catch(() => {});
    },
  };
}

async function openTab(browser: Browser, { url }: Site): Promise<Page> {
  const tab = await browser.open(url);
  await tab.until(`typeof page === "object"`);
  return tab;
}

for (const kind of KINDS) {
  Deno.test(`The store in Chromium's ${kind} does what every store must`, async () => {
    await using site = await serve();
    await using browser = await Browser.start(site.profile);
    await using tab = await openTab(browser, site);
    const { passed, failed } = await tab.evaluate(`page.conformance("${kind}")`) as Findings;
    assertEquals(failed, []);
    assertEquals(passed.length, kind === "indexedDb" ? 13 : 9);
  });
}

Deno.test("A session in Chromium's stores is there after a restart", async () => {
  for (const kind of KINDS) {
    await using site = await serve();
    let written: unknown;
    {
      await using browser = await Browser.start(site.profile);
      await using tab = await openTab(browser, site);
      written = await tab.evaluate(`page.write("${kind}")`);
      if (kind === "localStorage") await browser.quit(tab);
    }
    await using browser = await Browser.start(site.profile);
    await using tab = await openTab(browser, site);
    assert(String(written).length > 1000);
    assertEquals(await tab.evaluate(`page.read("${kind}")`), written);
  }
});

Deno.test("A second tab of Chromium has the session once the first is closed", async () => {
  await using site = await serve();
  await using browser = await Browser.start(site.profile);
  const first = await openTab(browser, site);
  const second = await openTab(browser, site);
  const third = await openTab(browser, site);
  assertEquals(await first.evaluate(`page.hold("the first tab")`), "open");
  const refused = await second.evaluate(`page.hold("the second tab")`);
  assertMatch(
    String(refused),
    /the first tab uses it since \d{4}-.*expected one program at a time/,
  );
  const waiting = third.evaluate(`page.hold("the third tab", true)`);
  let begun = performance.now();
  await first.close();
  assertEquals(await waiting, "open");
  assert(performance.now() - begun < AT_ONCE);
  assertMatch(String(await second.evaluate(`page.hold("the second tab")`)), /the third tab uses/);
  begun = performance.now();
  await third.close();
  assertEquals(await second.evaluate(`page.hold("the second tab", true)`), "open");
  assert(performance.now() - begun < AT_ONCE);
  await second[Symbol.asyncDispose]();
});

Deno.test("A page of Chromium that is loaded again has its session at once", async () => {
  await using site = await serve();
  await using browser = await Browser.start(site.profile);
  await using tab = await openTab(browser, site);
  for (let times = 0; times < 20; times++) {
    assertEquals(await tab.evaluate(`page.hold("the page ${times}")`), "open");
    await tab.evaluate("page = undefined");
    await tab.send("Page.reload");
    await tab.until(`typeof page === "object"`);
  }
});
