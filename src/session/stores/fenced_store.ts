/**
 * A store that writes only while this program holds the lease of its session. The store compares
 * the lease in the same step, so even a write that arrives late is refused. A store without `setIf`
 * is asked before each write: a write that it delays may then still land.
 */
import { abortable } from "../../runtime/mod.ts";
import { type KeyValueStore, setCache } from "../key_value_store.ts";
import type { Lease } from "../lease/lease.ts";

/** How often a write is made again after the lease was found absent and written again. */
const ATTEMPTS = 3;

/** A store with a fence. */
export interface FencedStore extends KeyValueStore {
  /** Sets a value. A power failure may undo that, and leave the value before. */
  setLater(key: string, value: string): Promise<void>;
}

type SetIf = Required<KeyValueStore>["setIf"];
type SetIfOptions = Parameters<SetIf>[3];

/**
 * Returns the store with a fence. All its methods reject when the lease is lost, even if the store
 * never answers.
 *
 * @param store the store
 * @param lease the lease
 * @param key the key of the lease
 */
export function fencedStore(store: KeyValueStore, lease: Lease, key: string): FencedStore {
  const { signal } = lease;
  const untilLost = async <T>(work: () => T | Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    return await abortable(Promise.resolve(work()), signal);
  };
  const writeIfHeld = async (
    setIf: SetIf,
    name: string,
    value: string | undefined,
    options: SetIfOptions,
  ): Promise<void> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await setIf(name, value, { key, prefix: lease.prefix }, options)) return;
      await lease.check(); // throws, unless the lease is ours again
    }
    throw lease.refused();
  };
  const writeAfterLook = async (
    name: string,
    value: string | undefined,
    options: SetIfOptions,
  ): Promise<void> => {
    await lease.confirm();
    if (value === undefined) await store.delete(name);
    else if (options?.isCache) await setCache(store, name, value);
    else await store.set(name, value);
  };
  const setIf = store.setIf?.bind(store);
  const write = (name: string, value?: string, options?: SetIfOptions): Promise<void> =>
    untilLost(() =>
      setIf === undefined
        ? writeAfterLook(name, value, options)
        : writeIfHeld(setIf, name, value, options)
    );
  return {
    get: (name) => untilLost(() => store.get(name)),
    set: (name, value) => write(name, value),
    setCache: (name, value) => write(name, value, { isCache: true }),
    setLater: (name, value) => write(name, value, { mayLag: true }),
    delete: (name) => write(name),
  };
}
