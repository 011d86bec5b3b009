/**
 * An offline Telegram in a process of its own, with a made file in the Saved Messages of a person.
 * It looks at the bytes that are uploaded, and drops them. It prints what a client must know, and
 * ends with its standard input.
 */
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { bytesAt } from "./large_file.ts";

const size = Number(Deno.args[0]);
const PHONE = "+9996621111";
const PART = 512 * 1024;
/** The bytes of each part that are compared. */
const SEEN = 4096;
/** The most bytes of a file of an account without premium. */
const MOST = 4000 * PART;

await using telegram = await OfflineTelegram.start({
  accounts: [{ phone: PHONE, code: "22222", premium: size > MOST }],
  files: { keepsUploads: false },
  gzip: false,
});
const { api, dcs, publicKeyPem, apiId, apiHash } = telegram;
const handle = api.handle.bind(api);
api.handle = (request, caller) => {
  if (request._ === "upload.saveBigFilePart") {
    const { filePart, bytes } = request as unknown as { filePart: number; bytes: Uint8Array };
    const expected = bytesAt(filePart * PART, SEEN);
    if (!expected.every((byte, i) => byte === bytes[i])) return false;
  }
  return handle(request, caller);
};
await telegram.person(PHONE).sendFile("me", { size, at: bytesAt }, { name: "large.bin" });
// deno-lint-ignore no-console
console.log(JSON.stringify({ dcs, publicKeyPem, apiId, apiHash }));
for await (const _ of Deno.stdin.readable);
