/**
 * The errors of calls that do not get through. Each call has an error of its own, with the stack of
 * its caller; the common reason is its `cause`.
 */
import { SecurityError } from "../mtproto/mod.ts";
import { ConnectionError } from "../net/mod.ts";

/** The facts of {@linkcode unreachable}. */
export interface Unreachable {
  readonly dcId: number;
  /** The number of attempts. */
  readonly attempts: number;
  /** How long it was tried. */
  readonly seconds: number;
  /** Why the last attempt failed. */
  readonly cause: Error | undefined;
}

/** Returns the error for a connection whose key another program may be using. */
export function notHeld(dcId: number): ConnectionError {
  return new ConnectionError(
    `Cannot connect to DC ${dcId}: this program does not hold its session now. Check its store.`,
  );
}

/** Returns the error for calls with a key that Telegram has made void. */
export function keyIsVoid(): ConnectionError {
  return new ConnectionError(
    "Cannot go on: two programs used this session at the same time, and Telegram has ended it. " +
      "Sign in again, and use each session in one program (see docs/sessions.md).",
  );
}

/** Returns the error for calls of a client that was disconnected. */
export function disconnected(): ConnectionError {
  return new ConnectionError("Cannot go on: the client was disconnected");
}

/** Returns the error for a call that could not be sent, because nothing was reached. */
export function unreachable({ dcId, attempts, seconds, cause }: Unreachable): ConnectionError {
  const tried = attempts > 1 ? `${attempts} connections failed, the last one: ` : "";
  const why = cause === undefined ? "nothing answers. Check the network, or use a VPN." : "";
  return new ConnectionError(
    `Cannot reach DC ${dcId} for ${seconds} s: ${tried}${why}${cause?.message ?? ""}`,
    { cause, proxyFault: (cause as ConnectionError | undefined)?.proxyFault },
  );
}

/** Returns the error for a call that was lost with several connections. */
export function lostTooOften(dcId: number, losses: number, cause: Error): ConnectionError {
  return new ConnectionError(
    `Cannot get a call through to DC ${dcId}: ${losses} connections broke with it under way, the ` +
      `last one: ${cause.message}`,
    { cause },
  );
}

/** Returns an error like this one, which is its `cause`. */
export function copyOfError(cause: Error): Error {
  if (cause instanceof ConnectionError) {
    const { permanent, proxyFault } = cause;
    return new ConnectionError(cause.message, { cause, permanent, proxyFault });
  }
  if (cause instanceof SecurityError) {
    return new SecurityError(cause.check, cause.message, { cause });
  }
  const copy: Error = Object.create(Object.getPrototypeOf(cause), {
    ...Object.getOwnPropertyDescriptors(cause),
    cause: { value: cause, configurable: true, writable: true },
  });
  return copy;
}
