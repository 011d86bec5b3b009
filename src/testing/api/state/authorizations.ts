// Who is signed in where: https://core.telegram.org/api/auth
// An authorization is one device of an account. It begins with one auth key, and may hold one on each other data
// center (export and import); signing out ends it with all of them.

import { bytesToBigInt, equalBytes } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";
import type { Account } from "./account.ts";
import type { Caller, CallerDevice } from "../caller.ts";
import { badRequest } from "../failure.ts";

/** One device of an account. */
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
  /** What the client calls itself. */
  readonly client?: CallerDevice;
  /** Until when it counts as unconfirmed, in Unix seconds; undefined once it is confirmed. */
  readonly unconfirmedUntil?: number;
  /** Whether it takes no secret chats. */
  readonly encryptedRequestsDisabled?: boolean;
  /** Whether it takes no calls. */
  readonly callRequestsDisabled?: boolean;
}

/** A device, and whose it is. */
export interface Authorization extends Device {
  readonly account: Account;
  active: number;
  unconfirmedUntil?: number;
  encryptedRequestsDisabled?: boolean;
  callRequestsDisabled?: boolean;
}

interface Transfer {
  readonly authorization: Authorization;
  readonly bytes: Uint8Array;
  readonly dcId: number;
  readonly expires: number;
}

const TRANSFER_SECONDS = 60;
/** After so long an unconfirmed device counts as confirmed: `authorization_autoconfirm_period`. */
const CONFIRM_SECONDS = 604_800;

/** Names an auth key on a data center. */
export function keyOf(caller: Pick<Caller, "dcId" | "authKeyId">): string {
  return `${caller.dcId}/${caller.authKeyId}`;
}

/** All authorizations. */
export class Authorizations {
  readonly #random: Random;
  readonly #now: () => number;
  readonly #byKey = new Map<string, Authorization>();
  readonly #awaitingPassword = new Map<string, Account>();
  readonly #transfers: Transfer[] = [];

  constructor(random: Random, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  /** Who is signed in with the caller's key. */
  get(caller: Caller): Authorization | undefined {
    return this.#byKey.get(keyOf(caller));
  }

  /** Whose code the caller has entered, but not yet the password. */
  awaitingPassword(caller: Caller): Account | undefined {
    return this.#awaitingPassword.get(keyOf(caller));
  }

  /** The devices of an account, the oldest first. */
  of(account: Account): readonly Authorization[] {
    const all = [...this.#byKey.values()].filter((one) => one.account === account);
    return [...new Set(all)];
  }

  /** The ids of all auth keys that are signed in to an account. */
  authKeyIds(account: Account): readonly string[] {
    const keys = [...this.#byKey].filter(([, one]) => one.account === account);
    return keys.map(([key]) => key.slice(key.indexOf("/") + 1));
  }

  /** A number for one more device. */
  newHash(): bigint {
    return bytesToBigInt(this.#random(7));
  }

  /** Signs the caller's key in. A device that was approved from another one has its number already, and is confirmed. */
  signIn(caller: Caller, account: Account, approved?: bigint): Authorization {
    const now = Math.floor(this.#now());
    const isTrusted = approved !== undefined || this.of(account).length === 0;
    const authorization = {
      hash: approved ?? this.newHash(),
      account,
      apiId: caller.apiId,
      dcId: caller.dcId,
      authKeyId: caller.authKeyId,
      created: now,
      active: now,
      client: caller.device,
      unconfirmedUntil: isTrusted ? undefined : now + CONFIRM_SECONDS,
    };
    this.#awaitingPassword.delete(keyOf(caller));
    this.#byKey.set(keyOf(caller), authorization);
    return authorization;
  }

  /** Notes that the caller has entered the code, and still owes the password. */
  awaitPassword(caller: Caller, account: Account): void {
    this.#byKey.delete(keyOf(caller));
    this.#awaitingPassword.set(keyOf(caller), account);
  }

  /** Ends an authorization on all data centers. */
  end(authorization: Authorization): void {
    for (const [key, one] of this.#byKey) if (one === authorization) this.#byKey.delete(key);
  }

  /** Forgets an auth key, as when it is destroyed. */
  forget(caller: Pick<Caller, "dcId" | "authKeyId">): void {
    this.#byKey.delete(keyOf(caller));
    this.#awaitingPassword.delete(keyOf(caller));
  }

  /** Bytes with which a key of another data center joins an authorization, once and soon. */
  export(authorization: Authorization, dcId: number): Uint8Array {
    const bytes = this.#random(128);
    this.#transfers.push({ authorization, bytes, dcId, expires: this.#now() + TRANSFER_SECONDS });
    return bytes;
  }

  /** Lets the caller's key join the authorization that those bytes came from. */
  import(caller: Caller, userId: bigint, bytes: Uint8Array): Authorization {
    const index = this.#transfers.findIndex((transfer) =>
      transfer.dcId === caller.dcId && equalBytes(transfer.bytes, bytes)
    );
    if (index < 0) throw badRequest("AUTH_BYTES_INVALID");
    if (this.#transfers[index].authorization.account.id !== userId) {
      throw badRequest("USER_ID_INVALID");
    }
    const [{ authorization, expires }] = this.#transfers.splice(index, 1);
    const signedOut = ![...this.#byKey.values()].includes(authorization);
    if (signedOut || this.#now() >= expires) throw badRequest("AUTH_BYTES_INVALID");
    this.#awaitingPassword.delete(keyOf(caller));
    this.#byKey.set(keyOf(caller), authorization);
    return authorization;
  }
}
