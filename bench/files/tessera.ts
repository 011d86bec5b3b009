/** This project uploads and downloads. */
import { Client, type Message, StringSession, type UploadedFile } from "@tessera/mtproto";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";
import { measure, setting } from "./meter.ts";

const { dc, publicKeyPem, apiId, apiHash, phone, code } = setting;
const client = new Client(new StringSession(), apiId, apiHash, {
  dcs: [dc],
  keys: [parseRsaPublicKey(publicKeyPem)],
});
await measure<UploadedFile, Message>({
  start: () => client.start({ phoneNumber: phone, phoneCode: code }),
  upload: (bytes) => client.upload(bytes, { name: "file.bin" }),
  send: (file) => client.sendFile("me", file),
  download: (message) => client.download(message),
});
