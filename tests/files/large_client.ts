/**
 * A client in a process of its own: it uploads a file that is made meanwhile, and downloads one of
 * the same bytes, and prints by how much its memory has grown.
 */
import { createHash, type Hash } from "node:crypto";
import { Client, StringSession } from "../../mod.ts";
import { parseRsaPublicKey } from "../../src/crypto/entry.ts";
import { piecesOf } from "./large_file.ts";

/** What the process reports. */
export interface LargeReport {
  /** The SHA-256 of the bytes, hex. */
  readonly uploaded: string;
  readonly downloaded: string;
  readonly size: number;
  readonly upload: Growth;
  readonly download: Growth;
}

/**
 * The greatest growth of the memory, bytes, after garbage collections: without them, V8 lets 64 MiB
 * of buffers pile up before it frees them, which is not the doing of the library.
 */
export interface Growth {
  /** Of what is in use, since the sign-in. */
  readonly used: number;
  /** Of all that the system has given to the process, since the warm-up. */
  readonly whole: number;
}

const WARM_UP = 32 * 1024 * 1024;
/** Between two garbage collections, parts. */
const BETWEEN = 50;

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

const whole = (): number => Deno.memoryUsage().rss;

/** Returns the memory that is in use, after a garbage collection. */
function used(): number {
  const { gc } = globalThis as { gc?: () => void };
  for (let turn = 0; turn < 3; turn++) gc?.(); // the next one ends the sweep of the one before
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** Returns the greatest growth of the memory during some work, and its result. */
async function growthOf<T>(work: (look: () => void) => Promise<T>): Promise<[T, Growth]> {
  let most = { used: 0, whole: 0 };
  let count = 0;
  const result = await work(() => {
    if (++count % BETWEEN !== 0) return;
    most = { used: Math.max(most.used, used()), whole: Math.max(most.whole, whole()) };
  });
  return [result, { used: most.used - usedBefore, whole: most.whole - wholeBefore }];
}

// The code of both directions is loaded and compiled before the memory is measured.
const usedBefore = used();
await upload(WARM_UP);
await download(WARM_UP);
used();
const wholeBefore = whole();
const [uploaded, up] = await growthOf((look) => upload(Number(size), look));
const [{ hash: downloaded, size: count }, down] = await growthOf((look) =>
  download(Number(size), look)
);
await client.disconnect();
const report: LargeReport = { uploaded, downloaded, size: count, upload: up, download: down };
// deno-lint-ignore no-console
console.log(JSON.stringify(report));
