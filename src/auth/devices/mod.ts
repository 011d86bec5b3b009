/**
 * The devices and websites of the account. Loaded on first use.
 */
export * from "./device_session.ts";
export * from "./devices.ts";
