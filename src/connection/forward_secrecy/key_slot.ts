/**
 * One temporary key of a data center: all connections to it have the same. One of them makes it,
 * the others wait; while it is renewed, the old one is in use. dc_key.ts has its states.
 */
import type { AuthKey } from "../../mtproto/mod.ts";
import { WakeSignal } from "../../runtime/mod.ts";
import type { DcKey, DcKeyState } from "../dc_key.ts";

/** A temporary key that is bound. */
export interface TemporaryKeyState extends DcKeyState {
  /** The id of the permanent key to which it is bound, hex. */
  readonly permanentId: string;
  /** When it ends, in milliseconds since 1970 by the clock of Telegram. */
  readonly expiresAt: number;
  /** When it is to be renewed, by the same clock. */
  readonly renewAt: number;
}

/** The place of a temporary key. */
export class KeySlot {
  /** Set, and reset, with each change of the key, its salt or its time. */
  readonly change = new WakeSignal();
  /** When a binding was refused for the first time since the last success; monotonic. */
  refusedSince: number | undefined;
  /** When the last binding succeeded, in milliseconds of the monotonic clock. */
  boundAt = -Infinity;
  /** The permanent key of the data center. */
  permanent: DcKey | undefined;
  /** Whether the next permanent key is made alone: making both at the same time has failed. */
  isSerial = false;
  #state: TemporaryKeyState | undefined;
  #making: Promise<TemporaryKeyState> | undefined;

  /** Whether it is for this permanent key, perhaps as an earlier connection had it. */
  isFor(permanent: DcKey): boolean {
    const id = permanent.state?.authKey.idHex;
    const isSame = id !== undefined && this.permanent?.state?.authKey.idHex === id;
    return this.permanent === permanent || isSame;
  }

  /** The key, whether it can be used or not. */
  get state(): TemporaryKeyState | undefined {
    return this.#state;
  }

  /**
   * Returns the key if it is good, or makes another one. Connections that ask meanwhile wait for
   * it; the next one of them tries when that fails.
   */
  async obtain(
    isGood: (state: TemporaryKeyState) => boolean,
    make: () => Promise<TemporaryKeyState>,
  ): Promise<TemporaryKeyState> {
    for (;;) {
      const state = this.#state;
      if (state !== undefined && isGood(state)) return state;
      if (this.#making !== undefined) await this.#making.catch(() => {});
      else return await this.#make(make);
    }
  }

  /** Takes note of a changed salt or time. By another time the key may be due for renewal. */
  update(state: DcKeyState): void {
    const known = this.#state;
    if (known?.authKey === state.authKey) this.#set({ ...known, ...state });
  }

  /** Gives up a key, if it is the one in use. */
  drop(authKey: AuthKey): void {
    if (this.#state?.authKey === authKey) this.#set(undefined);
  }

  async #make(make: () => Promise<TemporaryKeyState>): Promise<TemporaryKeyState> {
    const making = this.#making = make();
    try {
      const state = await making;
      this.#set(state);
      return state;
    } finally {
      this.#making = undefined;
    }
  }

  #set(state: TemporaryKeyState | undefined): void {
    this.#state = state;
    this.change.wake();
    this.change.reset();
  }
}
