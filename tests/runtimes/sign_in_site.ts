/**
 * The sign-in page of examples/web/ in Chromium, against an offline Telegram: opens it, waits for
 * its steps, and looks at each in light and dark, on a desktop and a phone. Pictures of them are
 * left in `.cache/pictures/`.
 */
import { Client, StringSession } from "@tessera/mtproto";
import { OfflineTelegram, type OfflineTelegramOptions } from "@tessera/mtproto/testing";
import axe from "axe-core";
import { stop } from "esbuild";
import { ACCOUNTS, bundlePage, offlineSetting, pageHandler } from "../../examples/web/serve.ts";
import { CACHE } from "../helpers/install.ts";
import { Browser, type Page } from "./devtools.ts";

/** A page, and the Telegram that it connects to. */
export interface Site extends AsyncDisposable {
  readonly telegram: OfflineTelegram;
  readonly page: Page;
  readonly url: string;
}

const script = await bundlePage();
await stop();

/** A screen, in CSS pixels. */
interface Screen {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly mobile: boolean;
}

const PHONE: Screen = { name: "phone", width: 320, height: 690, mobile: true };
const DESKTOP: Screen = { name: "desktop", width: 1280, height: 800, mobile: false };

/** Starts a browser before the tests of a file, and ends it after them. */
export function startBrowser(): { readonly browser: Browser } {
  let browser: Browser | undefined;
  let profile = "";
  Deno.test.beforeAll(async () => {
    profile = await Deno.makeTempDir({ prefix: "tessera-chromium-" });
    browser = await Browser.start(profile);
  });
  Deno.test.afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await Deno.remove(profile, { recursive: true }).catch(() => {});
  });
  return {
    get browser(): Browser {
      if (browser === undefined) throw new Error("Cannot use the browser: it has not started");
      return browser;
    },
  };
}

/** Opens the page at an address of its own, and so without what others keep. */
export async function openSite(
  { browser }: { readonly browser: Browser },
  options: OfflineTelegramOptions = {},
): Promise<Site> {
  const telegram = await OfflineTelegram.start({
    webSocketPort: 0,
    accounts: ACCOUNTS,
    ...options,
  });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    pageHandler(script, offlineSetting(telegram), telegram),
  );
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const page = await browser.open(url);
  await page.send("Page.bringToFront");
  return {
    telegram,
    page,
    url,
    async [Symbol.asyncDispose]() {
      await page.close();
      await page[Symbol.asyncDispose]();
      await server.shutdown();
      await telegram.close();
    },
  };
}

/** Waits until the one step that is shown is this one, and the focus is in it. */
export async function at(page: Page, step: string): Promise<void> {
  await page.until(
    `[...document.querySelectorAll(".step")].filter(({ hidden }) => !hidden)
      .map(({ id }) => id).join() === "${step}" &&
      document.getElementById("${step}").contains(document.activeElement)`,
  );
}

/** Waits until an error is shown: that of the field with the focus, or that of the step. */
export async function says(page: Page, text: string): Promise<void> {
  await page.until(
    `[...document.querySelectorAll(".problem")].map((one) => one.textContent).join() ===
      ${JSON.stringify(text)}`,
  );
}

/** Types a text where the focus is, without Enter. */
export async function insert(page: Page, text: string): Promise<void> {
  await page.send("Input.insertText", { text });
}

/** Presses a button. */
export async function press(page: Page, id: string): Promise<void> {
  await page.until(`!document.getElementById("${id}").disabled`);
  await page.evaluate(`document.getElementById("${id}").click()`);
}

/**
 * Goes back from a step to the first one, and waits for it: the page forgets passwords when it
 * shows a step.
 */
export async function goBack(page: Page, step: string): Promise<void> {
  await page.evaluate(`document.querySelector("#${step} .back").click()`);
  await at(page, "phone");
}

/** Returns the text of an element. */
export function text(page: Page, id: string): Promise<unknown> {
  return page.evaluate(`document.getElementById("${id}").textContent`);
}

/** Returns the value of a field. */
export function value(page: Page, id: string): Promise<unknown> {
  return page.evaluate(`document.getElementById("${id}").value`);
}

/** Returns a client on another device of the account without a password. */
export async function phoneOf(
  { apiId, apiHash, clientOptions }: OfflineTelegram,
): Promise<Client> {
  const options = { ...clientOptions, deviceModel: "Galaxy S25" };
  const phone = await Client.open(new StringSession(), apiId, apiHash, options);
  await phone.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
  return phone;
}

/** Signs in to the account without a password. */
export async function signIn(page: Page): Promise<void> {
  await at(page, "phone");
  await page.type("+9996621111");
  await at(page, "code");
  await insert(page, "22222");
  await at(page, "account");
}

/** Looks at the page as it is, and returns what is wrong with it. */
export async function inspect(page: Page, name: string): Promise<string[]> {
  const wrong: string[] = [];
  await Deno.mkdir(`${CACHE}pictures`, { recursive: true });
  if (await page.evaluate("typeof axe") === "undefined") await page.evaluate(axe.source);
  for (const { name: screen, ...size } of [DESKTOP, PHONE]) {
    await page.send("Emulation.setDeviceMetricsOverride", { ...size, deviceScaleFactor: 1 });
    for (const scheme of ["light", "dark"]) {
      const features = [
        { name: "prefers-color-scheme", value: scheme },
        { name: "prefers-reduced-motion", value: "reduce" },
      ];
      await page.send("Emulation.setEmulatedMedia", { features });
      const where = `${name}-${scheme}-${screen}`;
      wrong.push(...(await flaws(page)).map((flaw) => `${where}: ${flaw}`));
      await Deno.writeFile(`${CACHE}pictures/${where}.png`, await page.picture());
    }
  }
  await page.send("Emulation.clearDeviceMetricsOverride");
  await page.send("Emulation.setEmulatedMedia", { features: [] });
  return wrong;
}

/** What the checker finds, what moves, and what is wider than the screen. */
async function flaws(page: Page): Promise<string[]> {
  return await page.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then((results) => [
    ...results.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => id + " at " + target + ": " + failureSummary)),
    ...document.getAnimations().map(({ animationName }) => "moves: " + animationName),
    ...document.documentElement.scrollWidth > innerWidth ? ["too wide"] : [],
  ])`) as string[];
}
