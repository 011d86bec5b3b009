/** What a session gives up when the storage of a browser is full. */
import { peerKeys } from "./key_value_peers.ts";

/**
 * The keys to remove, in turn, until there is room for the text of a key: those of the peers, which
 * Telegram sends again, then that of the updates. The session itself is never given up.
 */
export function roomFor(key: string): string[][] {
  const prefix = key.slice(0, key.lastIndexOf(":") + 1);
  const updates = `${prefix}updates`;
  return key === updates ? [peerKeys(prefix)] : [peerKeys(prefix), [updates]];
}
