/**
 * A bound for what remembers messages: a session may last for years.
 */

/** Keeps a map or set from growing above `limit`: the oldest entries make room. */
export function forgetOldest<K>(known: Map<K, unknown> | Set<K>, limit: number): void {
  for (const key of known.keys()) {
    if (known.size <= limit) return;
    known.delete(key);
  }
}
