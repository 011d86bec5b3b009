/**
 * Stores for {@linkcode StoreSession}: a folder of files, `localStorage`, IndexedDB, Deno KV,
 * unstorage, Redis and PostgreSQL. The caller passes the client of a database; this module
 * installs no package.
 *
 * @example
 * ```ts
 * import { StoreSession } from "@tessera/mtproto";
 * import { folderStore } from "@tessera/mtproto/stores";
 *
 * const folder = await Deno.makeTempDir();
 * const session = new StoreSession("me", folderStore(folder));
 * await session.load();
 * await session.save();
 * await session.close();
 * console.log([...Deno.readDirSync(folder)][0].name); // me.session
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @module
 */
export type { KeyValueStore, StoreClaims, StoreGuard } from "../key_value_store.ts";
export type { Peer, PeerKind, PeerStore } from "../peers/peer.ts";
export { type DenoKv, type DenoKvAtomic, type DenoKvEntry, denoKvStore } from "./deno_kv_store.ts";
export { folderStore } from "./folder_store.ts";
export { indexedDbStore } from "./indexed_db_store.ts";
export { listSessions } from "./list_sessions.ts";
export { type Pg, type PostgresJs, type PostgresRow, postgresStore } from "./postgres_store.ts";
export { type IoRedis, type NodeRedis, redisStore } from "./redis_store.ts";
export { type Unstorage, unstorageStore } from "./unstorage_store.ts";
export { type WebStorage, webStorageStore } from "./web_storage_store.ts";
