/**
 * The API side of the offline Telegram: accounts, bots, sign-in and messages, as a strict synchronous state machine
 * over TL objects. The MTProto server around it brings requests and carries answers.
 *
 * @module
 */
export type { AccountOptions, BotOptions } from "./state/account.ts";
export type { Device } from "./state/authorizations.ts";
export type { Caller, CallerDevice } from "./caller.ts";
export { RpcFailure, unknownMethod } from "./failure.ts";
export { testRsaKey, testRsaKeys } from "./test_rsa_keys.ts";
export type { Delivery } from "./state/login_codes.ts";
export { OfflineApi, type ScriptedFailure } from "./offline_api.ts";
export type { CodePrice } from "./objects/sent_code.ts";
export {
  type DcAddress,
  type OfflineOptions,
  TEST_ACCOUNTS,
  TEST_API_HASH,
  TEST_API_ID,
  TEST_BOTS,
} from "./state/server_state.ts";
