/**
 * Floor 0, the runtime: time, randomness, timers, the process, the terminal, builtin modules, the
 * log, abort signals, and the censoring of printed objects. Apart from the sockets of net/, no
 * other floor knows in which runtime it runs.
 */
export { withAnySignal } from "./any_signal.ts";
export {
  builtinModule,
  type FileSystem,
  type NodeCipher,
  type NodeCrypto,
  type NodeHash,
  type NodeNet,
  type NodeServer,
  type NodeSocket,
  type NodeTls,
  type OpenFile,
  type OperatingSystem,
  type Sqlite,
  type SqliteDatabase,
  type SqliteStatement,
  type SqliteValue,
} from "./builtin_modules.ts";
export { censor, censorAsText, censorObject, type Shown } from "./censor.ts";
export { type Clock, systemClock } from "./clock.ts";
export { duration } from "./duration.ts";
export { abortable, withDeadline } from "./deadline.ts";
export { ownCopy } from "./own_copy.ts";
export { isInstance } from "./error_copies.ts";
export { errorOf } from "./error_of.ts";
export { checkFields } from "./known_fields.ts";
export { type Lazy, lazy } from "./lazy.ts";
export { LOG_LEVELS, logFrom, type Logger, type LogLevel, silentLogger } from "./logger.ts";
export { onNetworkBack } from "./network_events.ts";
export { type NativeCrypto, nativeCrypto } from "./native_crypto.ts";
export { noticingSleep } from "./noticing_sleep.ts";
export { pasted, pastedValue } from "./pasted.ts";
export {
  checkRuntime,
  isCloudflare,
  type Process,
  runtimeKind,
  runtimeName,
  runtimeProcess,
} from "./process.ts";
export { type Random, randomLong, systemRandom } from "./random.ts";
export { rewordError } from "./reword_error.ts";
export { startTimer } from "./timer.ts";
export { reportUncaught } from "./uncaught.ts";
export { WakeSignal } from "./wake_signal.ts";
