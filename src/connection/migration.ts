/**
 * Following an account to the data center where it lives:
 * https://core.telegram.org/api/datacenter#user-migration
 */
import { ConnectionError } from "../net/mod.ts";
import { abortable, type Logger } from "../runtime/mod.ts";
import { RpcError } from "./rpc_error.ts";

/** A client whose home data center can change. */
export interface MovableHome {
  readonly log: Logger;
  /** Makes another data center the home. A move that fails leaves the home as it was. */
  moveHome(dcId: number): Promise<void>;
}

/** The error of calls that were under way at a home that moves: they are made at the new one. */
export class HomeMovedError extends ConnectionError {
  constructor(dcId: number) {
    super(`Cannot go on: the account has moved to DC ${dcId}. Make the call again.`);
  }
}

/** Returns whether a call failed because the home has moved meanwhile. */
export function isHomeMoved(error: unknown): boolean {
  return error instanceof ConnectionError &&
    (error instanceof HomeMovedError || error.cause instanceof HomeMovedError);
}

/**
 * Two moves are ordinary: the network's, then the account's. More are a server that sends us in
 * circles.
 */
export const MAX_MOVES = 3;

/** Returns the data center that an error sends the client to; undefined for any other error. */
function migrationTarget(error: unknown): number | undefined {
  const moves = error instanceof RpcError && error.code === 303 &&
    (error.is("PHONE_MIGRATE") || error.is("USER_MIGRATE") || error.is("NETWORK_MIGRATE"));
  return moves ? error.value : undefined;
}

/** Moves the home to the data center of the account. */
export async function moveToAccount(
  home: MovableHome,
  dcId: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  home.log.info(`The account lives in DC ${dcId}: moving there`);
  await abortable(home.moveHome(dcId), signal);
}

/**
 * Makes a call at the home; when Telegram says that the account lives elsewhere, moves there and
 * makes it again.
 */
export async function invokeFollowingMigration<T>(
  home: MovableHome,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T> {
  for (let moves = 0;; moves++) {
    signal?.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      const dcId = migrationTarget(error);
      if (dcId === undefined || moves === MAX_MOVES) throw error;
      await moveToAccount(home, dcId, signal);
    }
  }
}
