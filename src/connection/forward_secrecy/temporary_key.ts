/**
 * The temporary key of a connection: makes it, binds it, and gives it up.
 * https://core.telegram.org/api/pfs. dc_key.ts has its states; renewal.ts renews it in time.
 *
 * Nothing takes its place: while no temporary key can be bound, calls wait, and fail in the end
 * with the reason. The permanent key encrypts a packet only to find out whether Telegram still has
 * that key, and that packet says nothing of the user.
 */
import type { RsaPublicKey } from "../../crypto/mod.ts";
import {
  type AuthKey,
  type AuthKeyResult,
  type ClientEvent,
  type ClientSession,
  SecurityError,
} from "../../mtproto/mod.ts";
import { ConnectionError } from "../../net/mod.ts";
import { abortable, type Clock, type Logger, type Random } from "../../runtime/mod.ts";
import type { ConnectionKey, KeyOpening, KeyUser, ObtainedKey } from "../connection_key.ts";
import type { DcKey, DcKeyState } from "../dc_key.ts";
import type { Invocation } from "../invocation.ts";
import type { CallEvent, Invocations } from "../invocations.ts";
import { bind, type Binder, isKnown } from "./binding.ts";
import { createAuthKeys } from "./exchanges.ts";
import { KeySlot, type TemporaryKeyState } from "./key_slot.ts";
import { keepFresh, renewedBefore } from "./renewal.ts";

/**
 * The temporary keys of a client, by the ids of their data centers: as the key exchange has them,
 * negative for addresses that are for files only. They are in memory only.
 */
export type TemporaryKeys = Map<number, KeySlot>;

/** The parts of a {@linkcode TemporaryKey}. */
export interface TemporaryKeyOptions {
  readonly dcId: number;
  readonly permanent: DcKey;
  /** The temporary keys of all connections. */
  readonly temporaryKeys: TemporaryKeys;
  /** Whether the connection is to addresses that are for files only. */
  readonly addresses: { readonly areForFiles?: boolean };
  /** Whether the connection is that of the account to its home. */
  readonly isHome: () => boolean;
  readonly keys: readonly RsaPublicKey[];
  readonly clock: Clock;
  /** Milliseconds for one attempt to renew it. */
  readonly timeout: number;
  readonly random: Random;
  readonly logger: Logger;
}

/** How long a temporary key lasts, in seconds. */
const LIFETIME = 86_400;
/** Milliseconds. A key with less time left is not begun with. */
const LEAST_LIFETIME = 60_000;
/** A key that is younger is not to blame for a user who is not signed in. Milliseconds. */
const BELIEVED_FOR = 60_000;
/** For so long, Telegram may not know everywhere a key that it has just made. Milliseconds. */
const KEY_SPREADS_IN = 60_000;
/** A permanent key that bound a key in this time is doubted later. Milliseconds. */
const PROVEN_FOR = 86_400_000;
/** How long the bindings of such a key are refused before it is doubted, in milliseconds. */
const PATIENCE = 3_600_000;
/** How often a call is made again because its key was to blame. */
const MAX_REPEATS = 3;
/** The errors that may be about the temporary key rather than about the user. */
const LOST_USER = ["AUTH_KEY_UNREGISTERED", "SESSION_REVOKED"];

/** The temporary key of one connection, which it shares with others. */
export class TemporaryKey implements ConnectionKey {
  readonly #options: TemporaryKeyOptions;
  /** The places of the keys that it has used, by their ids. */
  readonly #slots = new Map<number, KeySlot>();
  /** How often calls were made again with another key. */
  readonly #repeats = new WeakMap<Invocation, number>();

  constructor(options: TemporaryKeyOptions) {
    this.#options = options;
  }

  /** The key, if it is bound and lasts. */
  get state(): TemporaryKeyState | undefined {
    const { state } = this.#slot;
    return state !== undefined && this.#isUsable(state) ? state : undefined;
  }

  /** Returns how long ago the key was bound, in milliseconds. */
  age(now: number): number {
    return now - this.#slot.boundAt;
  }

  /** Returns the key. Makes and binds it over a fresh connection if there is none. */
  async obtain(
    _exchange: () => Promise<DcKeyState>,
    now: () => number,
    opening: KeyOpening,
  ): Promise<ObtainedKey> {
    let own: ObtainedKey | undefined;
    const isGood = (state: TemporaryKeyState): boolean =>
      state.authKey !== opening.replaced && this.#isUsable(state);
    const state = await this.#slot.obtain(isGood, async () => {
      opening.deadline.throwIfAborted();
      const events: ClientEvent[] = [];
      const { session, ...made } = await this.#make(opening, now, events);
      own = { ...made, session, events };
      return made;
    });
    return own ?? state;
  }

  /** Takes note of a changed salt, which is the key's own, or time, which is the machine's. */
  update(state: DcKeyState): void {
    const { permanent } = this.#options;
    this.#slot.update(state);
    const { timeOffset } = state;
    if (permanent.state !== undefined) permanent.update({ ...permanent.state, timeOffset });
  }

  /** Takes note of a call that may have signed somebody in. */
  markUsed(): void {
    this.#options.permanent.markUsed();
  }

  /** Gives the key up. The permanent one stays. */
  doubt(authKey: AuthKey): void {
    this.#slot.drop(authKey);
  }

  /** Renews the key in time, while a connection is open. */
  async keepFresh(user: KeyUser, signal: AbortSignal): Promise<void> {
    await keepFresh({ ...this.#options, slot: this.#slot, user }, signal);
  }

  /**
   * Returns whether an error is about the key: it is not bound any more, or nobody is signed in
   * with it, though that was so before. At the home, and for a fresh key, the latter is believed.
   * Gives the key up, and makes the call again, at most three times.
   */
  takesBlame(
    { message, call }: CallEvent & { readonly type: "error" },
    session: ClientSession | undefined,
    invocations: Invocations,
  ): boolean {
    const { isHome, clock, logger, dcId } = this.#options;
    if (session === undefined) return false;
    const { authKey } = session;
    const isReplaced = this.#slot.state?.authKey !== authKey;
    const isOld = isReplaced || this.age(clock.monotonic()) >= BELIEVED_FOR;
    const isLost = LOST_USER.includes(message) && isOld && !isHome();
    if (!isLost && message !== "AUTH_KEY_PERM_EMPTY") return false;
    this.doubt(authKey);
    logger.info(`DC ${dcId} answered ${message}: another temporary key is made`);
    return invocations.again(call, (invocation) => {
      const repeats = this.#repeats.get(invocation) ?? 0;
      this.#repeats.set(invocation, repeats + 1);
      return repeats < MAX_REPEATS;
    });
  }

  /**
   * The place of the key. A connection keeps it, also when the data center gets another permanent
   * key beside this one: then it is a former connection, whose calls may end.
   */
  get #slot(): KeySlot {
    const { dcId, temporaryKeys, addresses, permanent } = this.#options;
    const id = addresses.areForFiles ? -dcId : dcId;
    const own = this.#slots.get(id);
    if (own !== undefined) return own;
    const known = temporaryKeys.get(id);
    const slot = known?.isFor(permanent) ? known : new KeySlot();
    slot.permanent = permanent;
    temporaryKeys.set(id, slot);
    this.#slots.set(id, slot);
    return slot;
  }

  #isUsable({ permanentId, expiresAt, timeOffset }: TemporaryKeyState): boolean {
    const { permanent, clock } = this.#options;
    return permanent.state?.authKey.idHex === permanentId &&
      clock.now() + timeOffset < expiresAt - LEAST_LIFETIME;
  }

  async #make(
    opening: KeyOpening,
    now: () => number,
    events: ClientEvent[],
  ): Promise<TemporaryKeyState & { readonly session: ClientSession }> {
    const { made, permanent } = await this.#exchange(opening, now);
    const { random } = this.#options;
    const { over } = opening;
    const serverTime = over.now() + made.timeOffset;
    const expiresAt = Math.floor(serverTime / 1000) + LIFETIME;
    const timeOffset = made.timeOffset - over.apart;
    const session = over.begin({ ...made, timeOffset }, { synchronized: true });
    await this.#bind({ session, permanent, expiresAt, events, opening, random }, now);
    return {
      authKey: made.authKey,
      serverSalt: session.serverSalt,
      timeOffset: session.timeOffset - over.apart,
      permanentId: permanent.idHex,
      expiresAt: expiresAt * 1000,
      renewAt: expiresAt * 1000 - renewedBefore(random),
      session,
    };
  }

  /**
   * Makes a temporary key, and a permanent one at the same time if there is none. If that fails,
   * the next attempt makes one after the other, as Telegram's own clients do.
   */
  async #exchange(
    opening: KeyOpening,
    now: () => number,
  ): Promise<{ readonly made: AuthKeyResult; readonly permanent: AuthKey }> {
    const { stream, packets, deadline, over } = opening;
    const { dcId } = over;
    const { keys, random, addresses } = this.#options;
    // Abortable: a stream may go on after it was closed.
    const create = (all: Parameters<typeof createAuthKeys>[3]): Promise<AuthKeyResult[]> =>
      abortable(createAuthKeys(stream, packets, over.now, all), deadline);
    const forPermanent = { keys, random, dcId };
    const forTemporary = {
      ...forPermanent,
      dcId: addresses.areForFiles ? -dcId : dcId,
      expiresIn: LIFETIME,
    };
    let made: AuthKeyResult | undefined;
    const slot = this.#slot;
    const permanent = await this.#options.permanent.obtain(async () => {
      const isTogether = !slot.isSerial;
      slot.isSerial = isTogether;
      const [first, second] = await create(
        isTogether ? [forPermanent, forTemporary] : [forPermanent],
      ).catch((cause) => {
        // A server that makes one key at a time mixes two exchanges up. Alone, a check is final.
        if (!isTogether || !(cause instanceof SecurityError)) throw cause;
        const text = "Cannot make two keys at the same time: they are made one after the other.";
        throw new ConnectionError(text, { cause });
      });
      slot.isSerial = false;
      made = second;
      return { ...first, timeOffset: first.timeOffset - over.apart };
    }, now);
    made ??= (await create([forTemporary]))[0];
    return { made, permanent: permanent.authKey };
  }

  /** Binds the key, or finds out what is wrong with the permanent one. */
  async #bind(binder: Binder, now: () => number): Promise<void> {
    const { permanent, dcId, logger } = this.#options;
    const slot = this.#slot;
    const refusal = await bind(binder);
    if (refusal === undefined) {
      slot.refusedSince = undefined;
      slot.boundAt = now();
      return;
    }
    const what = `Cannot bind a temporary key to DC ${dcId}: Telegram answered ${refusal}.`;
    if (refusal !== "ENCRYPTED_MESSAGE_INVALID") {
      throw new ConnectionError(`${what} Calls wait: without one, no call is made.`);
    }
    slot.refusedSince ??= now();
    const patience = now() - slot.boundAt < PROVEN_FOR ? PATIENCE : KEY_SPREADS_IN;
    const isYoung = permanent.age(now()) < KEY_SPREADS_IN;
    if (isYoung || now() - slot.refusedSince < patience) {
      throw new ConnectionError(`${what} It may not know our permanent key everywhere yet.`);
    }
    if (permanent.state !== undefined && await isKnown(permanent.state, binder.opening)) {
      throw new ConnectionError(
        `${what} It knows our permanent key, so this is no fault of the session. Try again ` +
          "later, or switch forwardSecrecy off.",
      );
    }
    logger.warn(`DC ${dcId} does not know our permanent key: a new one is created`);
    permanent.doubt(binder.permanent);
    if (slot.state !== undefined) slot.drop(slot.state.authKey);
    throw new ConnectionError(`${what} It does not know our permanent key. Sign in again.`);
  }
}
