/**
 * Floor 6: sessions. What must survive a restart, and where it is kept.
 */
export { Autosave, type AutosaveHost } from "./autosave.ts";
export { type KnownAddresses, SessionDcBook } from "./dc_book.ts";
export { defaultSession } from "./default_session.ts";
export type { KeyValueStore } from "./stores/key_value.ts";
export { MemorySession } from "./memory_session.ts";
export {
  channelPeerId,
  MemoryPeers,
  type Peer,
  type PeerKind,
  type PeerStore,
} from "./peers/peers.ts";
export { findDc } from "./session.ts";
export type {
  DataCenterState,
  Session,
  SessionState,
  SessionUser,
  UpdateState,
} from "./session.ts";
export { isSealed, type SealingSecret, sealText, unsealText } from "./sealing/mod.ts";
export { SessionError, type SessionErrorOptions } from "./session_error.ts";
export { SqliteSession } from "./sqlite_session.ts";
export { StoreSession, type StoreSessionOptions, type StoreSource } from "./store_session.ts";
export { StringSession } from "./string_session.ts";
export { checkTestMode } from "./test_mode.ts";
