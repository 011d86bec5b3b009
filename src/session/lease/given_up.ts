/**
 * The leases that this process has given up, by their tokens: their texts may still be in a store,
 * as it could not be reached. The list belongs to the whole process, so that a second copy of the
 * library sees it. A worker has its own; to it, a lease of another thread is in use.
 */

const LIST = Symbol.for("tessera.leases");

function list(): Set<string> {
  const place = globalThis as { [LIST]?: Set<string> };
  return place[LIST] ??= new Set();
}

/** Notes that this process stopped using a lease whose text may still be in the store. */
export function giveUp(token: string): void {
  list().add(token);
}

/** Whether this process has given up the lease with this token. */
export function isGivenUp(token: string): boolean {
  return list().has(token);
}

/** Forgets a lease whose text is gone. */
export function forgetGivenUp(token: string): void {
  list().delete(token);
}
