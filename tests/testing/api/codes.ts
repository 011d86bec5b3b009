/**
 * What the tests of codes share: an account, and the request for its code.
 */
import type { AccountOptions } from "../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../src/tl/mod.ts";
import { API, ask, type Fixture, fixture, PHONE } from "./fixture.ts";

/** Returns the request that enters a code. */
export function signInRequest(
  phoneCodeHash: string,
  phoneCode?: string,
  phoneNumber = PHONE,
): TlObject {
  return { _: "auth.signIn", phoneNumber, phoneCodeHash, phoneCode };
}

export const SETTINGS = { _: "codeSettings" };
export const SEND = { _: "auth.sendCode", phoneNumber: PHONE, ...API, settings: SETTINGS };
export const EMAIL = "ada@example.com";

/** Returns an API with one account. */
export function offline(
  account: Partial<AccountOptions>,
  options: { resetPeriod?: number } = {},
): Fixture {
  return fixture({ accounts: [{ phone: PHONE, code: "22222", ...account }], ...options });
}

/** Sends a code. Returns the fields that name it, the answer, and the type in the answer. */
export function send({ api }: Fixture): { name: TlObject; sent: TlObject; type: TlObject } {
  const sent = ask(api, SEND);
  const name = { _: "", phoneNumber: PHONE, phoneCodeHash: sent.phoneCodeHash };
  return { name, sent, type: sent.type as TlObject };
}
