/** The text of an error that is there already. */

/** Replaces the text of an error, in its stack too. */
export function rewordError(error: Error, message: string): void {
  const { stack, message: before } = error;
  error.message = message;
  if (stack !== undefined && before !== "") error.stack = stack.replace(before, () => message);
}
