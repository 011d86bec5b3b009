/** A store of texts in Redis (or Valkey), through a client of the caller's: the package `redis` or `ioredis`. */
import type { KeyValueStore } from "./key_value.ts";

/** What is used of a client of the package `redis`. */
export interface NodeRedis {
  /** The value of a key, or null. */
  get(key: string): Promise<unknown>;
  /** Sets the value of a key. */
  set(key: string, value: string): Promise<unknown>;
  /** Removes a key. */
  del(key: string): Promise<unknown>;
  /** Runs a Lua script. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** What is used of a client of the package `ioredis`. */
export interface IoRedis {
  /** The value of a key, or null. */
  get(key: string): Promise<string | null>;
  /** Sets the value of a key. */
  set(key: string, value: string): Promise<unknown>;
  /** Removes a key. */
  del(key: string): Promise<unknown>;
  /** Runs a Lua script; `keys` of what follows are keys. */
  eval(script: string, keys: number, ...keysAndArguments: string[]): Promise<unknown>;
  /** Tells this client from that of the package `redis`. */
  defineCommand(...definition: never[]): unknown;
}

/** KEYS: the key. ARGV: whether there is to be a value, that value, whether there is a next one, that one. */
const SWAP = `
local value = redis.call('GET', KEYS[1])
if ARGV[1] == '0' and value or ARGV[1] == '1' and value ~= ARGV[2] then return 0 end
if ARGV[3] == '0' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[4]) end
return 1`;

/**
 * Keeps texts in Redis: `new StoreSession("me", redisStore(client))`, under `tessera:me:…`. The client stays the caller's to
 * connect and close. What is kept is as safe as the server is set up to keep it: see its `appendonly`.
 *
 * @param prefix what all keys begin with
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
