/**
 * A client in a process of its own: it uploads a file that is made meanwhile, and downloads one of
 * the same bytes, and prints by how much its memory has grown.
 */
import { createHash, type Hash } from "node:crypto";
import { Client, StringSession } from "../../mod.ts";
import { parseRsaPublicKey } from "../../src/crypto/mod.ts";
import { piecesOf } from "./large_file.ts";

/** What the process reports. */
export interface LargeReport {
  /** The SHA-256 of the bytes, hex. */
  readonly uploaded: string;
  readonly downloaded: string;
  readonly size: number;
  /** The greatest growth of the memory of the process, bytes. */
  readonly uploadGrowth: number;
  readonly downloadGrowth: number;
}

const WARM_UP = 16 * 1024 * 1024;

const [setting, size] = Deno.args;
const { dcs, publicKeyPem, apiId, apiHash } = JSON.parse(setting);
const client = new Client(new StringSession(), apiId, apiHash, {
  dcs,
  keys: [parseRsaPublicKey(publicKeyPem)],
});
await client.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
const file = (await Array.fromAsync(client.messages("me", { limit: 1 })))[0];

async function* hashed(length: number, hash: Hash): AsyncGenerator<Uint8Array> {
  for (const piece of piecesOf(length)) {
    hash.update(piece);
    yield piece;
  }
}

/** Uploads so many bytes. */
async function upload(length: number, onProgress?: () => void): Promise<string> {
  const hash = createHash("sha256");
  await client.upload(hashed(length, hash), { name: "large.bin", onProgress });
  return hash.digest("hex");
}

/** Downloads the first bytes. */
async function download(
  length: number,
  onProgress?: () => void,
): Promise<{ hash: string; size: number }> {
  const hash = createHash("sha256");
  let count = 0;
  for await (const piece of client.download(file, { length, onProgress })) {
    hash.update(piece);
    count += piece.length;
  }
  return { hash: hash.digest("hex"), size: count };
}

const memory = (): number => Deno.memoryUsage().rss;

/** Returns the greatest growth of the memory during some work, and its result. */
async function growthOf<T>(work: (look: () => void) => Promise<T>): Promise<[T, number]> {
  const before = memory();
  let most = before;
  const result = await work(() => most = Math.max(most, memory()));
  return [result, most - before];
}

// The code of both directions is loaded and compiled before the memory is measured.
await upload(WARM_UP);
await download(WARM_UP);
const [uploaded, uploadGrowth] = await growthOf((look) => upload(Number(size), look));
const [{ hash: downloaded, size: count }, downloadGrowth] = await growthOf((look) =>
  download(Number(size), look)
);
await client.disconnect();
const report: LargeReport = { uploaded, downloaded, size: count, uploadGrowth, downloadGrowth };
// deno-lint-ignore no-console
console.log(JSON.stringify(report));
