/**
 * Uploads and downloads of GramJS, and of teleproto, which grew out of it and kept its surface.
 * Uploads have as many parts under way as a pool of four connections would have.
 */
import { createPublicKey } from "node:crypto";
import { Buffer } from "node:buffer";
import type { Api, TelegramClient } from "telegram/index.js";
import type { CustomFile } from "telegram/client/uploads.js";
import type { Logger, PromisedNetSockets } from "telegram/extensions/index.js";
import type { StringSession } from "telegram/sessions/index.js";
import { measure, setting } from "./meter.ts";

const WORKERS = 12;

/** One of the two libraries. */
export interface GramJs {
  readonly Client: typeof TelegramClient;
  readonly File: typeof CustomFile;
  readonly Log: typeof Logger;
  readonly Session: typeof StringSession;
  readonly Socket: typeof PromisedNetSockets;
  readonly bigInt: (decimal: string) => unknown;
  readonly serverKeys: unknown;
}

/** Measures one of them. */
export async function measureGramJs(library: GramJs): Promise<void> {
  const { Client, File, Log, Session, Socket, bigInt, serverKeys } = library;
  const { dc: { id, host, port }, publicKeyPem, fingerprint, apiId, apiHash } = setting;
  const { n } = createPublicKey(publicKeyPem).export({ format: "jwk" });
  const modulus = BigInt(`0x${Buffer.from(String(n), "base64url").toString("hex")}`);
  const keys = serverKeys as Map<string, unknown>;
  keys.set(fingerprint, { n: bigInt(String(modulus)), e: 65537 });
  const session = new Session("");
  session.setDC(id, host, 80); // the socket below knows the port
  const client = new Client(session, apiId, apiHash, {
    networkSocket: class extends Socket {
      override connect(): Promise<this> {
        return super.connect(port, host) as Promise<this>;
      }
    },
    baseLogger: new Log("none" as ConstructorParameters<typeof Logger>[0]),
  });
  await measure<Api.TypeInputFile, Api.Message>({
    async start() {
      await client.connect();
      await client.signInUser({ apiId, apiHash }, {
        phoneNumber: setting.phone,
        phoneCode: () => Promise.resolve(setting.code),
        onError: (error: Error) => Promise.reject(error),
      });
    },
    upload: (bytes) =>
      client.uploadFile({
        file: new File("file.bin", bytes.length, "", Buffer.from(bytes.buffer)),
        workers: WORKERS,
        maxBufferSize: Infinity,
      }),
    send: (file) => client.sendFile("me", { file, forceDocument: true }),
    download: ({ media }) =>
      client.iterDownload({ file: media as Api.TypeMessageMedia, requestSize: 512 * 1024 }),
  });
}
