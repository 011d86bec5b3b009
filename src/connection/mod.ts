/**
 * Floor 6: the data centers, as functions from requests to results: connections, their keys, and
 * the pool that owns them. Accounts are not known here.
 */
export * from "./addresses.ts";
export { searchOf } from "./blocked/mod.ts";
export { CallOrder, type OrderedCall } from "./call_order.ts";
export * from "./data_centers.ts";
export type { DcAddress } from "./dc_address.ts";
export type { ConnectionStatus } from "./connection_status.ts";
export * from "./dc_connection.ts";
export * from "./dc_key.ts";
export type * from "./dc_options.ts";
export * from "./dc_pool.ts";
export type { ClientInfo } from "./init_connection.ts";
export { disconnected, keyIsVoid } from "./failure.ts";
export { httpPackets } from "./http/mod.ts";
export * from "./migration.ts";
export * from "./retries.ts";
export { isKeyVoid, RpcError } from "./rpc_error.ts";
