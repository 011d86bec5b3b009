/**
 * Dates as programs have them, from Unix seconds as Telegram sends them.
 */

/** Returns the date of so many seconds since 1970. */
export function dateOf(seconds: number): Date {
  return new Date(seconds * 1000);
}
