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
 * KEYS: the key, the key of the guard. ARGV: the prefix of the guard, "1" if there is a new value,
 * that value.
 */
const SET_IF = `
local guard = redis.call('GET', KEYS[2])
if not guard or string.sub(guard, 1, #ARGV[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[3]) end
return 1`;

/** ARGV: the cursor, the pattern. Returns the next cursor and some keys. */
const LIST = "return redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', 1000)";

/**
 * Keeps texts in Redis: `new StoreSession("me", redisStore(client))` has the keys `tessera:me:…`. A
 * server without `appendonly` may lose the last changes when it stops. In a cluster, the name of a
 * session needs braces, as in `{me}`, which keep its keys on one server, and `list` finds only the
 * keys of one server.
 *
 * @param client a client that is connected, which the caller closes
 * @param prefix the text that all keys begin with
 * @returns the store
 */
export function redisStore(client: NodeRedis | IoRedis, prefix = "tessera:"): KeyValueStore {
  const run = async (script: string, keys: string[], given: string[]): Promise<unknown> => {
    const names = keys.map((key) => prefix + key);
    return "defineCommand" in client
      ? await client.eval(script, names.length, ...names, ...given)
      : await client.eval(script, { keys: names, arguments: given });
  };
  const evaluate = async (script: string, keys: string[], given: string[]): Promise<boolean> =>
    Number(await run(script, keys, given)) === 1;
  return {
    async get(key) {
      const value = await client.get(prefix + key);
      return typeof value === "string" ? value : undefined;
    },
    set: (key, value) => client.set(prefix + key, value),
    delete: (key) => client.del(prefix + key),
    swap: (key, current, next) => evaluate(SWAP, [key], [...given(current), ...given(next)]),
    setIf: (key, value, guard) =>
      evaluate(SET_IF, [key, guard.key], [guard.prefix, ...given(value)]),
    async list(first, last) {
      const pattern = `${escapePattern(prefix + first)}*${escapePattern(last)}`;
      const found = new Set<string>(); // a scan may return a key twice
      let cursor = "0";
      do {
        const [next, keys] = await run(LIST, [], [cursor, pattern]) as [string, string[]];
        for (const key of keys) found.add(key.slice(prefix.length));
        cursor = next;
      } while (cursor !== "0");
      return [...found];
    },
  };
}

/** Escapes the characters that have a meaning in a pattern of Redis. */
function escapePattern(text: string): string {
  return text.replaceAll(/[\\*?[\]]/g, "\\$&");
}

/** A text that may be absent, as two arguments of a script. */
function given(text: string | undefined): string[] {
  return text === undefined ? ["0", ""] : ["1", text];
}
