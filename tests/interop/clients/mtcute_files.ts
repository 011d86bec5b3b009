/** mtcute (npm `@mtcute/node`) exchanges files. */
import { InputMedia, MemoryStorage, TelegramClient } from "@mtcute/node";
import { addPublicKey, type BasicDcOption, NodeCryptoProvider } from "@mtcute/node/utils.js";
import {
  captionOf,
  endExchange,
  type ExchangedFile,
  placeOf,
  readFileTarget,
} from "./file_exchange.ts";
import { personOf } from "./target.ts";

const target = readFileTarget();
addPublicKey(new NodeCryptoProvider(), target.publicKeyPem, false);
const [{ id, host, port }] = target.dcs;
const dc: BasicDcOption = { id, ipAddress: host, port, testMode: false };
const client = new TelegramClient({
  apiId: target.apiId,
  apiHash: target.apiHash,
  defaultDcs: { main: dc, media: dc },
  storage: new MemoryStorage(),
  logLevel: 0,
});
await client.start({ ...personOf(target, "code"), codeSentCallback: () => {} });
for (const { text, media } of await client.getHistory("me", { limit: 100 })) {
  const place = placeOf(target, text);
  if (place === undefined) continue;
  if (media?.type !== "photo" && media?.type !== "document" && media?.type !== "video") {
    throw new Error(`"${place}" is a ${media?.type}`);
  }
  await client.downloadToFile(place, media);
}
for (const file of target.files) await client.sendMedia("me", mediaOf(file));
await client.sendMediaGroup("me", target.album.map(mediaOf));
endExchange();

function mediaOf(
  file: ExchangedFile,
): ReturnType<typeof InputMedia.photo | typeof InputMedia.document> {
  const options = { caption: captionOf(file), fileName: file.name };
  return file.as === "photo"
    ? InputMedia.photo(`file:${file.path}`, options)
    : InputMedia.document(`file:${file.path}`, options);
}
