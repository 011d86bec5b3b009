/**
 * The API side of the offline Telegram: accounts, bots, sign-in and messages, as a strict
 * synchronous state machine over TL objects. The MTProto server around it delivers requests and
 * answers.
 *
 * @module
 */
export type { Caller, CallerDevice } from "./caller.ts";
export { RpcFailure, unknownMethod } from "./failure.ts";
export { OfflineApi, type ScriptedFailure } from "./offline_api.ts";
export type { AccountOptions, BotOptions, CodePrice } from "./state/account.ts";
export type { Device } from "./state/authorizations.ts";
export type { FileRules } from "./state/files.ts";
export type { NewFile } from "./state/new_file.ts";
export type { Delivery } from "./state/login_codes.ts";
export {
  type DcAddress,
  type OfflineOptions,
  TEST_ACCOUNTS,
  TEST_API_HASH,
  TEST_API_ID,
  TEST_BOTS,
  type UpdateLimits,
} from "./state/options.ts";
export { testCdnKey, testRsaKey, testRsaKeys } from "./test_rsa_keys.ts";
