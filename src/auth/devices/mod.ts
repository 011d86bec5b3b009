/**
 * The devices and websites of the account.
 */
export * from "./device_session.ts";
export * from "./devices.ts";
