/** The text of a lease: who holds a session, and since when. It is JSON, and holds no secret. */
import type { Holder } from "./lease_holder.ts";

/** The fields of the text. */
export interface LeaseText {
  /** The program that holds the lease. */
  readonly holder: Holder;
  /** Random, and new for each lease taken. */
  readonly token: string;
  /** When the lease was taken, in Unix milliseconds by the holder's clock. */
  readonly since: number;
  /** When it ends without a renewal, in Unix milliseconds by the holder's clock. */
  readonly expires: number;
  /** The time from a renewal to `expires`, in milliseconds. */
  readonly duration: number;
  /** The number of renewals, so that each renewal changes the text. */
  readonly beat: number;
  /** Whether the holder also holds the lock of the store, which the system frees when it ends. */
  readonly locked?: boolean;
}

/** Reads the text of a lease; returns `undefined` for any other text. */
export function readLease(text: string): LeaseText | undefined {
  try {
    const { holder, token, since, expires, duration, beat, locked } = JSON.parse(text);
    const isWhole = typeof holder?.name === "string" && typeof token === "string" &&
      [since, expires, duration, beat].every(Number.isFinite);
    return isWhole ? { holder, token, since, expires, duration, beat, locked } : undefined;
  } catch {
    return undefined;
  }
}

/** The fields of an error that name the program with a lease. An unknown lease has no fields. */
export function holderOf(lease: LeaseText | undefined): { holder?: string; since?: Date } {
  return lease === undefined ? {} : { holder: lease.holder.name, since: new Date(lease.since) };
}
