/**
 * The keys of a data center, shared by all connections to it. Its permanent key is made once, kept,
 * and replaced when the server does not know it any more.
 * https://core.telegram.org/mtproto/auth_key
 *
 * | state     | event                                  | next state                              |
 * |-----------|----------------------------------------|-----------------------------------------|
 * | unknown   | a connection asks for the key          | making: it runs the key exchange        |
 * | making    | the exchange ends well                 | known: all connections that wait go on  |
 * | making    | the exchange fails                     | unknown: the next one that waits tries  |
 * | known     | the salt or the time changes           | known, and the owner keeps it           |
 * | known     | the server does not know it, several   | doubted                                 |
 * |           | times (recovery.ts)                    |                                         |
 * | doubted   | a connection asks for the key          | replacing: it runs the key exchange     |
 * | replacing | the exchange ends well                 | known: the new key, the old one is gone |
 * | replacing | the exchange fails                     | known: the old key                      |
 *
 * A message that a key is unknown is not authenticated. So the old key is kept until Telegram has
 * proven itself by a new exchange.
 *
 * With the option `forwardSecrecy` the permanent key only binds temporary ones, under which all
 * packets go: https://core.telegram.org/api/pfs. forward_secrecy/ has the code. A data center has
 * one temporary key, and one more for its addresses for files:
 *
 * | state     | event                                  | next state                               |
 * |-----------|----------------------------------------|------------------------------------------|
 * | none      | a connection asks for the key          | making: it runs the key exchange, that   |
 * |           |                                        | of a permanent key beside it if need be  |
 * | making    | the exchange ends well                 | binding: auth.bindTempAuthKey            |
 * | making    | the exchange fails                     | none, or bound: the key before, if any   |
 * | binding   | Telegram answers true                  | bound: calls go out                      |
 * | binding   | ENCRYPTED_MESSAGE_INVALID for a        | doubting: the permanent key is tried     |
 * |           | minute; for an hour if the key has     |                                          |
 * |           | bound another one within a day         |                                          |
 * | binding   | another error, or no answer            | none, or bound: the key before, if any   |
 * | doubting  | the server knows the permanent key     | none: an error for people                |
 * | doubting  | -404                                   | none; the permanent key is doubted       |
 * | bound     | an hour before its end, and up to ten  | making, while the old key goes on        |
 * |           | minutes earlier                        |                                          |
 * | bound     | its end; -404; AUTH_KEY_PERM_EMPTY; an | none; the permanent key stays            |
 * |           | old key has lost its user, and it is   |                                          |
 * |           | not the home                           |                                          |
 * | any       | the permanent key is another one       | none                                     |
 */
import type { AuthKey } from "../mtproto/mod.ts";

/**
 * The key of a data center, with its salt and time, as it is kept from one connection to the next.
 */
export interface DcKeyState {
  readonly authKey: AuthKey;
  /** Signed 64 bits; 0n when unknown. */
  readonly serverSalt: bigint;
  /** Server time minus local time, in milliseconds. */
  readonly timeOffset: number;
}

/** The permanent key of one data center. */
export class DcKey {
  readonly #onChange: (state: DcKeyState) => void;
  #state: DcKeyState | undefined;
  #isDoubted = false;
  #making: Promise<DcKeyState> | undefined;
  #madeAt = -Infinity;
  #isUnused = false;

  /**
   * Begins with the state that is known from earlier, if any; `onChange` is called with each later
   * one.
   */
  constructor(state: DcKeyState | undefined, onChange: (state: DcKeyState) => void = () => {}) {
    this.#state = state;
    this.#onChange = onChange;
  }

  /** The key, its salt and its time; undefined until the key is made. */
  get state(): DcKeyState | undefined {
    return this.#state;
  }

  /**
   * Whether the key was made by this object, and no method that can sign in was called with it:
   * nobody is signed in.
   */
  get isUnused(): boolean {
    return this.#isUnused;
  }

  /**
   * Returns the key; runs `exchange` to make it if there is none, or if it is doubted. Connections
   * that ask meanwhile wait for that exchange.
   *
   * @param now returns milliseconds of a monotonic clock
   */
  async obtain(exchange: () => Promise<DcKeyState>, now: () => number): Promise<DcKeyState> {
    while (this.#state === undefined || this.#isDoubted) {
      if (this.#making !== undefined) await this.#making.catch(() => {});
      else await this.#make(exchange, now);
    }
    return this.#state;
  }

  /** Returns how old the key is, in milliseconds; Infinity if this object did not make it. */
  age(now: number): number {
    return now - this.#madeAt;
  }

  /** Takes note of a changed salt or time, unless the key was replaced meanwhile. */
  update(state: DcKeyState): void {
    const known = this.#state;
    if (state.authKey !== known?.authKey) return;
    const { serverSalt, timeOffset } = known;
    if (state.serverSalt === serverSalt && state.timeOffset === timeOffset) return;
    this.#state = state;
    this.#onChange(state);
  }

  /** Takes note of a call that may have signed somebody in. */
  markUsed(): void {
    this.#isUnused = false;
  }

  /** The server does not know this key: the next connection replaces it. */
  doubt(authKey: AuthKey): void {
    if (this.#state?.authKey === authKey) this.#isDoubted = true;
  }

  async #make(exchange: () => Promise<DcKeyState>, now: () => number): Promise<void> {
    this.#making = exchange();
    try {
      const { authKey, serverSalt, timeOffset } = await this.#making;
      this.#state = { authKey, serverSalt, timeOffset };
      this.#isUnused = true;
      this.#madeAt = now();
      this.#onChange(this.#state);
    } finally {
      this.#isDoubted = false;
      this.#making = undefined;
    }
  }
}
