/**
 * The text of a lease: who holds a session, and since when. It is JSON, and holds no secret. It
 * begins with the token, which renewals leave alone: a store compares this beginning to find out
 * whether a lease is still held.
 */
import type { Holder } from "./lease_holder.ts";

/** The fields of the text. */
export interface LeaseText {
  /** Random, and new for each lease taken. */
  readonly token: string;
  /** The program that holds the lease. */
  readonly holder: Holder;
  /** When the lease was taken, in Unix milliseconds by the holder's clock. */
  readonly since: number;
  /** When it ends without a renewal, in Unix milliseconds by the holder's clock. */
  readonly expires: number;
  /** The duration of the lease, in milliseconds. */
  readonly duration: number;
  /** The number of renewals that were begun. */
  readonly beat: number;
  /** Random, and new for each text: two copies of one virtual machine never write the same text. */
  readonly nonce?: string;
  /** Whether the holder also holds the lock of the store, which the system frees when it ends. */
  readonly locked?: boolean;
  /** The name of the holder's claim in the store, which the system withdraws when it ends. */
  readonly claim?: string;
}

/** Returns the text of a lease. Each call returns another text. */
export function writeLease(lease: LeaseText): string {
  const { token, ...rest } = lease;
  return JSON.stringify({ token, ...rest, nonce: crypto.randomUUID().slice(0, 8) });
}

/** Returns the text that all texts of the lease with this token begin with, and no others. */
export function leasePrefix(token: string): string {
  return JSON.stringify({ token }).slice(0, -1);
}

/** Reads the text of a lease; returns `undefined` for any other text. */
export function readLease(text: string): LeaseText | undefined {
  try {
    const lease = JSON.parse(text);
    const { token, holder, since, expires, duration, beat } = lease;
    const isWhole = typeof holder?.name === "string" && typeof token === "string" &&
      [since, expires, duration, beat].every(Number.isFinite);
    return isWhole ? lease : undefined;
  } catch {
    return undefined;
  }
}

/** The fields of an error that name the program with a lease. An unknown lease has no fields. */
export function holderOf(lease: LeaseText | undefined): { holder?: string; since?: Date } {
  return lease === undefined ? {} : { holder: lease.holder.name, since: new Date(lease.since) };
}
