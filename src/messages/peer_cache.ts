/**
 * Remembers the peers in Telegram's answers, so that a peer that was seen once can be named by its
 * id alone, also after a restart. New peers are saved in the session together, after a short while;
 * the latest stay in memory, up to a limit.
 */
import type { Clock, Logger } from "../runtime/mod.ts";
import {
  MemoryPeers,
  namesOf,
  type Peer,
  type PeerStore,
  saveLater,
  type Session,
} from "../session/mod.ts";
import { extractPeers } from "./extract_peers.ts";

/** Milliseconds from the first new peer until the new ones are saved. */
const KEEP_DELAY = 5000;
/**
 * The most peers in memory: the others are in the session only. As many wait for a store that
 * fails.
 */
const RECENT_LIMIT = 5000;
/** The most new peers that wait. One more, and they are saved at once. */
const WAITING_LIMIT = 1000;

/**
 * Seconds for which a username or phone number is taken to be that of the peer that had it. TDLib
 * and mtcute ask again after a day, Pyrogram after eight hours, Telethon never. The shortest of
 * these costs little here, as the peer itself is asked about, which Telegram hardly limits.
 */
const NAMES_ARE_GOOD = 8 * 3600;
/** Seconds after which a peer that is seen again without a change gets a new date. */
const DATE_IS_GOOD = 3600;

/** The parts of a client that a {@linkcode PeerCache} works with. */
export interface PeerCacheHost {
  readonly session: Session;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the client is disconnected. */
  readonly lifetime: AbortSignal;
}

/** The peers that an account has seen. */
export class PeerCache {
  readonly #host: PeerCacheHost;
  readonly #recent = new MemoryPeers(RECENT_LIMIT);
  readonly #waiting = new Map<bigint, Peer>();
  #keeping: Promise<void> | undefined;
  #owner: bigint | undefined;
  /** Whether the peers of all dialogs were seen. */
  hasLoadedDialogs = false;

  constructor(host: PeerCacheHost) {
    this.#host = host;
  }

  /** The peers in memory. */
  get recent(): MemoryPeers {
    this.#forgetOthers();
    return this.#recent;
  }

  /** Remembers the peers in an answer or an update. */
  see(answer: unknown): void {
    this.#forgetOthers();
    for (const seen of extractPeers(answer)) {
      const known = this.#recent.byId(seen.id);
      const isDated = namesOf(seen).length === 0 || this.#isYounger(known, DATE_IS_GOOD);
      if (isSame(known, seen) && isDated) continue;
      const peer = { ...seen, seenAt: this.#now };
      this.#recent.put([peer]);
      this.#waiting.set(peer.id, peer);
    }
    if (this.#waiting.size > 0) this.#keeping ??= this.#keepSoon();
  }

  /** Returns the peer that `of` finds in memory, or else in the session. */
  async find(of: (peers: PeerStore) => ReturnType<PeerStore["byId"]>): Promise<Peer | undefined> {
    this.#forgetOthers();
    const recent = await of(this.#recent);
    if (recent !== undefined) return recent;
    const stored = this.#stored && await of(this.#stored);
    // A session may be slow: the peer may have been seen meanwhile, perhaps without the name that
    // the session still has. Both are looked up at one moment.
    const seen = of(this.#recent);
    const isSeen = stored !== undefined && this.#recent.byId(stored.id) !== undefined;
    return await seen ?? (isSeen ? undefined : stored);
  }

  /**
   * Whether the names of a peer are its own still, as far as anybody can know without asking
   * Telegram.
   */
  isFresh(peer: Peer): boolean {
    return this.#isYounger(peer, NAMES_ARE_GOOD);
  }

  /**
   * Saves the peers that wait. Returns whether the session has taken them; a failure is only
   * logged, and they wait on.
   */
  async flush(): Promise<boolean> {
    this.#forgetOthers();
    const owner = this.#owner;
    const peers = [...this.#waiting.values()];
    this.#waiting.clear();
    if (peers.length === 0) return true;
    try {
      await this.#stored?.put(peers);
      return true;
    } catch (error) {
      this.#host.log.warn(`Cannot keep ${peers.length} peers: ${(error as Error).message}`);
      this.#forgetOthers();
      // Peers that came before the sign-in belong to the account that has signed in.
      if (owner === undefined || owner === this.#owner) this.#waitAgain(peers);
      return false;
    }
  }

  /** Lets peers wait that could not be saved, unless there is newer news of them. */
  #waitAgain(peers: readonly Peer[]): void {
    for (const peer of peers) {
      if (this.#waiting.size >= RECENT_LIMIT) return;
      if (!this.#waiting.has(peer.id)) this.#waiting.set(peer.id, peer);
    }
  }

  /** In Unix seconds. */
  get #now(): number {
    return Math.floor(this.#host.clock.now() / 1000);
  }

  /** A date in the future counts, too: the clock was set back. */
  #isYounger(peer: Peer | undefined, limit: number): boolean {
    return Math.abs(this.#now - (peer?.seenAt ?? -Infinity)) < limit;
  }

  get #stored(): PeerStore | undefined {
    return this.#host.session.peers;
  }

  async #keepSoon(): Promise<void> {
    const { clock, lifetime } = this.#host;
    await saveLater({
      clock,
      lifetime,
      delay: (hasFailed) => {
        if (this.#waiting.size === 0) return undefined;
        return this.#waiting.size < WAITING_LIMIT || hasFailed ? KEEP_DELAY : 0;
      },
      save: () => this.flush(),
    });
    this.#keeping = undefined;
  }

  /**
   * Forgets all peers when another user, or nobody, is signed in: access hashes are good for one
   * account.
   */
  #forgetOthers(): void {
    const owner = this.#host.session.state.user?.id;
    const before = this.#owner;
    this.#owner = owner;
    if (before === undefined || before === owner) return;
    this.#recent.clear();
    this.#waiting.clear();
    this.hasLoadedDialogs = false;
    void Promise.resolve(this.#stored?.clear()).catch((error: Error) =>
      this.#host.log.warn(`Cannot forget the peers: ${error.message}`)
    );
  }
}

function isSame(known: Peer | undefined, seen: Peer): boolean {
  return known !== undefined && known.accessHash === seen.accessHash &&
    known.phone === seen.phone && known.kind === seen.kind &&
    known.usernames.length === seen.usernames.length &&
    known.usernames.every((name, index) => name === seen.usernames[index]);
}
