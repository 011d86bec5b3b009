/**
 * The sign-in page of examples/web/ in a headless Chromium, by keyboard, against the offline
 * Telegram. Pictures of each step are left in `.cache/pictures/`. Not part of `deno task test`: run
 * by `deno task test:runtimes`.
 */
import { Client, StringSession } from "@tessera/mtproto";
import { OfflineTelegram } from "@tessera/mtproto/testing";
import { stop } from "esbuild";
import { bundlePage, offlineSetting, pageHandler } from "../../examples/web/serve.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { Page } from "./devtools.ts";
import { CACHE } from "../helpers/install.ts";

const script = await bundlePage();
await stop();

interface Site extends AsyncDisposable {
  readonly telegram: OfflineTelegram;
  readonly page: Page;
}

async function open(): Promise<Site> {
  const telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    pageHandler(script, offlineSetting(telegram)),
  );
  const page = await Page.open(`http://127.0.0.1:${server.addr.port}/`);
  return {
    telegram,
    page,
    async [Symbol.asyncDispose]() {
      await page[Symbol.asyncDispose]();
      await server.shutdown();
      await telegram.close();
    },
  };
}

/** Waits until the one panel that is shown is this one, and the focus is in it. */
async function at(page: Page, panel: string): Promise<void> {
  const shown = `[...document.querySelectorAll("main > form, main > section")]
    .filter(({ hidden }) => !hidden).map(({ id }) => id).join() === "${panel}"`;
  await page.until(
    `${shown} && document.getElementById("${panel}").contains(document.activeElement)`,
  );
  await Deno.mkdir(`${CACHE}pictures`, { recursive: true });
  await Deno.writeFile(`${CACHE}pictures/${panel}.png`, await page.picture());
}

const says = (text: string): string =>
  `!document.getElementById("error").hidden &&` +
  ` document.getElementById("error").textContent === "${text}"`;

async function signIn(page: Page): Promise<void> {
  await at(page, "phone");
  await page.type("+9996622222");
  await at(page, "code");
  await page.type("22222");
  await at(page, "password");
  await page.type("hunter2");
  await at(page, "account");
}

Deno.test("The page takes phone, code and password by keyboard alone", async () => {
  await using site = await open();
  const { page } = site;
  await at(page, "phone");
  await page.type("12");
  await page.until(says("That is no phone number. It begins with + and the country's code."));
  await page.type("+9996622222");
  await at(page, "code");
  await page.type("11111");
  await page.until(says("That code is not right. Please look again."));
  assertEquals(await page.evaluate(`document.activeElement.getAttribute("aria-invalid")`), "true");
  await page.type("22222");
  await at(page, "password");
  await page.type("hunter1");
  await page.until(says("That password is not right."));
  await page.type("hunter2");
  await at(page, "account");
  const who = await page.evaluate(`document.getElementById("who").textContent`);
  assert(String(who).startsWith("Signed in as "));
});

Deno.test("The page keeps one signed in when it is loaded again, until one signs out", async () => {
  await using site = await open();
  const { page } = site;
  await signIn(page);
  await page.send("Page.reload");
  await page.until(`document.getElementById("status").textContent === "Signed in."`);
  await at(page, "account");
  await page.press("Tab", "");
  assertEquals(await page.evaluate("document.activeElement.id"), "sign-out");
  await page.press("Enter", "\r");
  await at(page, "phone");
  await page.send("Page.reload");
  await page.until(`document.getElementById("status").textContent.startsWith("Nobody")`);
});

Deno.test("The page seals the session with a passphrase", async () => {
  await using site = await open();
  const { page } = site;
  await at(page, "phone");
  await page.evaluate(`document.getElementById("passphrase").value = "correct horse"`);
  await signIn(page);
  await page.send("Page.reload");
  await at(page, "unlock");
  await page.type("wrong horse");
  await page.until(says("That passphrase is not right."));
  await page.type("correct horse");
  await at(page, "account");
});

Deno.test("The page signs in by a QR code that another client approves", async () => {
  await using site = await open();
  const { page, telegram } = site;
  const { apiId, apiHash, clientOptions } = telegram;
  await using phone = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
  await phone.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
  await at(page, "phone");
  await page.evaluate(`document.getElementById("to-qr").click()`);
  await at(page, "qr");
  await page.until(`document.getElementById("qr-link").href.startsWith("tg://login?token=")`);
  await phone.acceptQr(String(await page.evaluate(`document.getElementById("qr-link").href`)));
  await at(page, "account");
});

Deno.test("Every field of the page has a label, and nothing is wider than a phone", async () => {
  await using site = await open();
  const { page } = site;
  await at(page, "phone");
  const unnamed =
    `[...document.querySelectorAll("input")].filter(({ labels }) => !labels.length).length`;
  assertEquals(await page.evaluate(unnamed), 0);
  assertEquals(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
});
