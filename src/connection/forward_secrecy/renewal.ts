/**
 * The renewal of a temporary key, an hour before its end by the clock of Telegram. Another
 * connection makes and binds the new key, or gets the one that a connection beside has made, while
 * the old one goes on:
 *
 * | step    | ends                                     | and then                               |
 * |---------|------------------------------------------|----------------------------------------|
 * | waiting | when it is time, or the key has changed  | the next connection is made ready      |
 * | making  | with the new key                         | busy: the old connection is in use     |
 * | making  | with an error                            | after 1, 2, 4 … 60 s, made again       |
 * | busy    | when no call is under way; or after 60 s | the old connection is left             |
 * |         |                                          | new calls wait, for 30 s at most       |
 * | holding | when all old calls are answered, or late | the old connection is left; unanswered |
 * |         |                                          | calls move over                        |
 */
import { ConnectionError } from "../../net/mod.ts";
import {
  type Clock,
  errorOf,
  type Logger,
  noticingSleep,
  type Random,
  withDeadline,
} from "../../runtime/mod.ts";
import type { KeyUser } from "../connection_key.ts";
import type { KeySlot } from "./key_slot.ts";

/** The parts of a renewal. */
export interface RenewalOptions {
  readonly dcId: number;
  readonly slot: KeySlot;
  readonly user: KeyUser;
  readonly clock: Clock;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  readonly logger: Logger;
}

const HOUR = 3_600_000; // ms
/** Milliseconds over which the renewals of many programs spread. */
const JITTER = 600_000;
const RETRY_DELAY = 1000; // ms
const MAX_RETRY_DELAY = 60_000; // ms
/** How long to wait for a moment without a call, in milliseconds. */
const QUIET_WAIT = 60_000;
/** How long new calls wait for the old ones, in milliseconds. */
const MAX_HOLD = 30_000;

/** Returns how long before its end a key is renewed, in milliseconds. */
export function renewedBefore(random: Random): number {
  const [high, low] = random(2);
  return HOUR + JITTER * ((high << 8 | low) / 0x10000);
}

/** Renews the key of an open connection once; the connection ends then. */
export async function keepFresh(options: RenewalOptions, signal: AbortSignal): Promise<void> {
  const { dcId, user, clock, timeout, logger, slot } = options;
  const { authKey } = user.session;
  const left = (): number => {
    const { state } = slot;
    if (state?.authKey !== authKey) return 0; // another connection has changed it
    return state.renewAt - (user.now() + user.session.timeOffset);
  };
  const late = (): Error => new ConnectionError(`No answer in ${timeout / 1000} s.`);
  // A timer alone does not tell: a computer may sleep.
  for (let ms; (ms = left()) > 0;) {
    await slot.change.during(signal, async (either) => {
      await noticingSleep(clock, ms, either);
    });
  }
  for (let delay = RETRY_DELAY;; delay = Math.min(2 * delay, MAX_RETRY_DELAY)) {
    try {
      await withDeadline({ clock, timeout, signal, late }, user.prepareNext);
      break;
    } catch (error) {
      signal.throwIfAborted();
      const said = errorOf(error).message;
      logger.warn(`Cannot renew the temporary key of DC ${dcId}, it is tried again: ${said}`);
      await clock.sleep(delay, signal);
    }
  }
  logger.info(`DC ${dcId} has a new temporary key`);
  await leave(options, signal);
}

/** Leaves the connection when no call is under way, or at the latest after a minute and a half. */
async function leave(
  { user: { invocations, link }, clock }: RenewalOptions,
  signal: AbortSignal,
): Promise<void> {
  const callsEnded = async (): Promise<void> => {
    await Promise.allSettled([...invocations].map(({ result }) => result));
  };
  const within = async (timeout: number, work: () => Promise<void>): Promise<void> => {
    const late = (): Error => new Error("The calls take long");
    await withDeadline({ clock, timeout, signal, late }, work).catch(() => {});
    signal.throwIfAborted();
  };
  await within(QUIET_WAIT, async () => {
    while (invocations.size > 0) await callsEnded();
  });
  if (invocations.size > 0) {
    invocations.hold();
    await within(MAX_HOLD, callsEnded);
  }
  link.close();
}
