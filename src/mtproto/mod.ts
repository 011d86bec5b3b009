/**
 * Floor 4, MTProto 2.0 without input and output: key exchange, plain and encrypted messages,
 * sessions. https://core.telegram.org/mtproto
 * Private until 1.0, except {@linkcode SecurityError}.
 */
export * from "./auth_key.ts";
export type * from "./client_event.ts";
export * from "./client_session.ts";
export type * from "./client_session_options.ts";
export * from "./container.ts";
export * from "./encrypted_session.ts";
export * from "./envelope.ts";
export { forgetOldest } from "./forget_oldest.ts";
export * from "./inflate.ts";
export * from "./key_exchange.ts";
export * from "./key_exchange_server.ts";
export * from "./msg_id.ts";
export * from "./plain_message.ts";
export * from "./received_ids.ts";
export type { FutureSalt } from "./salts.ts";
export * from "./security_error.ts";
export { Unpacker } from "./unpacker.ts";
