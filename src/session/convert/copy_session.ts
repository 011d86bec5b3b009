/** Copies a session to another place: its state, its peers, and how far it received updates. */
import type { Peer } from "../peers/peer.ts";
import type { Session } from "../session.ts";

/**
 * Copies the state and the peers of one session to another, and how far the updates were received:
 * the copy goes on from there. Do not use both at the same time.
 *
 * @param from the session to copy, which must be loaded
 * @param to the session to replace; it is loaded, saved and closed here
 */
export async function copySession(from: Session, to: Session): Promise<void> {
  await to.load();
  try {
    to.state = structuredClone({ ...from.state, dcs: from.state.dcs.map((dc) => ({ ...dc })) });
    await to.save();
    await to.peers?.put(await peersOf(from));
    const updates = await from.updates?.load();
    if (updates !== undefined) await to.updates?.save(updates);
  } finally {
    await to.close?.();
  }
}

/** Returns all peers of a session. */
export async function peersOf({ peers }: Session): Promise<Peer[]> {
  const all: Peer[] = [];
  for await (const peer of peers?.all() ?? []) all.push(peer);
  return all;
}
