/**
 * The authorizations, that is, the devices on which accounts are signed in:
 * https://core.telegram.org/api/auth
 *
 * An authorization begins with one auth key. Export and import add a key on another data center;
 * signing out ends the authorization with all of its keys.
 */
import { equalBytes } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";
import { type Caller, type CallerDevice, keyOf } from "../caller.ts";
import { badRequest } from "../failure.ts";
import type { Account } from "./account.ts";
import { randomHash } from "./random_values.ts";

/** One device of an account. Times are Unix seconds. */
export interface Device {
  /** Names it among the account's devices. */
  readonly hash: bigint;
  /** From `initConnection`. */
  readonly apiId?: number;
  /** The data center where it signed in. */
  readonly dcId: number;
  /** The auth key with which it signed in, hex. */
  readonly authKeyId: string;
  /** When it signed in, in Unix seconds. */
  readonly created: number;
  /** When it last called a method, in Unix seconds. */
  readonly active: number;
  /** The client's description of itself. */
  readonly client?: CallerDevice;
  /** Until when it is unconfirmed, in Unix seconds; undefined once it is confirmed. */
  readonly unconfirmedUntil?: number;
  /** Whether it refuses secret chats. */
  readonly encryptedRequestsDisabled?: boolean;
  /** Whether it refuses calls. */
  readonly callRequestsDisabled?: boolean;
}

/** A device and its account. */
export interface Authorization extends Device {
  readonly account: Account;
  active: number;
  unconfirmedUntil?: number;
  encryptedRequestsDisabled?: boolean;
  callRequestsDisabled?: boolean;
}

/** An exported authorization that no key has imported yet. */
interface Transfer {
  readonly authorization: Authorization;
  readonly bytes: Uint8Array;
  readonly dcId: number;
  readonly expiresAtSeconds: number;
}

const FIRST_SEQ = 1;
const TRANSFER_LIFETIME_SECONDS = 60;
/** An unconfirmed device confirms itself after this time: `authorization_autoconfirm_period`. */
const AUTOCONFIRM_SECONDS = 604_800;

/** All authorizations. */
export class Authorizations {
  readonly #random: Random;
  readonly #nowSeconds: () => number;
  readonly #byKey = new Map<string, Authorization>();
  /** The keys of authorizations that are void, as two programs used them at once. */
  readonly #void = new Set<string>();
  readonly #awaitingPassword = new Map<string, Account>();
  readonly #transfers: Transfer[] = [];
  /** The numbers of the packets of updates, by auth key. */
  readonly #seqs = new Map<string, number>();

  /** The clock counts Unix seconds. */
  constructor(random: Random, nowSeconds: () => number) {
    this.#random = random;
    this.#nowSeconds = nowSeconds;
  }

  /** Returns the authorization of the caller's key. */
  get(caller: Caller): Authorization | undefined {
    return this.#byKey.get(keyOf(caller));
  }

  /** Returns the account whose code the caller has entered, if its password is still missing. */
  awaitingPassword(caller: Caller): Account | undefined {
    return this.#awaitingPassword.get(keyOf(caller));
  }

  /** Returns the devices of an account, the oldest first. */
  of(account: Account): readonly Authorization[] {
    const all = [...this.#byKey.values()].filter((one) => one.account === account);
    return [...new Set(all)];
  }

  /** Returns the ids of all auth keys that are signed in to an account. */
  authKeyIds(account: Account): readonly string[] {
    const keys = [...this.#byKey].filter(([, one]) => one.account === account);
    return keys.map(([key]) => key.slice(key.indexOf("/") + 1));
  }

  /** Returns the seq of the packets to an auth key. */
  seq(authKeyId: string): number {
    return this.#seqs.get(authKeyId) ?? FIRST_SEQ;
  }

  /** Returns the seq of the next packet to an auth key. */
  nextSeq(authKeyId: string): number {
    const seq = this.seq(authKeyId) + 1;
    this.#seqs.set(authKeyId, seq);
    return seq;
  }

  /** Returns a hash for a new device. */
  newHash(): bigint {
    return randomHash(this.#random);
  }

  /**
   * Signs the caller's key in to an account.
   *
   * @param approvedHash The hash of a device that another device has approved by its login token:
   * such a device is confirmed from the start
   */
  signIn(caller: Caller, account: Account, approvedHash?: bigint): Authorization {
    const now = Math.floor(this.#nowSeconds());
    const isConfirmed = approvedHash !== undefined || this.of(account).length === 0;
    const authorization = {
      hash: approvedHash ?? this.newHash(),
      account,
      apiId: caller.apiId,
      dcId: caller.dcId,
      authKeyId: caller.authKeyId,
      created: now,
      active: now,
      client: caller.device,
      unconfirmedUntil: isConfirmed ? undefined : now + AUTOCONFIRM_SECONDS,
    };
    this.#setKey(caller, authorization);
    return authorization;
  }

  /** Records that the caller has entered the code and must still enter the password. */
  awaitPassword(caller: Caller, account: Account): void {
    this.#byKey.delete(keyOf(caller));
    this.#awaitingPassword.set(keyOf(caller), account);
  }

  /** Ends an authorization on all data centers. */
  end(authorization: Authorization): void {
    for (const [key, one] of this.#byKey) if (one === authorization) this.#byKey.delete(key);
  }

  /** Ends the caller's authorization. None of its keys can be used again. */
  void(caller: Caller): void {
    const authorization = this.get(caller);
    if (authorization === undefined) return;
    for (const [key, one] of this.#byKey) if (one === authorization) this.#void.add(key);
    this.end(authorization);
  }

  /** Whether {@linkcode Authorizations.void} ended the authorization of the caller's key. */
  isVoid(caller: Caller): boolean {
    return this.#void.has(keyOf(caller));
  }

  /** Forgets an auth key, which has been destroyed. */
  forget(caller: Pick<Caller, "dcId" | "authKeyId">): void {
    this.#byKey.delete(keyOf(caller));
    this.#void.delete(keyOf(caller));
    this.#awaitingPassword.delete(keyOf(caller));
  }

  /** Returns the bytes with which a key of another data center joins an authorization, once. */
  export(authorization: Authorization, dcId: number): Uint8Array {
    const bytes = this.#random(128);
    const expiresAtSeconds = this.#nowSeconds() + TRANSFER_LIFETIME_SECONDS;
    this.#transfers.push({ authorization, bytes, dcId, expiresAtSeconds });
    return bytes;
  }

  /** Lets the caller's key join the authorization that was exported with these bytes. */
  import(caller: Caller, userId: bigint, bytes: Uint8Array): Authorization {
    const index = this.#transfers.findIndex((transfer) =>
      transfer.dcId === caller.dcId && equalBytes(transfer.bytes, bytes)
    );
    if (index < 0) throw badRequest("AUTH_BYTES_INVALID");
    if (this.#transfers[index].authorization.account.id !== userId) {
      throw badRequest("USER_ID_INVALID");
    }
    const [{ authorization, expiresAtSeconds }] = this.#transfers.splice(index, 1);
    const isSignedOut = ![...this.#byKey.values()].includes(authorization);
    if (isSignedOut || this.#nowSeconds() >= expiresAtSeconds) {
      throw badRequest("AUTH_BYTES_INVALID");
    }
    this.#setKey(caller, authorization);
    return authorization;
  }

  #setKey(caller: Caller, authorization: Authorization): void {
    this.#awaitingPassword.delete(keyOf(caller));
    this.#byKey.set(keyOf(caller), authorization);
  }
}
