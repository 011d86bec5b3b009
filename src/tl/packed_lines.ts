/**
 * The lines of the abbreviated text of the API, each found by a search when it is needed first. A
 * program uses a hundred of 2,400 lines: finding these takes less time than an index of all.
 *
 * The text is that of tools/generate_tl.ts: the lines of a type are together, and `+` stands in
 * front of each type that is written out, and nowhere else.
 */

import { shorten, writeOut } from "./abbreviations.ts";
import { hasDitto, nameOfOwn, type TypedLine, withType } from "./type_marks.ts";

/** A line of a schema. */
export interface Line extends TypedLine {
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
    const start = this.#startOf(name);
    return start === undefined ? undefined : this.#lineAt(start, this.#typeBefore(start));
  }

  /** Returns the lines of the constructors of a type. */
  byType(type: string): Line[] {
    const lines: Line[] = [];
    let start = this.#firstOf(type);
    if (start === undefined) return lines;
    do {
      lines.push(this.#lineAt(start, type));
      start = this.#endOf(start) + 1;
    } while (hasDitto(this.#shortLine(start)));
    return lines;
  }

  /** Where the line of a constructor or method begins. */
  #startOf(name: string): number | undefined {
    if (!/^[\w.]+$/.test(name)) return undefined;
    const short = `\n${shorten(name)}`;
    for (let at = -1; (at = this.#text.indexOf(short, at + 1)) >= 0;) {
      const next = this.#text[at + short.length];
      // The second is the abbreviation of " flags:# ".
      if (next === " " || next === "&") return at + 1;
    }
    return undefined;
  }

  /** Where the first line of a type begins. */
  #firstOf(type: string): number | undefined {
    if (!/^[\w.]+$/.test(type)) return undefined;
    const own = this.#startOf(nameOfOwn(type));
    if (own !== undefined && this.#lineAt(own, "").type === type) return own;
    const at = this.#text.indexOf(`+${shorten(type)}\n`);
    return at < 0 || at > this.#methods ? undefined : this.#text.lastIndexOf("\n", at) + 1;
  }

  /** Returns the type of the line before, if the line at `start` needs it. */
  #typeBefore(start: number): string {
    let first = start;
    while (hasDitto(this.#shortLine(first))) first = this.#text.lastIndexOf("\n", first - 2) + 1;
    return first === start ? "" : this.#lineAt(first, "").type;
  }

  #lineAt(start: number, before: string): Line {
    const line = writeOut(this.#shortLine(start));
    return { ...withType(line, before), isMethod: start > this.#methods };
  }

  #shortLine(start: number): string {
    return this.#text.slice(start, this.#endOf(start));
  }

  #endOf(start: number): number {
    const end = this.#text.indexOf("\n", start);
    return end < 0 ? this.#text.length : end;
  }
}
