/**
 * What an account knows of its conversations beside their messages: how far they are read, and
 * which are pinned. https://core.telegram.org/constructor/dialog
 */
import { type PeerId, peerKey } from "./peer_id.ts";

/** The state of one conversation. */
export interface DialogState {
  /** The last incoming message that the account has read. */
  readInboxMaxId: number;
  /** The last outgoing message that the other side has read. */
  readOutboxMaxId: number;
  pinned?: boolean;
}

/** The states of the conversations of one account. */
export class Dialogs {
  readonly #states = new Map<string, DialogState>();

  /** Returns the state of a conversation, which may be changed. */
  of(peer: PeerId): DialogState {
    const key = peerKey(peer);
    let state = this.#states.get(key);
    if (state === undefined) {
      state = { readInboxMaxId: 0, readOutboxMaxId: 0 };
      this.#states.set(key, state);
    }
    return state;
  }
}
