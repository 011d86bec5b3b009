/**
 * Finds an auth key that two programs use at once, for which Telegram ends the sign-in: error 406,
 * AUTH_KEY_DUPLICATED. https://core.telegram.org/api/errors#406-not-acceptable and
 * https://core.telegram.org/api/datacenter#parallel-sessions
 *
 * Known from these pages: a data center answers so when a signed-in client sends requests in
 * parallel over two connections. A client has one main session. Sessions for files are exempt, and
 * those that the server allows by `tmp_sessions`. The sign-in is void; a client makes a new key.
 *
 * Known from threads: every later call with the key gets the same answer, `help.getConfig` too
 * (LonamiWebs/Telethon#3973, mautrix/telegram#408). Public clients make the first calls of a
 * session for files with the same key, and ask for the configuration there.
 *
 * Guessed: what "in parallel" means. Here, a session makes a call after another session of the key
 * has begun: A, B, A. Both connections are open. A client that goes on in a new session may leave
 * calls behind that arrive late. So "after" is by the msg_ids, which say when a client made a call;
 * of programs whose clocks differ, the one that is behind is noticed a little later. And it is by
 * our clock, less the shortest way of a call of that session: the clock of a client may be set
 * before it goes on. Telegram itself does not always notice.
 */
import { timeOfMsgId } from "../mtproto/mod.ts";

/** A call of a session. */
export interface Use {
  /** The session of the call. */
  readonly sessionId: bigint;
  /** The msg_id of the call, unsigned. */
  readonly msgId: bigint;
  /** When the call came, in milliseconds of a monotonic clock. */
  readonly cameAt: number;
  /** Whether the connection of the call is still open. */
  readonly isOpen: () => boolean;
}

/** A session, from its first call on. */
interface Begun extends Use {
  /** From the time in a msg_id to the coming of its call: the least of all calls. */
  readonly delay: number;
}

/** The sessions of one auth key, with its temporary keys, that have made calls. */
export class ParallelUse {
  /** The first call of each session, in the order in which they came; with its last connection. */
  readonly #first = new Map<bigint, Begun>();

  /** Takes note of a call. Returns whether another program uses the key as well. */
  note(use: Use): boolean {
    for (const [sessionId, { isOpen }] of this.#first) {
      if (!isOpen()) this.#first.delete(sessionId);
    }
    const { sessionId, msgId, cameAt, isOpen } = use;
    const own = this.#first.get(sessionId);
    const delay = Math.min(cameAt - timeOfMsgId(msgId), own?.delay ?? Infinity);
    this.#first.set(sessionId, { ...own ?? use, delay, isOpen });
    if (own === undefined) return false;
    const madeAt = timeOfMsgId(msgId) + delay;
    const all = [...this.#first.values()];
    const later = all.slice(all.findIndex((begun) => begun.sessionId === sessionId) + 1);
    return later.some((begun) => begun.msgId < msgId && begun.cameAt < madeAt);
  }
}
