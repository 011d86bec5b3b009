/**
 * How each step of the sign-in page looks, and whether people can use it who listen to it or use
 * the keyboard alone: light and dark, desktop and phone, by axe-core in a headless Chromium.
 */
import { assertEquals } from "../helpers/assert.ts";
import {
  at,
  goBack,
  insert,
  inspect,
  openSite,
  phoneOf,
  press,
  says,
  signIn,
  startBrowser,
} from "./sign_in_site.ts";

const started = startBrowser();

Deno.test("The steps to a code, a password and a new one have no flaw", async () => {
  await using site = await openSite(started);
  const { page, telegram } = site;
  const flaws: string[] = [];
  await at(page, "phone");
  flaws.push(...await inspect(page, "phone"));
  await press(page, "keep");
  await page.type("12");
  await says(page, "This phone number is too short.");
  flaws.push(...await inspect(page, "phone-wrong"));
  await page.type("+9996633333");
  await at(page, "code");
  flaws.push(...await inspect(page, "code"));
  await insert(page, "11111");
  await says(page, "This code is not right. Enter the newest one.");
  flaws.push(...await inspect(page, "code-wrong"));
  await insert(page, "33333");
  await at(page, "password");
  await page.type("wrong");
  await says(page, "This password is not right.");
  flaws.push(...await inspect(page, "password"));
  await press(page, "forgot");
  await at(page, "email-code");
  await page.until(`!document.getElementById("inbox").hidden`);
  flaws.push(...await inspect(page, "email-code"));
  await page.type(telegram.api.lastEmailCode("ada@example.com") ?? "");
  await at(page, "new-password");
  flaws.push(...await inspect(page, "new-password"));
  await page.type("another");
  await at(page, "account");
  flaws.push(...await inspect(page, "account"));
  await press(page, "log-out");
  await page.until(`document.getElementById("question").open`);
  flaws.push(...await inspect(page, "question"));
  assertEquals(flaws, []);
});

Deno.test("The other steps have no flaw", async () => {
  await using site = await openSite(started);
  const { page, telegram } = site;
  await using _phone = await phoneOf(telegram);
  telegram.api.addAccount({ phone: "+9996655555", needsLoginEmail: true });
  const flaws: string[] = [];
  await at(page, "phone");
  await page.type("+9996644444");
  await at(page, "code");
  await insert(page, "44444");
  await at(page, "sign-up");
  flaws.push(...await inspect(page, "sign-up"));
  await goBack(page, "sign-up");
  await page.type("+9996655555");
  await at(page, "email");
  flaws.push(...await inspect(page, "email"));
  await goBack(page, "email");
  await press(page, "to-qr");
  await at(page, "qr");
  await page.until(`document.getElementById("qr-frame").dataset.state === "ready"`);
  flaws.push(...await inspect(page, "qr"));
  await goBack(page, "qr");
  await page.evaluate(`document.getElementById("keep").click()`);
  await page.evaluate(`document.getElementById("passphrase").value = "horse"`);
  await signIn(page);
  await page.until(`document.querySelectorAll("#devices li").length === 2`);
  flaws.push(...await inspect(page, "devices"));
  const path = await Deno.makeTempFile({ suffix: ".png" });
  await Deno.writeFile(path, await page.picture());
  await page.choose("file", path);
  let isHeld = true;
  const { api } = telegram;
  const handle = api.handle.bind(api);
  const released = Promise.withResolvers<void>();
  api.handle = (request, caller) =>
    isHeld && request._ === "messages.sendMedia"
      ? released.promise.then(() => handle(request, caller))
      : handle(request, caller);
  await press(page, "send-file");
  await page.until(`document.getElementById("file-progress").value === 1`);
  flaws.push(...await inspect(page, "file-sending"));
  isHeld = false;
  released.resolve();
  await page.until(`document.querySelector("#sent-file img")?.naturalWidth > 100`);
  flaws.push(...await inspect(page, "file-sent"));
  await Deno.remove(path);
  await page.send("Page.reload");
  await at(page, "unlock");
  flaws.push(...await inspect(page, "unlock"));
  assertEquals(flaws, []);
});

Deno.test("The steps that work, wait or have failed have no flaw", async () => {
  await using site = await openSite(started);
  const { page, telegram } = site;
  const flaws: string[] = [];
  await at(page, "phone");
  await page.evaluate(`document.getElementById("country").value = ""`);
  await page.evaluate(`document.getElementById("phone-number").select()`);
  await page.type("0151 23456789");
  await says(page, "Choose your country, or begin with + and the country’s code.");
  flaws.push(...await inspect(page, "phone-help"));
  telegram.api.failNext("auth.sendCode", { code: 420, message: "FLOOD_WAIT_86000" });
  await page.type("+9996622222");
  await says(page, "Too many attempts. Try again in 24 hours.");
  flaws.push(...await inspect(page, "phone-flood"));
  await page.press("Enter", "\r");
  await at(page, "code");
  telegram.api.failNext("auth.signIn", { code: 400, message: "PHONE_CODE_EXPIRED" });
  await insert(page, "22222");
  await says(page, "This code has expired. Have a new one sent.");
  flaws.push(...await inspect(page, "code-expired"));
  await press(page, "resend");
  await page.until(`document.getElementById("code-text").value === ""`);
  await at(page, "code");
  await insert(page, "22222");
  await at(page, "password");
  await press(page, "forgot");
  await at(page, "no-recovery");
  flaws.push(...await inspect(page, "no-recovery"));
  await goBack(page, "no-recovery");
  telegram.api.failNext("auth.exportLoginToken", { code: 400, message: "AUTH_TOKEN_EXPIRED" });
  await press(page, "to-qr");
  await page.until(`document.activeElement.id === "qr-again"`);
  flaws.push(...await inspect(page, "qr-expired"));
  await goBack(page, "qr");
  await telegram.close();
  await page.type("+9996622222");
  await page.until(`!document.getElementById("connection").hidden`);
  flaws.push(...await inspect(page, "connection"));
  assertEquals(flaws, []);
});
