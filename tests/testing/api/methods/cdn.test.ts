/** Downloading from a CDN: https://core.telegram.org/cdn */
import { AesCtr, formatRsaPublicKey, sha256 } from "../../../../src/crypto/entry.ts";
import { OfflineTelegram, TEST_ACCOUNTS, testCdnKey } from "../../../../src/testing/mod.ts";
import type { Api, TlObject } from "../../../../src/tl/mod.ts";
import { Client, MemorySession } from "../../../../mod.ts";
import { assert, assertEquals, assertRejects } from "../../../helpers/assert.ts";
import { type ChatWorld, chatWorld } from "../chat_world.ts";
import { assertRefused, caller } from "../fixture.ts";
import { locationOf } from "../uploads.ts";

const CDN = 203;
const MIB = 1 << 20;
const BYTES = Uint8Array.from({ length: MIB + 4096 + 5 }, (_, index) => index / 777);
const DCS = [
  { id: 2, host: "127.0.0.1", port: 4432 },
  { id: CDN, host: "127.0.0.1", port: 4433, cdn: true },
];

interface CdnWorld extends ChatWorld {
  readonly location: TlObject;
  /** Asks the data center of the file. */
  file(more?: Partial<TlObject>): TlObject;
  /** Asks the CDN. */
  cdn(fileToken: unknown, offset?: number, limit?: number): TlObject;
}

function cdnWorld(): CdnWorld {
  const world = chatWorld({ dcs: DCS });
  const { api, ada } = world;
  const document = api.addFile({ bytes: BYTES });
  api.serveByCdn(document.id);
  const location = locationOf(document);
  const atCdn = caller({ dcId: CDN, authKeyId: "c1" });
  return Object.assign(world, {
    location,
    file: (more: Partial<TlObject> = {}) =>
      ada("upload.getFile", { location, offset: 0n, limit: MIB, cdnSupported: true, ...more }),
    cdn: (fileToken: unknown, offset = 0, limit = MIB) => {
      const request = { _: "upload.getCdnFile", fileToken, offset: BigInt(offset), limit };
      return api.handle(request, atCdn) as TlObject;
    },
  });
}

function decrypt({ encryptionKey, encryptionIv }: TlObject, offset: number, bytes: unknown) {
  const iv = (encryptionIv as Uint8Array).slice();
  new DataView(iv.buffer).setUint32(12, offset / 16);
  return new AesCtr(encryptionKey as Uint8Array, iv).apply((bytes as Uint8Array).slice());
}

Deno.test("a client that supports CDNs is sent there, and decrypts what it reads", () => {
  const { ada, file, cdn } = cdnWorld();
  assertEquals(file({ cdnSupported: false })._, "upload.file");
  const redirect = file();
  const { _, dcId, fileToken, fileHashes } = redirect;
  assertEquals([_, dcId], ["upload.fileCdnRedirect", CDN]);
  const needed = cdn(fileToken);
  assertEquals(needed._, "upload.cdnFileReuploadNeeded");
  const { requestToken } = needed;
  const hashes = ada("upload.reuploadCdnFile", { fileToken, requestToken });
  assertEquals(hashes as unknown, fileHashes);
  const read = new Uint8Array(BYTES.length);
  for (const offset of [0, MIB]) {
    const { bytes } = cdn(fileToken, offset);
    read.set(decrypt(redirect, offset, bytes), offset);
  }
  assertEquals(read, BYTES);
  const [{ limit, hash }] = fileHashes as { limit: number; hash: Uint8Array }[];
  assertEquals([limit, hash], [131_072, sha256(BYTES.subarray(0, 131_072))]);
  const last = ada("upload.getCdnFileHashes", { fileToken, offset: BigInt(MIB) });
  assertEquals((last as unknown as TlObject[]).map(({ limit }) => limit), [131_072]);
});

Deno.test("tokens become void, and the CDN loses copies", () => {
  const { api, ada, file, cdn } = cdnWorld();
  const { fileToken } = file();
  const { requestToken } = cdn(fileToken);
  const wrong = { fileToken, requestToken: new Uint8Array(3) };
  assertRefused(() => ada("upload.reuploadCdnFile", wrong), 400, "REQUEST_TOKEN_INVALID");
  ada("upload.reuploadCdnFile", { fileToken, requestToken });
  assertEquals(cdn(fileToken)._, "upload.cdnFile");
  api.loseCdnFiles();
  assertEquals(cdn(fileToken)._, "upload.cdnFileReuploadNeeded");
  api.expireCdnTokens();
  assertRefused(() => cdn(fileToken), 400, "FILE_TOKEN_INVALID");
  const hashes = () => ada("upload.getCdnFileHashes", { fileToken, offset: 0n });
  assertRefused(hashes, 400, "FILE_TOKEN_INVALID");
  assert((file().fileToken as Uint8Array).some((byte, at) => byte !== (fileToken as number[])[at]));
});

Deno.test("a CDN answers one method, and no other data center does", () => {
  const { api, ada, file } = cdnWorld();
  const { fileToken } = file();
  const config = () => api.handle({ _: "help.getConfig" }, caller({ dcId: CDN }));
  assertRefused(config, 400, "CDN_METHOD_INVALID");
  const elsewhere = () => ada("upload.getCdnFile", { fileToken, offset: 0n, limit: MIB });
  assertRefused(elsewhere, 400, "METHOD_INVALID");
  const { dcOptions } = ada("help.getConfig");
  assertEquals((dcOptions as TlObject[]).map(({ id, cdn = false }) => [id, cdn]), [
    [2, false],
    [CDN, true],
  ]);
  const { publicKeys } = ada("help.getCdnConfig");
  const publicKey = formatRsaPublicKey(testCdnKey());
  assertEquals(publicKeys, [{ _: "cdnPublicKey", dcId: CDN, publicKey }]);
});

Deno.test("a CDN has an RSA key of its own, and is named by the configuration only", async () => {
  const [{ phone, code }] = TEST_ACCOUNTS;
  await using telegram = new OfflineTelegram({ cdn: CDN });
  const { apiId, apiHash, clientOptions, dial } = telegram;
  assertEquals(telegram.dcs.map(({ id }) => id), [2]);
  await using client = new Client(new MemorySession(), apiId, apiHash, clientOptions);
  await client.start({ phoneNumber: phone, phoneCode: String(code) });
  const { dcOptions } = await client.invoke({ _: "help.getConfig" });
  const { ipAddress: host, port } = dcOptions.find(({ cdn }) => cdn) ?? { ipAddress: "", port: 0 };
  const document = telegram.api.addFile({ bytes: BYTES });
  telegram.api.serveByCdn(document.id);
  const location = locationOf(document) as Api.inputDocumentFileLocation;
  const range = { location, offset: 0n, limit: MIB };
  const redirect = await client.invoke({ _: "upload.getFile", cdnSupported: true, ...range });
  assert(redirect._ === "upload.fileCdnRedirect");
  const { fileToken } = redirect;
  const ask = async (keys: typeof clientOptions.keys): Promise<TlObject> => {
    const options = { dial, keys, dcs: [{ id: CDN, host, port }] };
    const session = new MemorySession();
    session.state.dcId = CDN;
    await using cdn = new Client(session, apiId, apiHash, options);
    return await cdn.invoke({ _: "upload.getCdnFile", fileToken, offset: 0n, limit: MIB });
  };
  assertEquals((await ask([testCdnKey()]))._, "upload.cdnFileReuploadNeeded");
  await assertRejects(() => ask(telegram.keys));
});
