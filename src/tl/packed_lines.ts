/**
 * The lines of the abbreviated text of the API, each found by a search when it is needed first. A
 * program uses a hundred of 2,400 lines: finding these takes less time than an index of all.
 *
 * The text is that of tools/generate_tl.ts: `+` stands in front of each type and nowhere else, and
 * a ditto mark for the type of the line before.
 */

import { shorten, writeOut } from "./abbreviations.ts";

/** At the end of a line: `=` and the type of the previous line. Not TL; it shortens the schema. */
export const DITTO = '"';

/** Returns a line with its type in the place of a ditto mark, if it has one. */
export function withType(line: string, type: string): string {
  return line.endsWith(DITTO) ? `${line.slice(0, -1)}= ${type}` : line;
}

/** A line of a schema. */
export interface Line {
  readonly text: string;
  readonly type: string;
  readonly isMethod: boolean;
}

/** The lines of an abbreviated text. */
export class PackedLines {
  readonly #text: string;
  /** Where the methods begin. */
  readonly #methods: number;

  constructor(text: string) {
    this.#text = text;
    this.#methods = text.indexOf("\n---functions---\n");
  }

  /** Returns the line of a constructor or method. */
  byName(name: string): Line | undefined {
    if (!/^[\w.]+$/.test(name)) return undefined;
    const short = `\n${shorten(name)}`;
    for (let at = -1; (at = this.#text.indexOf(short, at + 1)) >= 0;) {
      const next = this.#text[at + short.length];
      // The second is the abbreviation of " flags:# ".
      if (next === " " || next === "&") return this.#lineAt(at + 1);
    }
    return undefined;
  }

  /** Returns the lines of the constructors of a type. */
  byType(type: string): Line[] {
    const lines: Line[] = [];
    if (!/^[\w.]+$/.test(type)) return lines;
    const short = `+${shorten(type)}\n`;
    for (let at = -1; (at = this.#text.indexOf(short, at + 1)) >= 0 && at < this.#methods;) {
      let start = this.#text.lastIndexOf("\n", at) + 1;
      do {
        lines.push(this.#lineAt(start));
        start = this.#endOf(start) + 1;
      } while (this.#text[this.#endOf(start) - 1] === DITTO);
    }
    return lines;
  }

  #lineAt(start: number): Line {
    const end = this.#endOf(start);
    const typeAt = this.#text.lastIndexOf("+", end) + 1;
    const type = writeOut(this.#text.slice(typeAt, this.#endOf(typeAt)));
    const text = withType(writeOut(this.#text.slice(start, end)), type);
    return { text, type, isMethod: start > this.#methods };
  }

  #endOf(start: number): number {
    const end = this.#text.indexOf("\n", start);
    return end < 0 ? this.#text.length : end;
  }
}
