/**
 * The person who answers at a terminal, or a test that answers instead.
 */

/** Asks a person: at a terminal, or in a test. */
export interface Asker {
  /** Shows a line. */
  say(text: string): void;
  /** Asks for a line, which may be seen while it is typed. */
  askLine(question: string, signal?: AbortSignal): Promise<string>;
  /** Asks for a line, which must not be seen. */
  askHidden(question: string, signal?: AbortSignal): Promise<string>;
  /** Whether a person types; false if a pipe or a file stands in for the keyboard. */
  readonly isTyped?: boolean;
  /** Returns the size of the screen, in characters; undefined if there is none. */
  size?(): { readonly rows: number; readonly columns: number } | undefined;
}
