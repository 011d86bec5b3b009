/**
 * Floor 7: sessions. The state of an account that must survive a restart, and the places it is kept
 * in.
 */
export { Autosave, type AutosaveHost } from "./autosave.ts";
export { type KnownAddresses, SessionDcBook } from "./dc_book.ts";
export { defaultSession } from "./default_session.ts";
export { addressesIn } from "./state/named_addresses.ts";
export type { KeyValueStore, StoreClaims, StoreGuard } from "./key_value_store.ts";
export { MemorySession } from "./memory_session.ts";
export { MemoryPeers } from "./peers/memory_peers.ts";
export {
  channelPeerId,
  kindOfPeerId,
  namesOf,
  type Peer,
  type PeerKind,
  type PeerStore,
} from "./peers/peer.ts";
export { saveLater } from "./save_later.ts";
export { type SealingSecret, sealText, unsealText } from "./sealing/mod.ts";
export type { Session } from "./session.ts";
export { SessionError, type SessionErrorOptions } from "./session_error.ts";
export { SqliteSession } from "./sqlite_session.ts";
export {
  type DataCenterState,
  type DcAddressState,
  findDc,
  type SessionState,
  type SessionUser,
  type UpdateState,
} from "./state/session_state.ts";
export { isSealed } from "./state/text_kind.ts";
export { StoreSession } from "./store_session.ts";
export type { StoreSessionOptions, StoreSource } from "./stores/store_options.ts";
export { StringSession } from "./string_session.ts";
export { checkTestMode } from "./test_mode.ts";
export type { UpdatesPlace } from "./updates/updates_place.ts";
