/**
 * Floor 6: sessions. What must survive a restart, and where it is kept.
 */
export { censor, censorObject, type Shown } from "./censor.ts";
export { MemorySession } from "./memory_session.ts";
export { findDc } from "./session.ts";
export type {
  DataCenterState,
  Session,
  SessionState,
  SessionUser,
  UpdateState,
} from "./session.ts";
export { SessionError } from "./session_error.ts";
export { StringSession } from "./string_session.ts";
