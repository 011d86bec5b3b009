/** Tests Deno KV in a process of its own, because it needs a flag: see stores.test.ts. */

import { denoKvStore } from "../../src/session/stores/mod.ts";
import { StoreSession } from "../../src/session/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import { testStore } from "../helpers/store_conformance.ts";
import { testLease } from "./lease_rules.ts";

const kv = await Deno.openKv(":memory:");
testStore({ name: "The Deno KV store", open: () => denoKvStore(kv), canSwap: true });
globalThis.addEventListener("unload", () => kv.close());

const folder = await Deno.makeTempDir();
let places = 0;
testLease("A lease in the Deno KV store", "denoKv", () => `${folder}/${places++}.kv`);
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

Deno.test("The Deno KV store keeps 16,384 peers, and leaves no parts behind", async () => {
  const session = new StoreSession("many", denoKvStore(kv));
  await session.load();
  const peers = Array.from({ length: 16_000 }, (_, n) => ({
    id: BigInt(n + 1),
    kind: "user" as const,
    accessHash: BigInt(n) << 40n,
    usernames: [`the_name_of_${n}`],
    phone: String(1_555_000_000 + n),
  }));
  for (let first = 0; first < peers.length; first += 4000) {
    await session.peers.put(peers.slice(first, first + 4000));
  }
  assertEquals((await session.peers.byUsername("the_name_of_15999"))?.id, 16_000n);
  const again = new StoreSession("many", denoKvStore(kv), { exclusive: false });
  await again.load();
  assertEquals((await again.peers.byId(16_000n))?.phone, "1555015999");
  await session.peers.clear();
  await session.save();
  await session.close();
  const kept: unknown[] = [];
  for await (const { key } of kv.list({ prefix: ["tessera"] })) kept.push(key);
  assertEquals(kept.filter((key) => Array.isArray(key) && key[2] === "part"), []);
});

Deno.test("The Deno KV store reads old parts, and writers leave one text", async () => {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  await kv.set(["tessera", "k", "part", 0], encode("a".repeat(60_000)));
  await kv.set(["tessera", "k", "part", 1], encode("b"));
  await kv.set(["tessera", "k"], 2);
  const store = denoKvStore(kv);
  assertEquals(await store.get("k"), "a".repeat(60_000) + "b");
  const texts = Array.from({ length: 6 }, (_, n) => String(n).repeat(1_000_000 + n));
  await Promise.all(texts.map((text) => store.set("k", text)));
  assertEquals(texts.includes(await store.get("k") ?? ""), true);
  const parts: unknown[] = [];
  for await (const { key } of kv.list({ prefix: ["tessera", "k", "part"] })) parts.push(key);
  assertEquals(parts.length, 17);
});
