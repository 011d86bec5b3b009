/**
 * The command line's words, read by `@std/cli`, which reaches us as plain JavaScript: its types are stated here.
 */
import { parseArgs as parse } from "@std/cli/parse-args";

/** Which options a command knows. */
export interface OptionNames {
  /** Options that are there or not. */
  readonly flags?: readonly string[];
  /** Options with a value. */
  readonly values?: readonly string[];
  /** Whether words that are no options are taken. */
  readonly words?: boolean;
}

/** What was typed. */
export interface Arguments {
  /** Words that are no options. */
  readonly words: readonly string[];
  /** Whether a flag was given. */
  flag(name: string): boolean;
  /** The value of an option; undefined if it was not given. */
  value(name: string): string | undefined;
  /** The value of an option that is a port number. */
  port(name: string): number | undefined;
}

/** Thrown for words that a command does not know; the text says which. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Longer than the names of commands, options and hashes of devices; shorter than secrets. */
const LONGEST_SHOWN = 24;

const parseArgs: (
  args: readonly string[],
  options: {
    boolean: readonly string[];
    string: readonly string[];
    unknown: (arg: string, key?: string) => boolean;
  },
) => Record<string, unknown> & { _: unknown[] } = parse;

/** A word that was not understood, to be shown again: only its beginning, as it may be a session in the wrong place. */
export function shorten(word: string): string {
  return word.length > LONGEST_SHOWN ? `${word.slice(0, 4)}…` : word;
}

/** Reads what was typed; throws a {@linkcode UsageError} for what is not among `names`. */
export function readArguments(args: readonly string[], names: OptionNames): Arguments {
  const { flags = [], values = [] } = names;
  const parsed = parseArgs(args, {
    boolean: flags,
    string: values,
    unknown(arg, key) {
      if (names.words && key === undefined) return true;
      throw new UsageError(
        `Cannot understand "${shorten(arg.split("=")[0])}": expected an option of this command`,
      );
    },
  });
  const value = (name: string): string | undefined => {
    const given = parsed[name];
    if (given === "") throw new UsageError(`Cannot use "--${name}": expected a value after it`);
    return typeof given === "string" ? given : undefined;
  };
  return {
    words: parsed._.map(String),
    flag: (name) => parsed[name] === true,
    value,
    port(name) {
      const given = value(name);
      if (given === undefined) return undefined;
      if (/^\d{1,5}$/.test(given) && Number(given) < 65536) return Number(given);
      throw new UsageError(
        `Cannot listen on "${shorten(given)}": expected a port number, 0 for any free one`,
      );
    },
  };
}
