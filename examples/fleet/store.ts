/** Opens the store of a fleet. A store that does not answer in time fails, and is tried again. */
import { type KeyValueStore, postgresStore, redisStore } from "@tessera/mtproto/stores";

/** A store, and what ends its connections. */
export interface OpenedStore {
  readonly store: KeyValueStore;
  close(): Promise<void>;
}

/** Opens PostgreSQL or Redis. `timeout` is in milliseconds. */
export async function openStore(
  url: string,
  timeout: number,
): Promise<OpenedStore> {
  if (/^postgres(ql)?:/.test(url)) return await openPostgres(url, timeout);
  if (/^rediss?:/.test(url)) return await openRedis(url, timeout);
  throw new TypeError(
    "Cannot open the store: set STORE_URL to postgres://… or redis://…",
  );
}

async function openPostgres(
  url: string,
  timeout: number,
): Promise<OpenedStore> {
  const { default: { Pool } } = await import("pg");
  const pool = new Pool({
    connectionString: url,
    max: 10, // 1,000 sessions renew 167 leases a second, in 0.3 ms each
    connectionTimeoutMillis: timeout,
    query_timeout: timeout,
    keepAlive: true,
  });
  pool.on("error", () => {}); // a lost connection is opened again
  return { store: postgresStore(pool), close: () => pool.end() };
}

async function openRedis(url: string, timeout: number): Promise<OpenedStore> {
  const { createClient } = await import("redis");
  const client = createClient({
    url,
    disableOfflineQueue: true, // a call fails at once while there is no connection
    pingInterval: timeout / 2,
    socket: {
      connectTimeout: timeout,
      socketTimeout: timeout,
      // Without it, the client is closed for ever after a socketTimeout.
      reconnectStrategy: (retries) => Math.min(100 * retries, timeout),
    },
  });
  client.on("error", () => {}); // a lost connection is opened again
  await client.connect();
  return {
    store: redisStore(client),
    close: () => Promise.resolve(client.destroy()),
  };
}
