/**
 * What the tests of passwords share: accounts with and without a password, and the values that a
 * client computes.
 */
import { concatBytes } from "../../../src/crypto/mod.ts";
import { srpProof, srpVerifier } from "../../../src/crypto/entry.ts";
import type { OfflineApi } from "../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../src/tl/mod.ts";
import { seededRandom } from "../../helpers/seeded_random.ts";
import { ask, assertRefused, caller, type Fixture, fixture, PHONE_2FA, signIn } from "./fixture.ts";

export const EMAIL = "ada@example.com";
export const GET = { _: "account.getPassword" };
export const EMPTY = { _: "inputCheckPasswordEmpty" };
export const UNKNOWN = { _: "passwordKdfAlgoUnknown" };
export const random = seededRandom(11);

export interface Algorithm extends TlObject {
  readonly g: number;
  readonly p: Uint8Array;
  readonly salt1: Uint8Array;
  readonly salt2: Uint8Array;
}

/** Returns a proof of the password, for a new challenge. */
export function proof(api: OfflineApi, password: string, by = caller()): TlObject {
  const state = ask(api, GET, by);
  const parameters = state.currentAlgo as Algorithm;
  const { A, M1 } = srpProof({ password, parameters, srpB: state.srpB as Uint8Array, random });
  return { _: "inputCheckPasswordSRP", srpId: state.srpId, A, M1 };
}

/** Returns a new password in the form that a client sends, with the last offered parameters. */
export function fresh(
  api: OfflineApi,
  password: string,
  changes: Partial<Algorithm> = {},
): TlObject {
  const offered = ask(api, GET).newAlgo as Algorithm;
  const newAlgo = { ...offered, salt1: concatBytes(offered.salt1, random(32)), ...changes };
  const newPasswordHash = srpVerifier(password, newAlgo);
  return { _: "account.passwordInputSettings", newAlgo, newPasswordHash, hint: "a hint" };
}

/** Calls account.updatePasswordSettings. */
export function update(api: OfflineApi, password: TlObject, newSettings: TlObject): unknown {
  return api.handle({ _: "account.updatePasswordSettings", password, newSettings }, caller());
}

/** Returns an API with a signed-in account without a password. */
export function without(): Fixture {
  const state = fixture();
  signIn(state.api);
  return state;
}

/** Returns an API with a signed-in account that has the password hunter2. */
export function withPassword(recoveryEmail?: string, resetPeriod?: number): Fixture {
  const account = { phone: PHONE_2FA, code: "22222", password: "hunter2", recoveryEmail };
  const state = fixture({ accounts: [account], resetPeriod });
  assertRefused(() => signIn(state.api, PHONE_2FA), 401, "SESSION_PASSWORD_NEEDED");
  ask(state.api, { _: "auth.checkPassword", password: proof(state.api, "hunter2") });
  return state;
}

/** Returns an API with a caller who has entered the code, but not yet the password. */
export function owing(recoveryEmail?: string): Fixture {
  const account = { phone: PHONE_2FA, code: "22222", password: "hunter2", recoveryEmail };
  const state = fixture({ accounts: [account] });
  assertRefused(() => signIn(state.api, PHONE_2FA), 401, "SESSION_PASSWORD_NEEDED");
  return state;
}
