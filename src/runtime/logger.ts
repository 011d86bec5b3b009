/**
 * The log of the library's own work. Silent unless the program passes a logger. No level of the
 * log contains a secret: no keys, codes, passwords, tokens or whole phone numbers.
 */
import { reportUncaught } from "./uncaught.ts";

/**
 * Receives log messages. `console` is a logger, and so are the loggers of most logging libraries.
 *
 * @example
 * ```ts
 * import { type Logger, logFrom } from "@tessera/mtproto";
 *
 * const lines: string[] = [];
 * const write = (message: string) => void lines.push(message);
 * const logger: Logger = logFrom("info", { debug: write, info: write, warn: write, error: write });
 * logger.debug("not kept");
 * logger.info("kept");
 * console.log(lines); // ["kept"]
 * ```
 */
export interface Logger {
  /** Logs a single step, for debugging. */
  debug(message: string, ...details: unknown[]): void;
  /** Logs a rare event in normal work: connected, moved to another data center. */
  info(message: string, ...details: unknown[]): void;
  /** Logs a problem that the library recovered from. */
  warn(message: string, ...details: unknown[]): void;
  /** Logs a problem that the library could not recover from. */
  error(message: string, ...details: unknown[]): void;
}

/** The lowest level to log, in rising order; `none` logs nothing. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "none";

/** The values of {@linkcode LogLevel}. */
export const LOG_LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error", "none"];

function drop(): void {}

/** A logger that drops every message. */
export const silentLogger: Logger = { debug: drop, info: drop, warn: drop, error: drop };

/**
 * Returns a logger that passes messages of `level` and above to `logger`, and drops the others. An
 * error that `logger` throws is uncaught, and disturbs nothing else.
 *
 * @param level The lowest level to pass on.
 * @param logger The logger that receives the messages.
 */
export function logFrom(level: LogLevel, logger: Logger): Logger {
  const kept = (one: keyof Logger): Logger[typeof one] =>
    LOG_LEVELS.indexOf(one) < LOG_LEVELS.indexOf(level) ? drop : (message, ...details) => {
      try {
        logger[one](message, ...details);
      } catch (error) {
        reportUncaught(error); // thrown here, it would end the life of a connection
      }
    };
  return { debug: kept("debug"), info: kept("info"), warn: kept("warn"), error: kept("error") };
}
