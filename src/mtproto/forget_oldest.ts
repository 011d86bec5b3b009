/**
 * A limit for the memory of a session, which may last for years.
 */

/** Removes the oldest entries of a map or set until it has at most `limit`. */
export function forgetOldest<K>(known: Map<K, unknown> | Set<K>, limit: number): void {
  for (const key of known.keys()) {
    if (known.size <= limit) return;
    known.delete(key);
  }
}
