/** mtcute uploads and downloads, as its client for Node does. */
import { InputMedia, MemoryStorage, type Message, TelegramClient } from "@mtcute/node";
import { addPublicKey, NodeCryptoProvider } from "@mtcute/node/utils.js";
import { measure, setting } from "./meter.ts";

const { dc: { id, host, port }, publicKeyPem, apiId, apiHash, phone, code } = setting;
addPublicKey(new NodeCryptoProvider(), publicKeyPem, false);
const dc = { id, ipAddress: host, port, testMode: false };
const client = new TelegramClient({
  apiId,
  apiHash,
  defaultDcs: { main: dc, media: dc },
  storage: new MemoryStorage(),
  logLevel: 0,
});
type Uploaded = Awaited<ReturnType<typeof client.uploadFile>>;
await measure<Uploaded, Message>({
  start: () => client.start({ phone, code }),
  upload: (file) => client.uploadFile({ file, fileName: "file.bin" }),
  send: (file) => client.sendMedia("me", InputMedia.document(file)),
  download({ media }) {
    if (media?.type !== "document") throw new Error("The message has no document");
    return client.downloadAsIterable(media);
  },
});
