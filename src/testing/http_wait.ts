/**
 * The waits of a request over HTTP, as http_wait names them.
 * https://core.telegram.org/mtproto/service_messages#http-waitlong-poll
 */

/** How long an answer may be held back, in milliseconds. */
export interface HttpWait {
  readonly maxDelay: number;
  readonly waitAfter: number;
  readonly maxWait: number;
}

/** The waits of a request without http_wait. */
export const DEFAULT_WAIT: HttpWait = { maxDelay: 0, waitAfter: 0, maxWait: 25_000 };
