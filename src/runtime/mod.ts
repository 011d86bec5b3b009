/**
 * Floor 0, the runtime: time, randomness, timers, the process, builtin modules, the log, abort
 * signals, and the censoring of printed objects. `entry.ts` also has the keyboard. Apart from the
 * sockets of net/, no other floor knows in which runtime it runs.
 */
export { anySignal } from "./any_signal.ts";
export {
  builtinModule,
  type FileSystem,
  type NodeNet,
  type NodeServer,
  type NodeSocket,
  type OperatingSystem,
  type Sqlite,
  type SqliteDatabase,
  type SqliteStatement,
  type SqliteValue,
} from "./builtin_modules.ts";
export { censor, censorAsText, censorObject, type Shown } from "./censor.ts";
export { type Clock, systemClock } from "./clock.ts";
export { abortable, withDeadline } from "./deadline.ts";
export { logFrom, type Logger, type LogLevel, silentLogger } from "./logger.ts";
export { checkRuntime, type Process, runtimeName, runtimeProcess } from "./process.ts";
export { type Random, randomLong, systemRandom } from "./random.ts";
export { startTimer } from "./timer.ts";
export { WakeSignal } from "./wake_signal.ts";
