/**
 * What the library says of its own work, for people who want to know. Silent unless a logger is given. Whoever writes to a
 * logger keeps secrets out of it: no keys, codes, passwords, tokens or whole phone numbers, at no level.
 */

/**
 * Takes what the library has to say. `console` is one, and so are the loggers of most logging libraries.
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
  /** Every step, for finding a fault. */
  debug(message: string, ...details: unknown[]): void;
  /** What happens seldom and is as it should be: connected, moved to another data center. */
  info(message: string, ...details: unknown[]): void;
  /** What was amiss and could be mended. */
  warn(message: string, ...details: unknown[]): void;
  /** What could not. */
  error(message: string, ...details: unknown[]): void;
}

/** How much to log: this level and those after it; `none` is silence. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "none";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error", "none"];

function drop(): void {}

/** Says nothing. */
export const silentLogger: Logger = { debug: drop, info: drop, warn: drop, error: drop };

/** A logger that passes on to `logger` what is of `level` or above. */
export function logFrom(level: LogLevel, logger: Logger): Logger {
  const kept = (one: keyof Logger): Logger[typeof one] =>
    LEVELS.indexOf(one) < LEVELS.indexOf(level)
      ? drop
      : (message, ...details) => logger[one](message, ...details);
  return { debug: kept("debug"), info: kept("info"), warn: kept("warn"), error: kept("error") };
}
