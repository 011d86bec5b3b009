/**
 * The leases that this process has given up, by their tokens: their texts may still be in a store
 * that could not be reached, or in a copy of a file. The list belongs to the whole process, so that
 * a second copy of the library sees it. A worker has its own; to it, a lease of another thread is
 * in use.
 */

const LIST = Symbol.for("tessera.leases");

function list(): Set<string> {
  const place = globalThis as { [LIST]?: Set<string> };
  return place[LIST] ??= new Set();
}

/** The most tokens on the list: those of the last leases. */
const MOST = 1000;

/** Notes that this process stopped using a lease whose text may still be somewhere. */
export function giveUp(token: string): void {
  const tokens = list();
  tokens.add(token);
  for (const oldest of tokens) {
    if (tokens.size <= MOST) return;
    tokens.delete(oldest);
  }
}

/** Whether this process has given up the lease with this token. */
export function isGivenUp(token: string): boolean {
  return list().has(token);
}
