/**
 * Making a call again: after a short FLOOD_WAIT, after a failure on Telegram's own side, and, at
 * once and as often as it happens, after the home has moved. A lost connection is not seen here:
 * dc_connection.ts makes its calls again.
 * https://core.telegram.org/api/errors
 */
import type { Clock, Logger } from "../runtime/mod.ts";
import { isHomeMoved } from "./migration.ts";
import { RpcError, withAdvice } from "./rpc_error.ts";

/** Failures within Telegram that say nothing about the call: making it again can help. */
const SERVER_FAILURE =
  /^(RPC_(CALL|MCGET)_FAIL|RPC_CONNECT_FAILED|INTERDC_|WORKER_BUSY|MSG_WAIT|TIMEOUT$)/i;
const KEY_IS_MOVING = "AUTH_KEY_UNSYNCHRONIZED";
const SERVER_FAILURE_DELAY = 1000;

/** How often and how long a call is made again, and by which clock. */
export interface RetryPolicy {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The longest FLOOD_WAIT that is waited out, in seconds. */
  readonly floodSleepThreshold: number;
  /** How often a call is made again. */
  readonly requestRetries: number;
}

/** Makes a call, and makes it again while that can help and the policy allows it. */
export async function withRetries<T>(
  policy: RetryPolicy,
  { method, signal }: { method: string; signal?: AbortSignal },
  call: () => Promise<T>,
): Promise<T> {
  const { clock, logger, requestRetries } = policy;
  for (let retries = 0;;) {
    try {
      return await call();
    } catch (error) {
      if (isHomeMoved(error)) continue;
      const delay = delayBeforeRetry(error, policy);
      if (delay === undefined || retries >= requestRetries) {
        throw withCaller(error instanceof RpcError ? await withAdvice(error) : error);
      }
      logger.info(`${method} is called again in ${delay / 1000} s`);
      await clock.sleep(delay, signal);
      retries++;
    }
  }
}

/** Returns the error, which was made where the answer arrived, with a stack of the caller. */
function withCaller(error: unknown): unknown {
  if (error instanceof Error) Error.captureStackTrace?.(error);
  return error;
}

/** Returns the milliseconds until a failed call is made again; undefined if it is not. */
function delayBeforeRetry(
  error: unknown,
  { floodSleepThreshold }: RetryPolicy,
): number | undefined {
  if (!(error instanceof RpcError)) return undefined;
  const { seconds, errorMessage } = error;
  if (seconds !== undefined) return seconds <= floodSleepThreshold ? seconds * 1000 : undefined;
  const isOurs = !SERVER_FAILURE.test(errorMessage) && errorMessage !== KEY_IS_MOVING;
  return isOurs ? undefined : SERVER_FAILURE_DELAY;
}
