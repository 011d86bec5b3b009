// Stores and sessions by the name of their kind, so that a child process can open what its parent
// means.
import {
  type KeyValueStore,
  SqliteSession,
  StoreSession,
  type StoreSessionOptions,
} from "../../src/session/mod.ts";
import { SqliteStore } from "../../src/session/stores/sqlite_store.ts";
import {
  denoKvStore,
  folderStore,
  postgresStore,
  redisStore,
  unstorageStore,
  webStorageStore,
} from "../../src/session/stores/mod.ts";

/** A store that closes what its client opened. */
function closing(store: KeyValueStore, close: () => unknown): KeyValueStore {
  return {
    get: (key) => store.get(key),
    set: (key, value) => store.set(key, value),
    delete: (key) => store.delete(key),
    ...(store.swap && { swap: store.swap.bind(store) }),
    ...(store.setIf && { setIf: store.setIf.bind(store) }),
    ...(store.list && { list: store.list.bind(store) }),
    ...(store.claims && { claims: store.claims }),
    close: async () => void await close(),
  };
}

/** 32 bytes: a passphrase would take a second each time. */
const SECRET = new Uint8Array(32).fill(7);

const STORES: Readonly<Record<string, (at: string) => Promise<KeyValueStore>>> = {
  // Without its tables for peers, which are for one session: here many share the file.
  async sqlite(at) {
    const store = await SqliteStore.open(at);
    return closing(store, () => store.close());
  },
  folder: (at) => Promise.resolve(closing(folderStore(at), () => {})),
  localStorage: () => Promise.resolve(webStorageStore()),
  async denoKv(at) {
    const kv = await Deno.openKv(at);
    return closing(denoKvStore(kv), () => kv.close());
  },
  async unstorage(at) {
    const { createStorage } = await import("unstorage");
    const { default: fsDriver } = await import("unstorage/drivers/fs");
    const storage = createStorage({ driver: fsDriver({ base: at }) });
    return closing(unstorageStore(storage), () => storage.dispose());
  },
  async redis(at) {
    const { createClient } = await import("redis");
    const client = createClient({ url: at });
    client.on("error", () => {}); // a lost connection is opened again
    await client.connect();
    return closing(redisStore(client), () => client.destroy()); // close() waits for ever when cut
  },
  async ioredis(at) {
    const { Redis } = await import("ioredis");
    const client = new Redis(at);
    client.on("error", () => {});
    return closing(redisStore(client, "io:"), () => client.quit());
  },
  async pg(at) {
    const { default: { Pool } } = await import("pg");
    const pool = new Pool({ connectionString: at });
    pool.on("error", () => {});
    return closing(postgresStore(pool), () => pool.end());
  },
  async postgres(at) {
    const { default: postgres } = await import("postgres");
    // Without fetch_types: false, a line that is cut at a bad moment ends the process (3.4.9).
    const sql = postgres(at, { onnotice: () => {}, fetch_types: false });
    return closing(postgresStore(sql, "public.js_session"), () => sql.end({ timeout: 1 }));
  },
};

/** The store of a kind at a path or address. */
export function openStore(kind: string, at: string): Promise<KeyValueStore> {
  const open = STORES[kind];
  if (open === undefined) throw new TypeError(`There is no kind "${kind}"`);
  return open(at);
}

/** A session of a kind as a program on another machine has it, where no claim reaches. */
export function openFarSession(
  kind: string,
  at: string,
  options?: StoreSessionOptions,
): StoreSession {
  const [address, name = kind === "SqliteSession" ? "own" : "me"] = at.split("#");
  const open = kind === "SqliteSession" ? "sqlite" : kind;
  return new StoreSession(
    name,
    async () => ({ ...await openStore(open, address), claims: undefined }),
    options,
  );
}

/** A session of a kind at a path or address. */
export function openSession(
  kind: string,
  at: string,
  options?: StoreSessionOptions,
): StoreSession {
  if (kind === "SqliteSession") return new SqliteSession(at, options);
  if (kind === "sealed folder") {
    return new StoreSession("me", () => openStore("folder", at), { ...options, secret: SECRET });
  }
  // Servers have one address for all: there the place is the name of the session.
  const [address, name = "me"] = at.split("#");
  return new StoreSession(name, () => openStore(kind, address), options);
}
