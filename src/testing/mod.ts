/**
 * The offline Telegram: an MTProto 2.0 server with accounts and bots, so that programs and tests
 * need no network.
 *
 * @example Sign in to it in memory
 * ```ts
 * import { Client, StringSession } from "@tessera/mtproto";
 * import { OfflineTelegram } from "@tessera/mtproto/testing";
 *
 * await using telegram = new OfflineTelegram();
 * await using client = await Client.open(
 *   new StringSession(),
 *   telegram.apiId,
 *   telegram.apiHash,
 *   telegram.clientOptions,
 * );
 * const bot = await client.botSignIn("777:TESTTOKEN");
 * console.log(bot.isBot); // true
 * ```
 *
 * @module
 */
export * from "./api/mod.ts";
export {
  DcServer,
  type DcServerOptions,
  type ObservedMessage,
  type ObservedPacket,
} from "./dc_server.ts";
export * from "./people/mod.ts";
export {
  MtproxyServer,
  type MtproxyServerOptions,
  type ProxiedTelegram,
} from "./mtproxy_server.ts";
export type { LineSpeed } from "./slow_line.ts";
export type { Trouble } from "./troubles.ts";
export type { DhGenOutcome, KeyExchangeBehaviour } from "../mtproto/mod.ts";
export {
  type OfflineDcAddress,
  type OfflineListenOptions,
  type OfflineMoveOptions,
  OfflineTelegram,
  type OfflineTelegramOptions,
} from "./offline_telegram.ts";
