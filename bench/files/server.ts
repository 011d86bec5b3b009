/**
 * The offline Telegram of one client, in a process of its own. It prints what the client must know,
 * and ends with its standard input.
 */
import { OfflineTelegram } from "../../src/testing/mod.ts";
import type { Setting } from "./meter.ts";

const [size, latency, bytesPerSecond] = Deno.args.map(Number);
const line = latency > 0 ? { latency, bytesPerSecond } : undefined;
await using telegram = await OfflineTelegram.start({ gzip: false, ...(line && { line }) });
const { dcs: [{ id, host, port }], keys: [{ fingerprint }], publicKeyPem, apiId, apiHash } =
  telegram;
const setting: Setting = {
  dc: { id, host, port },
  publicKeyPem,
  fingerprint: String(fingerprint),
  apiId,
  apiHash,
  phone: "+9996621111",
  code: "22222",
  size,
};
// deno-lint-ignore no-console
console.log(JSON.stringify(setting));
for await (const _ of Deno.stdin.readable);
