/**
 * The sign-in page of examples/web/ in a headless Chromium, when somebody is signed in: the session
 * that is kept, the devices, and two tabs.
 */
import { systemClock } from "../../src/runtime/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { at, openSite, phoneOf, press, says, signIn, startBrowser, text } from "./sign_in_site.ts";

const started = startBrowser();

Deno.test("The page keeps one logged in who wants it, until one logs out", async () => {
  await using site = await openSite(started);
  const { page } = site;
  await signIn(page);
  assert(String(await text(page, "kept")).includes("until this page is closed"));
  await page.send("Page.reload");
  await at(page, "phone");
  await press(page, "keep");
  await page.evaluate(`document.getElementById("phone-number").focus()`);
  await signIn(page);
  await page.send("Page.reload");
  await at(page, "account");
  await press(page, "log-out");
  await press(page, "question-yes");
  await at(page, "phone");
  await page.send("Page.reload");
  await at(page, "phone");
});

Deno.test("The page locks the session with a passphrase", async () => {
  await using site = await openSite(started);
  const { page } = site;
  await at(page, "phone");
  assertEquals(await page.evaluate(`document.getElementById("passphrase-field").hidden`), true);
  await press(page, "keep");
  await page.evaluate(`document.getElementById("passphrase").value = "correct horse"`);
  await page.evaluate(`document.getElementById("phone-number").focus()`);
  await signIn(page);
  await page.send("Page.reload");
  await at(page, "unlock");
  await page.type("wrong horse");
  await says(page, "This passphrase is not right.");
  await page.type("correct horse");
  await at(page, "account");
});

Deno.test("The page sends a file that a person chooses, and shows how far it is", async () => {
  await using site = await openSite(started);
  const { page, telegram } = site;
  await signIn(page);
  await press(page, "send-file");
  await says(page, "Choose a file first.");
  await using phone = await phoneOf(telegram);
  await using file = await fileOf(new Uint8Array(3_000_000).fill(7), "seven.bin");
  await page.choose("file", file.path);
  await page.evaluate(`globalThis.seen = []; new MutationObserver(() =>
    seen.push(document.getElementById("file-progress").value)
  ).observe(document.getElementById("file-progress"), { attributeFilter: ["value"] })`);
  await press(page, "send-file");
  await page.until(`document.getElementById("sent-file").innerText.includes("seven.bin is in")`);
  const seen = await page.evaluate("seen") as number[];
  assert(seen.length > 2, `${seen}`);
  assertEquals(seen, seen.toSorted((a, b) => a - b));
  assertEquals(seen.at(-1), 1);
  for await (const message of phone.messages("me", { limit: 1 })) {
    const bytes = new Uint8Array(await new Response(phone.download(message)).arrayBuffer());
    assertEquals([bytes.length, bytes.every((byte) => byte === 7)], [3_000_000, true]);
  }
});

Deno.test("The page shows a sent photo from a download", async () => {
  await using site = await openSite(started);
  const { page } = site;
  await signIn(page);
  await using file = await fileOf(await page.picture(), "picture.png");
  await page.choose("file", file.path);
  await press(page, "send-file");
  await page.until(`document.querySelector("#sent-file img")?.naturalWidth > 100`);
  const alt = await page.evaluate(`document.querySelector("#sent-file img").alt`);
  assertEquals(alt, "picture.png");
  await press(page, "log-out");
  await press(page, "question-yes");
  await signIn(page);
  assertEquals(await text(page, "sent-file"), "");
});

Deno.test("The page shows the photo of the account in the place of the initials", async () => {
  await using site = await openSite(started);
  const { page, telegram } = site;
  await using phone = await phoneOf(telegram);
  const { input: file } = await phone.upload(await page.picture(), { name: "me.png" });
  await signIn(page);
  await page.until(`document.getElementById("avatar").innerText !== ""`);
  await phone.invoke({ _: "photos.uploadProfilePhoto", file });
  await press(page, "log-out");
  await press(page, "question-yes");
  await signIn(page);
  await page.until(`document.querySelector("#avatar img")?.naturalWidth > 0`);
});

Deno.test("The page stops sending a file when a person cancels", async () => {
  await using site = await openSite(started);
  const { page, telegram: { api } } = site;
  await signIn(page);
  const handle = api.handle.bind(api);
  const asked = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<undefined>();
  api.handle = (request, caller) => {
    if (request._ !== "upload.saveFilePart") return handle(request, caller);
    asked.resolve();
    return stopped.promise;
  };
  await using file = await fileOf(new Uint8Array(3_000_000), "zeros.bin");
  await page.choose("file", file.path);
  await press(page, "send-file");
  await asked.promise;
  await press(page, "cancel-file");
  await page.until(`document.getElementById("status").textContent === "zeros.bin was not sent."`);
  assertEquals(await page.evaluate(`document.getElementById("file-progress").hidden`), true);
  stopped.resolve(undefined);
});

/** Writes a file, which is removed when it is disposed. */
async function fileOf(
  bytes: Uint8Array,
  name: string,
): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await Deno.makeTempDir({ prefix: "tessera-" });
  await Deno.writeFile(`${folder}/${name}`, bytes);
  return {
    path: `${folder}/${name}`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

Deno.test("The page lists the devices, and ends the others", async () => {
  let later = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + later };
  await using site = await openSite(started, { clock });
  const { page, telegram } = site;
  await using _phone = await phoneOf(telegram);
  await signIn(page);
  await page.until(`document.querySelectorAll("#devices li").length === 2`);
  const names = await page.evaluate(
    `[...document.querySelectorAll("#devices strong")].map((one) => one.textContent).join()`,
  );
  assertEquals(names, "Chrome on Linux,Galaxy S25");
  const terminate = `document.querySelector("#devices button").click()`;
  await page.evaluate(terminate);
  await press(page, "question-yes");
  await says(
    page,
    "This device logged in not long ago. It can end other sessions after 24 hours.",
  );
  later = 25 * 3_600_000;
  await page.evaluate(terminate);
  await press(page, "question-yes");
  await page.until(`document.querySelectorAll("#devices li").length === 1`);
  await page.until(`document.activeElement.id === "devices-heading"`);
  assertEquals(telegram.api.authorizations("+9996621111").length, 1);
});

Deno.test("The page notices that it was logged out on another device", async () => {
  let later = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + later };
  await using site = await openSite(started, { clock });
  const { page, telegram } = site;
  await using phone = await phoneOf(telegram);
  await signIn(page);
  later = 25 * 3_600_000;
  await phone.devices.terminateOthers();
  await page.evaluate(`document.dispatchEvent(new Event("visibilitychange"))`);
  await at(page, "phone");
  await says(page, "You were logged out on another device.");
});

Deno.test("The page waits for another tab that uses the session", async () => {
  await using site = await openSite(started);
  const { page, url } = site;
  await at(page, "phone");
  await using second = await started.browser.open(url);
  await second.until(
    `document.getElementById("opening-text").textContent.includes("open in another tab")`,
  );
  await page.send("Page.navigate", { url: "about:blank" });
  await second.until(`!document.getElementById("phone").hidden`);
  await second.close();
});
