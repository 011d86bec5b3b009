/**
 * Floor 0: what the runtime gives: time, randomness, timers, the process, the terminal, builtin modules, a place to log, and what
 * every asynchronous program needs of signals. Nothing else in the library knows which runtime it runs in, but the sockets of net/.
 */
export { anySignal } from "./any_signal.ts";
export {
  builtinModule,
  type FileSystem,
  type OperatingSystem,
  type Sqlite,
  type SqliteDatabase,
  type SqliteStatement,
  type SqliteValue,
} from "./builtin_modules.ts";
export { censor, censorObject, type Shown } from "./censor.ts";
export { type Clock, systemClock } from "./clock.ts";
export { abortable, withDeadline } from "./deadline.ts";
export { type Lazy, lazy } from "./lazy.ts";
export { logFrom, type Logger, type LogLevel, silentLogger } from "./logger.ts";
export { checkRuntime, type Process, runtimeName, runtimeProcess } from "./process.ts";
export { type Random, randomLong, systemRandom } from "./random.ts";
export { startTimer } from "./timer.ts";
export { WakeSignal } from "./wake_signal.ts";
