/**
 * The binding of temporary keys, which few programs need: https://core.telegram.org/api/pfs
 */
export * from "./binding_message.ts";
