/**
 * The temporary key of a connection: makes it, binds it, and gives it up.
 * https://core.telegram.org/api/pfs. dc_key.ts has its states; renewal.ts renews it in time.
 *
 * Nothing takes its place: while no temporary key can be bound, calls wait, and fail in the end with
 * the reason. The permanent key encrypts a packet only to find out whether Telegram still has that
 * key, and that packet says nothing of the user.
 */
import type { RsaPublicKey } from "../../crypto/mod.ts";
import type { AuthKey, AuthKeyResult, ClientEvent, ClientSession } from "../../mtproto/mod.ts";
import { ConnectionError } from "../../net/mod.ts";
import { abortable, type Clock, type Logger, type Random } from "../../runtime/mod.ts";
import type { ConnectionKey, DcKey, DcKeyState, KeyOpening, ObtainedKey } from "../dc_key.ts";
import type { KeyUser } from "../dc_key.ts";
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
/** The errors that may be about the temporary key rather than about the user. */
const LOST_USER = ["AUTH_KEY_UNREGISTERED", "SESSION_REVOKED"];

/** The temporary key of one connection, which it shares with others. */
export class TemporaryKey implements ConnectionKey {
  readonly #options: TemporaryKeyOptions;

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
   * Whether an error is about the key, which is given up then: it is not bound any more, or nobody
   * is signed in with it, though that was so before. At the home, and for a fresh key, the latter is
   * believed.
   */
  isToBlameFor(errorMessage: string, authKey: AuthKey): boolean {
    const { isHome, clock, logger, dcId } = this.#options;
    const isReplaced = this.#slot.state?.authKey !== authKey;
    const isOld = isReplaced || this.age(clock.monotonic()) >= BELIEVED_FOR;
    const isLost = LOST_USER.includes(errorMessage) && isOld && !isHome();
    if (!isLost && errorMessage !== "AUTH_KEY_PERM_EMPTY") return false;
    logger.info(`DC ${dcId} answered ${errorMessage}: another temporary key is made`);
    this.doubt(authKey);
    return true;
  }

  get #slot(): KeySlot {
    const { dcId, temporaryKeys, addresses } = this.#options;
    const id = addresses.areForFiles ? -dcId : dcId;
    const known = temporaryKeys.get(id);
    const slot = known ?? new KeySlot();
    if (known === undefined) temporaryKeys.set(id, slot);
    return slot;
  }

  #isUsable({ permanentId, expiresAt, timeOffset }: TemporaryKeyState): boolean {
    const { permanent, clock } = this.#options;
    return permanent.state?.authKey.idHex === permanentId && !permanent.isDoubted &&
      clock.now() + timeOffset < expiresAt - LEAST_LIFETIME;
  }

  async #make(
    opening: KeyOpening,
    now: () => number,
    events: ClientEvent[],
  ): Promise<TemporaryKeyState & { readonly session: ClientSession }> {
    const { made, permanent } = await this.#exchange(opening, now);
    const { random } = this.#options;
    const serverTime = opening.now() + made.timeOffset;
    const expiresAt = Math.floor(serverTime / 1000) + LIFETIME;
    const timeOffset = made.timeOffset - opening.apart();
    const session = opening.begin({ ...made, timeOffset }, { synchronized: true });
    await this.#bind({ session, permanent, expiresAt, events, opening, random }, now);
    return {
      authKey: made.authKey,
      serverSalt: session.serverSalt,
      timeOffset: session.timeOffset - opening.apart(),
      permanentId: permanent.idHex,
      expiresAt: expiresAt * 1000,
      renewAt: expiresAt * 1000 - renewedBefore(random),
      session,
    };
  }

  /** Makes a temporary key, and a permanent one at the same time if there is none. */
  async #exchange(
    opening: KeyOpening,
    now: () => number,
  ): Promise<{ readonly made: AuthKeyResult; readonly permanent: AuthKey }> {
    const { stream, packets, deadline, dcId } = opening;
    const { keys, random, addresses } = this.#options;
    // Abortable: a stream may go on after it was closed.
    const create = (all: Parameters<typeof createAuthKeys>[3]): Promise<AuthKeyResult[]> =>
      abortable(createAuthKeys(stream, packets, opening.now, all), deadline);
    const forPermanent = { keys, random, dcId };
    const forTemporary = {
      ...forPermanent,
      dcId: addresses.areForFiles ? -dcId : dcId,
      expiresIn: LIFETIME,
    };
    let made: AuthKeyResult | undefined;
    const permanent = await this.#options.permanent.obtain(async () => {
      const [first, second] = await create([forPermanent, forTemporary]);
      made = second;
      return { ...first, timeOffset: first.timeOffset - opening.apart() };
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
        `${what} It knows our permanent key, so this is no fault of the session. Try again later, ` +
          "or switch forwardSecrecy off.",
      );
    }
    logger.warn(`DC ${dcId} does not know our permanent key: a new one is created`);
    permanent.doubt(binder.permanent);
    throw new ConnectionError(`${what} It does not know our permanent key. Sign in again.`);
  }
}
