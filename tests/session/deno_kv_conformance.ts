/** Tests Deno KV in a process of its own, because it needs a flag: see stores.test.ts. */

import { denoKvStore } from "../../src/session/stores/mod.ts";
import { testStore } from "../helpers/store_conformance.ts";
import { testLease } from "./lease_rules.ts";

const kv = await Deno.openKv(":memory:");
testStore({ name: "The Deno KV store", open: () => denoKvStore(kv), canSwap: true });
globalThis.addEventListener("unload", () => kv.close());

const folder = await Deno.makeTempDir();
let places = 0;
testLease("A lease in the Deno KV store", "denoKv", () => `${folder}/${places++}.kv`);
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
