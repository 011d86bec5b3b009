/**
 * Errors of a program's own functions, which the library calls and nobody waits for.
 */

/**
 * Reports an error as an uncaught one. It is shown as any other error that the program does not
 * catch, and ends the process of a runtime that does so.
 */
export function reportUncaught(error: unknown): void {
  void Promise.reject(error);
}
