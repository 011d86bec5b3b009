/**
 * The built site in a headless Chromium: its search, its colours, its programs, the raw API. Not
 * part of `deno task test`: run by `deno task test:site`, which builds it first. Pictures are left
 * in `.cache/pictures/`.
 */
import { assert, assertEquals, assertMatch } from "../helpers/assert.ts";
import { CACHE } from "../helpers/install.ts";
import { Page } from "../runtimes/devtools.ts";
import { filesOfSite, readOfSite, serveSite } from "./dist.ts";

interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Opens another page of the site. */
  open(path: string): Promise<void>;
}

async function visit(path: string, width = 1280): Promise<Visit> {
  const server = serveSite();
  const origin = `http://127.0.0.1:${server.addr.port}/`;
  const page = await Page.open("about:blank");
  await page.send("Emulation.setDeviceMetricsOverride", {
    width,
    height: 900,
    deviceScaleFactor: 1,
    mobile: width < 800,
  });
  const open = async (path: string): Promise<void> => {
    await page.send("Page.navigate", { url: "about:blank" });
    await page.until(`location.href === "about:blank"`);
    await page.send("Page.navigate", { url: origin + path });
    // The app has taken over when it has put the page into the document's title and its buttons.
    await page.until(`document.querySelector("#app")?.__vue_app__ !== undefined`);
  };
  await open(path);
  return {
    page,
    open,
    async [Symbol.asyncDispose]() {
      await page[Symbol.asyncDispose]();
      await server.shutdown();
    },
  };
}

async function picture(page: Page, name: string): Promise<void> {
  await Deno.mkdir(`${CACHE}pictures`, { recursive: true });
  await Deno.writeFile(`${CACHE}pictures/site_${name}.png`, await page.picture());
}

/** Types into the search, and returns what it finds. */
async function search(page: Page, text: string): Promise<string[]> {
  await page.evaluate(`document.querySelector(".VPNavBarSearch button").click()`);
  await page.until(`document.activeElement?.classList.contains("search-input")`);
  await page.send("Input.insertText", { text });
  await page.until(`document.querySelectorAll(".VPLocalSearchBox .result").length > 0`);
  const found = await page.evaluate(
    `[...document.querySelectorAll(".VPLocalSearchBox .result")].map(({ href, innerText }) =>
      new URL(href).pathname + new URL(href).hash + " " + innerText.replace(/\\s+/g, " "))`,
  );
  return found as string[];
}

Deno.test("the search finds how to sign in by QR code", async () => {
  await using visited = await visit("start.html");
  const found = await search(visited.page, "QR");
  assert(found.some((one) => one.startsWith("/recipes/sign-in-by-qr-code.html")), found.join("\n"));
  await picture(visited.page, "search");
});

Deno.test("the search finds a method of the raw API, and leads to it", async () => {
  await using visited = await visit("start.html");
  const { page } = visited;
  const found = await search(page, "channels.getParticipants");
  const index = found.findIndex((one) => one.startsWith("/raw.html#channels.getParticipants"));
  assert(index >= 0, found.join("\n"));
  await page.evaluate(`document.querySelectorAll(".VPLocalSearchBox .result")[${index}].click()`);
  await page.until(
    `document.querySelector(".raw-chosen h2")?.textContent.includes("getParticipants")`,
  );
});

Deno.test("the raw API is searched as one types, and links lead from type to type", async () => {
  await using visited = await visit("raw.html");
  const { page } = visited;
  await page.until(`document.querySelectorAll(".raw-list li").length > 10`);
  await page.evaluate(`document.querySelector(".raw-search input").focus()`);
  await page.send("Input.insertText", { text: "sendmessage" });
  await page.until(`document.querySelector(".raw-list a").textContent === "messages.sendMessage"`);
  await page.evaluate(`document.querySelector(".raw-list a").click()`);
  await page.until(
    `document.querySelector(".raw-chosen h2")?.textContent === "messages.sendMessage"`,
  );
  const link = await page.evaluate(`document.querySelector('.raw-chosen a[href^="https:"]').href`);
  assertEquals(link, "https://core.telegram.org/method/messages.sendMessage");
  await page.evaluate(`document.querySelector('.raw-chosen a[href="#InputPeer"]').click()`);
  await page.until(`document.querySelector(".raw-chosen h2")?.textContent === "InputPeer"`);
  await page.evaluate(`document.querySelector('.raw-chosen a[href="#inputPeerSelf"]').click()`);
  await page.until(`document.querySelector(".raw-chosen h2")?.textContent === "inputPeerSelf"`);
  await picture(page, "raw");
});

Deno.test("the colours become dark at the press of a switch, and stay so", async () => {
  await using visited = await visit("start.html");
  const { page, open } = visited;
  const isDark = `document.documentElement.classList.contains("dark")`;
  const background = `getComputedStyle(document.body).backgroundColor`;
  assertEquals(await page.evaluate(isDark), false);
  const light = await page.evaluate(background);
  await page.evaluate(`document.querySelector(".VPSwitchAppearance").click()`);
  await page.until(isDark);
  await page.until(`${background} !== ${JSON.stringify(light)}`);
  await open("messages.html");
  assertEquals(await page.evaluate(isDark), true);
});

/** Presses the button below a program, and returns what it prints. */
async function run(page: Page, index = 0): Promise<{ output: string; errors: string }> {
  const program = `document.querySelectorAll(".runnable")[${index}]`;
  await page.until(`${program}?.querySelector(".runnable-run") !== null`);
  await page.evaluate(`${program}.querySelector(".runnable-run").click()`);
  await page.until(`/^(?:Done|Ended)/.test(${program}.querySelector(".runnable-note").innerText)`);
  const text = (selector: string): string =>
    `[...${program}.querySelectorAll(".runnable-output ${selector}")]` +
    `.map(({ textContent }) => textContent).join("")`;
  return {
    output: String(await page.evaluate(text("span"))),
    errors: String(await page.evaluate(text("span.error"))),
  };
}

Deno.test("the program of the first page runs in it, against an offline Telegram", async () => {
  await using visited = await visit("");
  const { output, errors } = await run(visited.page);
  assertEquals(errors, "");
  assertEquals(output, 'User 2222 sent "Hello!"\n');
  await picture(visited.page, "home");
});

Deno.test("a program runs as the reader has changed it, and its errors are shown", async () => {
  await using visited = await visit("recipes/echo-bot.html");
  const { page } = visited;
  await page.until(`document.querySelector(".runnable-bar button:not(.runnable-run)") !== null`);
  await page.evaluate(`document.querySelector(".runnable-bar button:not(.runnable-run)").click()`);
  await page.until(`document.activeElement?.classList.contains("runnable-editor")`);
  const replace = (from: string, to: string): Promise<unknown> =>
    page.evaluate(`{
      const editor = document.querySelector(".runnable-editor");
      editor.value = editor.value.replace(${JSON.stringify(from)}, ${JSON.stringify(to)});
      editor.dispatchEvent(new Event("input"));
    }`);
  await replace("message.reply(message.text)", "message.reply(message.text.toUpperCase())");
  assertEquals((await run(page)).output, "IS THERE AN ECHO?\n");
  await replace("777:TESTTOKEN", "777:WRONG");
  assertMatch((await run(page)).errors, /token/i);
  await replace("await client.start", "await client start");
  assertMatch((await run(page)).errors, /SyntaxError|Unexpected/);
  await picture(page, "edited");
});

Deno.test("a program that does not end is stopped by its button", async () => {
  await using visited = await visit("recipes/echo-bot.html");
  const { page } = visited;
  await page.until(`document.querySelector(".runnable-bar button:not(.runnable-run)") !== null`);
  await page.evaluate(`document.querySelector(".runnable-bar button:not(.runnable-run)").click()`);
  await page.until(`document.querySelector(".runnable-editor") !== null`);
  await page.evaluate(`{
    const editor = document.querySelector(".runnable-editor");
    editor.value = 'console.log("begun"); for (;;);';
    editor.dispatchEvent(new Event("input"));
  }`);
  await page.evaluate(`document.querySelector(".runnable-run").click()`);
  await page.until(`document.querySelector(".runnable-output")?.innerText.includes("begun")`);
  await page.evaluate(`document.querySelector(".runnable-bar button").click()`);
  await page.until(`document.querySelector(".runnable-note").innerText === "Ended."`);
});

Deno.test("every program with a button runs in its page", async () => {
  await using visited = await visit("");
  const { page, open } = visited;
  let count = 0;
  for (const path of (await filesOfSite()).sort()) {
    if (!path.endsWith(".html") || path.startsWith("reference/")) continue;
    const programs = (await readOfSite(path)).match(/class="runnable"/g)?.length ?? 0;
    if (programs > 0) await open(path);
    for (let index = 0; index < programs; index++) {
      const { output, errors } = await run(page, index);
      assertEquals(errors, "", `${path}, program ${index + 1}`);
      assert(output !== "", `${path}, program ${index + 1} printed nothing`);
      count++;
    }
  }
  assert(count > 15, `${count} programs were found`);
});

Deno.test("a page fits a phone: nothing makes it wider than the screen", async () => {
  await using visited = await visit("", 390);
  const { page, open } = visited;
  for (const path of ["", "messages.html", "coming-from.html", "raw.html#messages.sendMessage"]) {
    await open(path);
    const width = await page.evaluate("document.documentElement.scrollWidth");
    assertEquals(width, 390, path);
  }
  await picture(page, "phone");
});
