/**
 * Reads the arguments of a command with `@std/cli`. The package is plain JavaScript, so this file
 * states its types.
 */
import { parseArgs as parse } from "@std/cli/parse-args";

/** The names of the options that a command has. */
export interface OptionNames {
  /** Options without a value. */
  readonly flags?: readonly string[];
  /** Options with a value. */
  readonly values?: readonly string[];
  /** Whether the command has arguments besides its options. */
  readonly words?: boolean;
}

/** The arguments of one run. */
export interface Arguments {
  /** The arguments that are not options. */
  readonly words: readonly string[];
  /** Returns whether a flag was given. */
  flag(name: string): boolean;
  /** Returns the value of an option; undefined if it was not given. */
  value(name: string): string | undefined;
  /** Returns the value of an option that may be without one: empty then. */
  optional(name: string): string | undefined;
  /** Returns the value of an option that is a port number. */
  port(name: string): number | undefined;
}

/** Thrown for an argument that a command does not know. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A session string: no part of a path is as long, between its slashes and dots. */
const SECRET = /^\s*(?:[\w+/=-]{150,}|tessera.*|\{.*)\s*$|[\w+=-]{100,}/s;
/** Longer than names of commands and options and than hashes of devices; shorter than secrets. */
const LONGEST_SHOWN = 24;

const parseArgs: (
  args: readonly string[],
  options: {
    boolean: readonly string[];
    string: readonly string[];
    unknown: (arg: string, key?: string) => boolean;
  },
) => Record<string, unknown> & { _: unknown[] } = parse;

/** Cuts a wrong argument for an error, as it may be a session string in the wrong place. */
export function shorten(word: string): string {
  return word.length > LONGEST_SHOWN ? `${word.slice(0, 4)}…` : word;
}

/** Returns a path as it may appear in an error: one that may be a session string is cut. */
export function shortenPath(path: string): string {
  return SECRET.test(path) ? shorten(path) : path;
}

/**
 * Returns the path of a file to write, from an option.
 *
 * @throws {UsageError} if it may be a session string, which would be the name of a file then
 */
export function outputPath(options: Arguments, name: string): string | undefined {
  const path = options.value(name);
  if (path === undefined || !SECRET.test(path)) return path;
  throw new UsageError(
    `Cannot write to "${shorten(path)}": it may be a session string, expected the path of a file`,
  );
}

/**
 * Reads the arguments of a command.
 *
 * @throws {UsageError} for an option that is not in `names`
 */
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
    optional: (name) => parsed[name] as string | undefined,
    port(name) {
      const given = value(name);
      if (given === undefined) return undefined;
      if (/^\d{1,5}$/.test(given) && Number(given) < 65536) return Number(given);
      throw new UsageError(
        `Cannot listen on "${shorten(given)}": expected a port number, or 0 for a free port`,
      );
    },
  };
}
