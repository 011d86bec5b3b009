/** The server's side of a 2FA password, "hunter2": its parameters, and the check of a proof. */
import { TELEGRAM_DH_PRIME } from "../../src/crypto/mod.ts";
import { srpServerChallenge, srpServerCheck, srpVerifier } from "../../src/crypto/entry.ts";
import { systemRandom } from "../../src/runtime/mod.ts";
import type { Api, TlObject } from "../../src/tl/mod.ts";
import { assertEquals } from "./assert.ts";
import "./quick_passwords.ts";
import "./remembered_powers.ts";
import { PASSWORD, refusal } from "./scripted_telegram.ts";

export const PARAMETERS = {
  g: 3,
  p: TELEGRAM_DH_PRIME,
  salt1: Uint8Array.of(1, 2, 3),
  salt2: Uint8Array.of(4, 5, 6),
};
export const ALGO = "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow";

/**
 * What `account.getPassword` answers, and an answer to `auth.checkPassword` that looks at the
 * proof.
 */
export interface ServerPassword {
  password: Api.account.password;
  check: (asked: TlObject) => unknown;
}

/** A password whose right proof is answered with `answer`. */
export function rightPassword(srpId: bigint, answer: unknown): ServerPassword {
  const verifier = srpVerifier(PASSWORD, PARAMETERS);
  const { b, srpB } = srpServerChallenge(PARAMETERS, verifier, systemRandom);
  const unknown: Api.PasswordKdfAlgo = { _: "passwordKdfAlgoUnknown" };
  const password: Api.account.password = {
    _: "account.password",
    hasPassword: true,
    hint: "a pet",
    currentAlgo: { _: ALGO, ...PARAMETERS },
    srpB,
    srpId,
    newAlgo: unknown,
    newSecureAlgo: { _: "securePasswordKdfAlgoUnknown" },
    secureRandom: new Uint8Array(8),
  };
  const check = (asked: TlObject): unknown => {
    const proof = asked.password as Api.inputCheckPasswordSRP;
    assertEquals(proof.srpId, srpId);
    const { A, M1 } = proof;
    const isRight = srpServerCheck({ parameters: PARAMETERS, verifier, b, srpB, A, M1 });
    if (!isRight) throw refusal(400, "PASSWORD_HASH_INVALID", "auth.checkPassword");
    return answer;
  };
  return { password, check };
}
