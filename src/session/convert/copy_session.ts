/** Copies a session to another place: its state, and its peers. */
import type { Peer } from "../peers/peer.ts";
import type { Session } from "../session.ts";

/**
 * Copies the state and the peers of one session to another, and saves that one. Loads it before, and closes it
 * afterwards. Do not use both sessions at the same time.
 *
 * @param from the session to copy, which must be loaded
 * @param to the session that is replaced
 */
export async function copySession(from: Session, to: Session): Promise<void> {
  await to.load();
  try {
    to.state = structuredClone({ ...from.state, dcs: from.state.dcs.map((dc) => ({ ...dc })) });
    await to.save();
    await to.peers?.put(await peersOf(from));
  } finally {
    await to.close?.();
  }
}

/** All peers of a session. */
export async function peersOf({ peers }: Session): Promise<Peer[]> {
  const all: Peer[] = [];
  for await (const peer of peers?.all() ?? []) all.push(peer);
  return all;
}
