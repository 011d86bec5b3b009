/** A store whose texts are sealed before another store keeps them. See ../sealing/sealer.ts. */
import { type KeyValueStore, setCache } from "../key_value_store.ts";
import type { SealingSecret } from "../sealing/mod.ts";
import { Sealer, UnsealError } from "../sealing/sealer.ts";

/** The most characters of a sealed text. A longer one is an attack, and is not decoded. */
const MAX_LENGTH = 2 ** 23;

/**
 * Seals the texts of a store. The lease stays readable, as it holds no secret and other programs
 * must read it. `peers` of the store are left out, as they would bypass the seal.
 */
export function sealedStore(store: KeyValueStore, secret: SealingSecret): KeyValueStore {
  const sealer = new Sealer(secret);
  const isLease = (key: string): boolean => key.endsWith(":lease");
  const sealed = async (key: string, value: string): Promise<string> =>
    isLease(key) ? value : await sealer.seal(value, key);
  const setIf = store.setIf?.bind(store);
  return {
    async get(key) {
      const text = await store.get(key);
      if (typeof text !== "string" || isLease(key)) return text;
      if (text.length > MAX_LENGTH) {
        throw new UnsealError(
          `Cannot unseal the session: it has ${text.length} characters, ` +
            `expected at most ${MAX_LENGTH}`,
        );
      }
      return await sealer.unseal(text, key);
    },
    async set(key, value) {
      await store.set(key, await sealed(key, value));
    },
    async setCache(key, value) {
      await setCache(store, key, await sealed(key, value));
    },
    delete: (key) => store.delete(key),
    ...(store.swap && { swap: store.swap.bind(store) }),
    ...(setIf && {
      setIf: async (key, value, guard, options) =>
        await setIf(
          key,
          value === undefined ? undefined : await sealed(key, value),
          guard,
          options,
        ),
    }),
    ...(store.lock && { lock: store.lock.bind(store) }),
    ...(store.claims && { claims: store.claims }),
    ...(store.close && { close: store.close.bind(store) }),
  };
}
