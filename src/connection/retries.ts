/**
 * Making a call again: Telegram asks for it with a short FLOOD_WAIT, and when something failed on
 * its own side. Lost connections are not seen here; those are mended below.
 * https://core.telegram.org/api/errors
 */
import type { Clock, Logger } from "../runtime/mod.ts";
import { RpcError } from "./rpc_error.ts";

/** Failures within Telegram that say nothing about the call: making it again can help. */
const SERVER_FAILURE = new RegExp(
  "^(RPC_CALL_FAIL|RPC_MCGET_FAIL|RPC_CONNECT_FAILED|INTERDC_|WORKER_BUSY|MSG_WAIT|" +
    "AUTH_KEY_UNSYNCHRONIZED|TIMEOUT$)",
  "i",
);
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

/** Makes a call, and makes it again as long as that can help and the policy allows it. */
export async function withRetries<T>(
  policy: RetryPolicy,
  { method, signal }: { method: string; signal?: AbortSignal },
  call: () => Promise<T>,
): Promise<T> {
  const { clock, logger, requestRetries } = policy;
  for (let retries = 0;; retries++) {
    try {
      return await call();
    } catch (error) {
      const delay = delayBeforeRetry(error, policy);
      if (delay === undefined || retries >= requestRetries) throw withCaller(error);
      logger.info(`${method} is called again in ${delay / 1000} s`);
      await clock.sleep(delay, signal);
    }
  }
}

/** The error, made where the answer arrived, with a stack that leads to whoever called. */
function withCaller(error: unknown): unknown {
  if (error instanceof Error) Error.captureStackTrace?.(error);
  return error;
}

/** Milliseconds after which a failed call may be made again; undefined when it should not be. */
function delayBeforeRetry(
  error: unknown,
  { floodSleepThreshold }: RetryPolicy,
): number | undefined {
  if (!(error instanceof RpcError)) return undefined;
  const { seconds, errorMessage } = error;
  if (seconds !== undefined) return seconds <= floodSleepThreshold ? seconds * 1000 : undefined;
  return SERVER_FAILURE.test(errorMessage) ? SERVER_FAILURE_DELAY : undefined;
}
