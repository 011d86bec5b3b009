/**
 * What methods check of a password: the proof that the caller knows it, and the settings that
 * replace it. https://core.telegram.org/api/srp
 */
import { bytesToBigInt, equalBytes } from "../../../crypto/mod.ts";
import type { Api } from "../../../tl/mod.ts";
import { keyOf } from "../caller.ts";
import { badRequest } from "../failure.ts";
import type { Account } from "../state/account.ts";
import { checkEmail } from "../state/email_codes.ts";
import { AccountPassword, CLIENT_SALT_LENGTH, type PasswordSettings } from "../state/password.ts";
import type { Call } from "./method.ts";

const VERIFIER_LENGTH = 256;

/** Refuses a wrong proof of the password. An account without a password requires no proof. */
export function checkProof(
  { state, caller }: Call,
  { password }: Account,
  proof: Api.InputCheckPasswordSRP,
): void {
  if (proof._ === "inputCheckPasswordSRP" && password !== undefined) {
    const { srpId, A, M1 } = proof;
    return state.passwordChallenges.answer(keyOf(caller), password, srpId, A, M1);
  }
  if (proof._ === "inputCheckPasswordSRP" || password !== undefined) {
    throw badRequest("PASSWORD_HASH_INVALID");
  }
}

/** Returns the settings that a client asks for; refuses invalid ones. */
export function newSettings(
  call: Call,
  account: Account,
  input: Api.account.passwordInputSettings,
): PasswordSettings {
  if (input.newSecureSettings !== undefined) throw badRequest("NEW_SETTINGS_INVALID");
  const password = newPassword(call, account.password, input);
  if (input.email === undefined) {
    return { password, recoveryEmail: account.twoFactor.recoveryEmail };
  }
  if (input.email === "") return { password, recoveryEmail: undefined };
  if (password === undefined) throw badRequest("NEW_SETTINGS_INVALID");
  checkEmail(input.email);
  return { password, recoveryEmail: input.email };
}

function newPassword(
  { state, caller }: Call,
  old: AccountPassword | undefined,
  { newAlgo, newPasswordHash, hint }: Api.account.passwordInputSettings,
): AccountPassword | undefined {
  if (newAlgo === undefined || newPasswordHash === undefined) {
    if (old === undefined) throw badRequest("NEW_SETTINGS_EMPTY");
    return old;
  }
  // An empty hash removes the password. The page pairs it with passwordKdfAlgoUnknown; Telethon,
  // GramJS and gogram send the offered algorithm.
  if (newPasswordHash.length === 0) {
    if (old === undefined) throw badRequest("NEW_SETTINGS_EMPTY");
    return undefined;
  }
  if (newAlgo._ === "passwordKdfAlgoUnknown") throw badRequest("NEW_SETTINGS_INVALID");
  const offered = state.passwordChallenges.offered(keyOf(caller));
  const { g, p, salt1, salt2 } = newAlgo;
  if (
    offered === undefined || salt1.length !== offered.salt1.length + CLIENT_SALT_LENGTH ||
    !equalBytes(salt1.subarray(0, offered.salt1.length), offered.salt1)
  ) {
    throw badRequest("NEW_SALT_INVALID");
  }
  const isSameGroup = g === offered.g && equalBytes(p, offered.p) &&
    equalBytes(salt2, offered.salt2);
  const verifier = bytesToBigInt(newPasswordHash);
  if (
    !isSameGroup || newPasswordHash.length !== VERIFIER_LENGTH || verifier <= 1n ||
    verifier >= bytesToBigInt(p)
  ) {
    throw badRequest("NEW_SETTINGS_INVALID");
  }
  return new AccountPassword({ g, p, salt1, salt2 }, () => newPasswordHash, hint || undefined);
}
