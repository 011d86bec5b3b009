/**
 * Floor 5: one data center as a function from requests to results. Knows of no accounts and of no other data centers.
 */
export * from "./data_centers.ts";
export * from "./dc_connection.ts";
export type * from "./dc_options.ts";
export type { ClientInfo } from "./init_connection.ts";
export * from "./rpc_error.ts";
