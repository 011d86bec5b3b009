/**
 * An offline API with a clock that stands still and seeded random bytes, and callers of it.
 */
import {
  type Caller,
  OfflineApi,
  type OfflineOptions,
  RpcFailure,
  TEST_API_HASH,
  TEST_API_ID,
} from "../../../src/testing/api/mod.ts";
import { API_LAYER, type TlObject } from "../../../src/tl/mod.ts";
import { assertEquals, assertThrows } from "../../helpers/assert.ts";
import "../../helpers/quick_passwords.ts";
import "../../helpers/remembered_powers.ts";
import { seededRandom } from "../../helpers/seeded_random.ts";

export const PHONE = "+9996621111";
export const PHONE_2FA = "+9996622222";
export const TOKEN = "777:TESTTOKEN";
export const API = { apiId: TEST_API_ID, apiHash: TEST_API_HASH };
export const START = 1_750_000_000;

/** An API and its clock, in Unix seconds. */
export interface Fixture {
  readonly api: OfflineApi;
  now: number;
}

export function fixture(options: Partial<OfflineOptions> = {}): Fixture {
  const dcs = [
    { id: 1, host: "127.0.0.1", port: 4431 },
    { id: 2, host: "127.0.0.1", port: 4432 },
  ];
  const clock = { now: START };
  const api = new OfflineApi({ dcs, clock: () => clock.now, random: seededRandom(1), ...options });
  return Object.assign(clock, { api });
}

export function caller(overrides: Partial<Caller> = {}): Caller {
  return {
    dcId: 2,
    authKeyId: "a1",
    sessionId: 1n,
    layer: API_LAYER,
    apiId: TEST_API_ID,
    ...overrides,
  };
}

/** Returns the answer to a request as an object. */
export function ask(api: OfflineApi, request: TlObject, by: Caller = caller()): TlObject {
  return api.handle(request, by) as TlObject;
}

/** Asserts that a call is refused with this code and text. */
export function assertRefused(run: () => unknown, code: number, errorMessage: string): void {
  const failure = assertThrows(run, RpcFailure);
  assertEquals([failure.code, failure.errorMessage], [code, errorMessage]);
}

export function sendCode(api: OfflineApi, phone = PHONE, by: Caller = caller()): string {
  const settings = { _: "codeSettings" };
  const sent = ask(api, { _: "auth.sendCode", phoneNumber: phone, ...API, settings }, by);
  return sent.phoneCodeHash as string;
}

export function signIn(api: OfflineApi, phone = PHONE, by: Caller = caller()): TlObject {
  const phoneCodeHash = sendCode(api, phone, by);
  const phoneCode = api.lastCode(phone) ?? "";
  return ask(api, { _: "auth.signIn", phoneNumber: phone, phoneCodeHash, phoneCode }, by);
}

export function botSignIn(api: OfflineApi, by: Caller = caller(), token = TOKEN): TlObject {
  return ask(api, { _: "auth.importBotAuthorization", flags: 0, ...API, botAuthToken: token }, by);
}

export function sendMessage(
  api: OfflineApi,
  message: string,
  by: Caller = caller(),
  peer: TlObject = { _: "inputPeerSelf" },
  randomId: bigint = BigInt(message.length + 1),
): TlObject {
  return ask(api, { _: "messages.sendMessage", peer, message, randomId }, by);
}
