/**
 * What of the package ends up in a program that uses little of it. Not part of `deno task test`:
 * run by `deno task npm`, which makes the package first. `deno task bench:size` has the sizes
 * beside those of other libraries.
 */
import { assert, assertEquals } from "../helpers/assert.ts";
import { type Bundled, bundleProgram } from "../helpers/bundled.ts";
import { newProject } from "../helpers/npm_project.ts";

/** Signs in as a bot and sends a message. */
const PROGRAM = `
import { Client, StringSession } from "@tessera/mtproto";
const client = new Client(new StringSession(), 1, "0123456789abcdef0123456789abcdef");
await client.start({ botAuthToken: "token" });
await client.sendMessage("somebody", "Hello!");
await client.disconnect();
`;

/** Bytes after gzip: less than three fifths of the smallest client that does as much. */
const LIMIT = 129_500;
/** Each file more costs some hundred bytes: docs/architecture.md says what cuts it into more. */
const FILES = 11;

async function bundled(program: string, splitting = true): Promise<Bundled> {
  using project = await newProject();
  return await bundleProgram(await project.write("main.mjs", program), "browser", splitting);
}

Deno.test("A bot's bundle has nothing of the offline Telegram and the command line", async () => {
  const { modules } = await bundled(PROGRAM);
  assert(modules.some((path) => path.includes("src/client/client.js")));
  const unused = /\/src\/(testing|cli)\/|key_exchange_server|wasm_module\.\w+\.js/;
  assertEquals(modules.filter((path) => unused.test(path)), []);
});

Deno.test("A bot's bundle loads at its start only what a bot needs", async () => {
  const { modulesAtStart } = await bundled(PROGRAM);
  const later = new RegExp([
    "/auth/(code|devices|passkeys|password|person|tokens)/|/qr/(?!qr_login|qr_code)",
    "(open|default|sealed|sqlite|indexed_db|web_storage|folder|redis)_store|net/sockets/",
    "(sqlite|key_value)_peers|stored_updates|updates_text|lease|sealer",
    "/convert/|state_text\\.|/terminal/|src/updates/|client/updates/driver|messages/(chats|text)/",
    "connection/(advice|forward_secrecy)/|client/explanations/|mtproto/binding/",
    "net/proxies/(?!mod\\.)|/mtproxy/|tl/decoders/|generated/decoders|runtime/engine/",
    "files/transfers/|connection/(blocked|http)/(?!mod\\.)",
  ].join("|"));
  assertEquals(modulesAtStart.filter((path) => later.test(path)), []);
});

Deno.test("A bot's bundle is small", async () => {
  const { gzipAtStart, filesAtStart } = await bundled(PROGRAM);
  assert(gzipAtStart <= LIMIT, `${gzipAtStart} bytes after gzip, expected at most ${LIMIT}`);
  assert(filesAtStart <= FILES, `${filesAtStart} files, expected at most ${FILES}`);
});

Deno.test("A program that imports the package and uses nothing of it is empty", async () => {
  const { modules, gzip } = await bundled(
    `
    import { Client } from "@tessera/mtproto";
    import { sha256 } from "@tessera/mtproto/crypto";
    import { apiSchema } from "@tessera/mtproto/tl";
    import { OfflineTelegram } from "@tessera/mtproto/testing";
    console.log("nothing");`,
    false,
  );
  assertEquals(modules.filter((path) => path.includes("@tessera")), []);
  assert(gzip < 100);
});

Deno.test("A program that only hashes has the kernels, and what finds the runtime's", async () => {
  const { modules } = await bundled(`
    import { sha256 } from "@tessera/mtproto/crypto";
    console.log(sha256(new Uint8Array(3)));`);
  const ours = modules.filter((path) => path.includes("@tessera"));
  assert(ours.length > 0);
  const others = ours.filter((path) => !path.includes("/src/crypto/"));
  assert(others.every((path) => path.includes("/src/runtime/")) && others.length <= 3, `${others}`);
});
