/**
 * mtcute (npm `@mtcute/node`) reads a file from a CDN. It does not follow redirects by itself, so
 * the calls are here: its key exchange, its connection and its TL are what is compared, and the
 * decryption and the hashes of node:crypto.
 */
import { Buffer } from "node:buffer";
import { createDecipheriv, createHash } from "node:crypto";
import { MemoryStorage, TelegramClient, type tl } from "@mtcute/node";
import { addPublicKey, type BasicDcOption, NodeCryptoProvider } from "@mtcute/node/utils.js";
import { endExchange, readFileTarget } from "./file_exchange.ts";
import { personOf } from "./target.ts";

const WINDOW = 131_072;

const target = readFileTarget();
const crypto = new NodeCryptoProvider();
addPublicKey(crypto, target.publicKeyPem, false);
const [{ id, host, port }] = target.dcs;
const client = open({ id, ipAddress: host, port, testMode: false });
await client.start({ ...personOf(target, "code"), codeSentCallback: () => {} });
const [file] = target.files;
for (const { media } of await client.getHistory("me", { limit: 10 })) {
  if (media?.type !== "document") continue;
  const location = media.inputDocument;
  const bytes = await read({ ...location, _: "inputDocumentFileLocation", thumbSize: "" });
  await Deno.writeFile(`${target.folder}/${file.name}`, bytes);
}
await client.destroy();
endExchange();

function open(main: BasicDcOption): TelegramClient {
  return new TelegramClient({
    apiId: target.apiId,
    apiHash: target.apiHash,
    defaultDcs: { main, media: main },
    storage: new MemoryStorage(),
    updates: false,
    logLevel: 0,
  });
}

/** Opens a connection to a CDN, by the address and the key that Telegram names. */
async function openCdn(dcId: number): Promise<TelegramClient> {
  const { publicKeys } = await client.call({ _: "help.getCdnConfig" });
  const keys = publicKeys.filter((key) => key.dcId === dcId);
  for (const { publicKey } of keys) addPublicKey(crypto, publicKey, false);
  const { dcOptions } = await client.call({ _: "help.getConfig" });
  const option = dcOptions.find((one) => one.cdn && one.id === dcId);
  if (option === undefined) throw new Error("There is no CDN");
  const { ipAddress, port } = option;
  return open({ id: dcId, ipAddress, port, testMode: false });
}

async function read(location: tl.TypeInputFileLocation): Promise<Uint8Array> {
  const redirect = await client.call({
    _: "upload.getFile",
    cdnSupported: true,
    location,
    offset: 0,
    limit: WINDOW,
  });
  if (redirect._ !== "upload.fileCdnRedirect") throw new Error(`It answered "${redirect._}"`);
  const { dcId, fileToken, encryptionKey, encryptionIv } = redirect;
  const cdn = await openCdn(dcId);
  const windows: Uint8Array[] = [];
  for (let offset = 0, isLast = false; !isLast; offset += WINDOW) {
    const request = { _: "upload.getCdnFile", fileToken, offset, limit: WINDOW } as const;
    let answer = await cdn.call(request);
    if (answer._ === "upload.cdnFileReuploadNeeded") {
      const { requestToken } = answer;
      await client.call({ _: "upload.reuploadCdnFile", fileToken, requestToken });
      answer = await cdn.call(request);
    }
    if (answer._ !== "upload.cdnFile") throw new Error(`The CDN answered "${answer._}"`);
    const iv = Buffer.from(encryptionIv);
    iv.writeUInt32BE(offset / 16, 12);
    const bytes = createDecipheriv("aes-256-ctr", encryptionKey, iv).update(answer.bytes);
    const [first] = await client.call({ _: "upload.getCdnFileHashes", fileToken, offset });
    const hash = createHash("sha256").update(bytes).digest();
    if (first.offset !== offset || !hash.equals(first.hash)) {
      throw new Error(`The hash of the window at ${offset} differs`);
    }
    windows.push(bytes);
    isLast = bytes.length < WINDOW;
  }
  await cdn.destroy();
  return Buffer.concat(windows);
}
