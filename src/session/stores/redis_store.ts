/** A store of texts in Redis or Valkey, through a client of the package `redis` or `ioredis`. */
import type { KeyValueStore } from "../key_value_store.ts";

/** The methods of a client of the package `redis` that the store calls. */
export interface NodeRedis {
  /** Returns the value of a key; `null` if the key is absent. */
  get(key: string): Promise<unknown>;
  /** Sets the value of a key. */
  set(key: string, value: string): Promise<unknown>;
  /** Removes a key. */
  del(key: string): Promise<unknown>;
  /** Runs a Lua script. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** The methods of a client of the package `ioredis` that the store calls. */
export interface IoRedis {
  /** Returns the value of a key; `null` if the key is absent. */
  get(key: string): Promise<string | null>;
  /** Sets the value of a key. */
  set(key: string, value: string): Promise<unknown>;
  /** Removes a key. */
  del(key: string): Promise<unknown>;
  /** Runs a Lua script. The first `keys` arguments are keys, the others are values. */
  eval(script: string, keys: number, ...keysAndArguments: string[]): Promise<unknown>;
  /** Not called: it tells this client from one of the package `redis`. */
  defineCommand(...definition: never[]): unknown;
}

/**
 * KEYS: the key. ARGV: "1" if a value is expected, that value, "1" if there is a new value, that
 * value.
 */
const SWAP = `
local value = redis.call('GET', KEYS[1])
if ARGV[1] == '0' and value or ARGV[1] == '1' and value ~= ARGV[2] then return 0 end
if ARGV[3] == '0' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[4]) end
return 1`;

/**
 * Keeps texts in Redis: `new StoreSession("me", redisStore(client))` has the keys `tessera:me:…`. A
 * server without `appendonly` may lose the last changes when it stops.
 *
 * @param client a client that is connected, which the caller closes
 * @param prefix the text that all keys begin with
 * @returns the store
 */
export function redisStore(client: NodeRedis | IoRedis, prefix = "tessera:"): KeyValueStore {
  return {
    async get(key) {
      const value = await client.get(prefix + key);
      return typeof value === "string" ? value : undefined;
    },
    set: (key, value) => client.set(prefix + key, value),
    delete: (key) => client.del(prefix + key),
    async swap(key, current, next) {
      const given = [current, next].flatMap((text) => [text === undefined ? "0" : "1", text ?? ""]);
      const swapped = "defineCommand" in client
        ? await client.eval(SWAP, 1, prefix + key, ...given)
        : await client.eval(SWAP, { keys: [prefix + key], arguments: given });
      return Number(swapped) === 1;
    },
  };
}
