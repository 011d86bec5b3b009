/**
 * The sign-in page of examples/web/ in a headless Chromium, by keyboard, against the offline
 * Telegram: the ways to sign in. What comes after that is in web_account.test.ts, and how the steps
 * look in web_look.test.ts. Not part of `deno task test`: run by `deno task test:runtimes`.
 */
import { assertEquals } from "../helpers/assert.ts";
import {
  at,
  goBack,
  insert,
  openSite,
  phoneOf,
  press,
  says,
  signIn,
  startBrowser,
  text,
  value,
} from "./sign_in_site.ts";

const started = startBrowser();

Deno.test("The page takes phone, code and password by keyboard alone", async () => {
  await using site = await openSite(started);
  const { page } = site;
  await at(page, "phone");
  await page.type("12");
  await says(page, "This phone number is too short.");
  await page.type("+9996622222");
  await at(page, "code");
  await insert(page, "11111");
  await says(page, "This code is not right. Enter the newest one.");
  assertEquals(await page.evaluate(`document.activeElement.getAttribute("aria-invalid")`), "true");
  await insert(page, "2");
  await says(page, "");
  await insert(page, "2222");
  await at(page, "password");
  await page.type("hunter1");
  await says(page, "This password is not right.");
  await page.type("hunter2");
  await at(page, "account");
  assertEquals(await text(page, "who"), "User 2222");
});

Deno.test("The page suggests a country, and reads numbers as people type them", async () => {
  await using site = await openSite(started);
  const { page } = site;
  await at(page, "phone");
  assertEquals([await value(page, "country"), await value(page, "phone-number")], ["US", "+1 "]);
  await insert(page, "+4915123456789");
  assertEquals(await value(page, "phone-number"), "+49 1512 3456789");
  assertEquals(await value(page, "country"), "DE");
  await page.evaluate(`document.getElementById("phone-number").select()`);
  await insert(page, "0151 23456789");
  assertEquals(await text(page, "phone-help"), "This is read as +49 1512 3456789.");
  await page.evaluate(`{
    const country = document.getElementById("country");
    country.value = "FR";
    country.dispatchEvent(new Event("change"));
  }`);
  assertEquals(String(await value(page, "phone-number")).slice(0, 4), "+33 ");
});

Deno.test("The page sends a code again, after its time and by the way that it names", async () => {
  await using site = await openSite(started);
  const { page } = site;
  await at(page, "phone");
  await page.type("+9996621111");
  await at(page, "code");
  assertEquals(
    await text(page, "delivery"),
    "We’ve sent the code by SMS to +999\u00a0662\u00a01111.",
  );
  await page.until(
    `document.getElementById("resend-wait").textContent.startsWith("No code? We can call you in ")`,
  );
  assertEquals(await page.evaluate(`document.getElementById("resend").hidden`), true);
  await page.evaluate(`{
    const now = performance.now.bind(performance);
    performance.now = () => now() + 61_000;
  }`);
  await page.until(`document.getElementById("resend").textContent === "Call me with the code"`);
  assertEquals(await text(page, "resend-wait"), "");
  await press(page, "resend");
  await page.until(`document.getElementById("delivery").textContent.startsWith("We’re calling")`);
  assertEquals(await page.evaluate(`document.getElementById("resend").hidden`), true);
  await insert(page, "Login code: 22222. Do not give it to anyone.");
  await at(page, "account");
});

Deno.test("The page asks for a new code when one has expired", async () => {
  await using site = await openSite(started);
  const { page, telegram } = site;
  await at(page, "phone");
  await page.type("+9996621111");
  await at(page, "code");
  telegram.api.failNext("auth.signIn", { code: 400, message: "PHONE_CODE_EXPIRED" });
  await insert(page, "22222");
  await says(page, "This code has expired. Have a new one sent.");
  await press(page, "resend");
  await page.until(`document.getElementById("code-text").value === ""`);
  await at(page, "code");
  await insert(page, "22222");
  await at(page, "account");
});

Deno.test("The page works once however often a button is pressed, and shows it", async () => {
  await using site = await openSite(started);
  const { page, telegram } = site;
  telegram.api.failNext("auth.sendCode", { code: 400, message: "PHONE_NUMBER_BANNED", after: 1 });
  await at(page, "phone");
  await insert(page, "+9996621111");
  const state = await page.evaluate(`{
    const form = document.getElementById("phone");
    form.requestSubmit();
    form.requestSubmit();
    const [next, qr] = form.querySelectorAll(".actions button");
    qr.click();
    [form.ariaBusy, next.textContent, next.disabled, qr.disabled].join();
  }`);
  assertEquals(state, "true,Sending the code…,true,true");
  await at(page, "code");
  await says(page, "");
});

Deno.test("The page goes back while it works, and what comes later changes nothing", async () => {
  await using site = await openSite(started);
  const { page } = site;
  await at(page, "phone");
  await page.type("+9996621111");
  await at(page, "code");
  await page.evaluate(`{
    const field = document.getElementById("code-text");
    field.value = "22222";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.querySelector("#code .back").click();
  }`);
  await at(page, "phone");
  await signIn(page);
});

Deno.test("The page replaces a forgotten password by an email", async () => {
  await using site = await openSite(started);
  const { page, telegram } = site;
  await at(page, "phone");
  await page.type("+9996633333");
  await at(page, "code");
  await insert(page, "33333");
  await at(page, "password");
  await press(page, "forgot");
  await at(page, "email-code");
  assertEquals(await text(page, "email-code-text"), "We’ve sent a code to a**@example.com.");
  await page.type("000000");
  await says(page, "This code is not right. Enter the newest one.");
  await page.type(telegram.api.lastEmailCode("ada@example.com") ?? "");
  await at(page, "new-password");
  await page.type("another");
  await at(page, "account");
  await press(page, "log-out");
  await press(page, "question-yes");
  await at(page, "phone");
  await page.type("+9996633333");
  await page.until(`document.getElementById("code").hidden === false ||
    document.getElementById("password").hidden === false`);
  await insert(page, "33333");
  await at(page, "password");
  await page.type("another");
  await at(page, "account");
});

Deno.test("The page says what to do about a forgotten password without an email", async () => {
  await using site = await openSite(started);
  const { page } = site;
  await at(page, "phone");
  await page.type("+9996622222");
  await at(page, "code");
  await insert(page, "22222");
  await at(page, "password");
  await press(page, "forgot");
  await at(page, "no-recovery");
  await press(page, "to-password");
  await at(page, "password");
  await page.type("hunter2");
  await at(page, "account");
});

Deno.test("The page signs up those who accept the terms", async () => {
  await using site = await openSite(started);
  const { page } = site;
  await at(page, "phone");
  await page.type("+9996644444");
  await at(page, "code");
  await insert(page, "44444");
  await at(page, "sign-up");
  await page.press("Enter", "\r");
  await says(page, "Enter your first name.");
  await page.type("Ada");
  await says(page, "You can sign up only if you accept the Terms of Service.");
  assertEquals(await page.evaluate("document.activeElement.id"), "accept");
  await page.press(" ", " ");
  await says(page, "");
  await page.evaluate(`document.getElementById("last-name").focus()`);
  await page.type("Lovelace");
  await at(page, "account");
  assertEquals(await text(page, "who"), "Ada Lovelace");
});

Deno.test("The page sets up a login email, if Telegram wants one", async () => {
  await using site = await openSite(started);
  const { page, telegram } = site;
  telegram.api.addAccount({ phone: "+9996655555", needsLoginEmail: true });
  await at(page, "phone");
  await page.type("+9996655555");
  await at(page, "email");
  await page.type("nobody");
  await says(page, "This is not an email address.");
  await page.type("eve@example.com");
  await at(page, "email-code");
  await page.type(telegram.api.lastEmailCode("eve@example.com") ?? "");
  await at(page, "code");
  assertEquals(await text(page, "delivery"), "We’ve sent the code to e**@example.com.");
  await insert(page, "55555");
  await at(page, "account");
});

Deno.test("The page signs in by a QR code, and forgets the errors before it", async () => {
  await using site = await openSite(started);
  const { page, telegram } = site;
  await using phone = await phoneOf(telegram);
  await at(page, "phone");
  await page.type("12");
  await says(page, "This phone number is too short.");
  await press(page, "to-qr");
  await at(page, "qr");
  await goBack(page, "qr");
  assertEquals(await page.evaluate(`document.querySelectorAll("[aria-invalid]").length`), 0);
  await press(page, "to-qr");
  await at(page, "qr");
  await page.until(`document.getElementById("qr-life").textContent.startsWith("Valid for ")`);
  await phone.acceptQr(String(await page.evaluate(`document.getElementById("qr-link").href`)));
  await at(page, "account");
});

Deno.test("The page renews a QR code, also one that could not be renewed by itself", async () => {
  await using site = await openSite(started);
  const { page, telegram } = site;
  telegram.api.failNext("auth.exportLoginToken", { code: 400, message: "AUTH_TOKEN_EXPIRED" });
  await at(page, "phone");
  await press(page, "to-qr");
  await page.until(`document.activeElement.id === "qr-again"`);
  assertEquals(await text(page, "qr-life"), "This code has expired.");
  await page.press("Enter", "\r");
  await page.until(`document.getElementById("qr-frame").dataset.state === "ready"`);
  await says(page, "");
});

Deno.test("The page cancels what takes long", async () => {
  await using site = await openSite(started);
  const { page } = site;
  await at(page, "phone");
  await page.evaluate(`WebSocket.prototype.send = () => {}`);
  await page.type("+9996621111");
  const cancel = `document.querySelector("#phone .cancel")`;
  await page.until(`getComputedStyle(${cancel}).display !== "none"`);
  await page.evaluate(`${cancel}.click()`);
  await page.until(`document.getElementById("phone").ariaBusy !== "true"`);
  await at(page, "phone");
  assertEquals(await value(page, "phone-number"), "+999 662 1111");
});

Deno.test("The page hides a password again that was shown", async () => {
  await using site = await openSite(started);
  const { page } = site;
  await at(page, "phone");
  await page.type("+9996622222");
  await at(page, "code");
  await insert(page, "22222");
  await at(page, "password");
  await insert(page, "hunter2 ");
  await page.press("Tab");
  const toggle =
    `document.activeElement.ariaLabel + " " + document.getElementById("password-text").type`;
  assertEquals(await page.evaluate(toggle), "Show password password");
  await page.press("Enter", "\r");
  assertEquals(await page.evaluate(toggle), "Hide password text");
  await goBack(page, "password");
  assertEquals(
    await page.evaluate(`[...document.querySelectorAll("[data-secret]")]
      .filter(({ type, value }) => type !== "password" || value !== "").length`),
    0,
  );
});
