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
 * did, although that one made its call after an earlier call of the first: A, B, A. Both
 * connections are open. The last call must have the latest msg_id, so a late packet of a session
 * that a client has left does not count; of two programs whose clocks differ, the one that is ahead
 * is noticed: A, B, A, B. Telegram itself does not always notice.
 */

/** A call of a session. */
export interface Use {
  /** The session of the call. */
  readonly sessionId: bigint;
  /** The msg_id of the call, unsigned. */
  readonly msgId: bigint;
  /** Whether the connection of the call is still open. */
  readonly isOpen: () => boolean;
}

/** The last calls of the sessions of one auth key, with its temporary keys. */
export class ParallelUse {
  /** The last call of each session. The session that made the last call is the last one. */
  readonly #last = new Map<bigint, Use>();

  /** Takes note of a call. Returns whether another program uses the key as well. */
  note(use: Use): boolean {
    for (const [sessionId, { isOpen }] of this.#last) {
      if (!isOpen()) this.#last.delete(sessionId);
    }
    const sessions = [...this.#last.keys()];
    const own = sessions.indexOf(use.sessionId);
    const between = own < 0 ? [] : sessions.slice(own + 1);
    this.#last.delete(use.sessionId);
    this.#last.set(use.sessionId, use);
    return between.some((sessionId) => (this.#last.get(sessionId)?.msgId ?? 0n) < use.msgId);
  }
}
