/**
 * A marked-up text with holes. A hole is one character of the text, known by its place: nothing
 * that it holds is ever read as markup.
 */
import type { Draft } from "./draft.ts";
import { type FormattedText, readPart } from "./formatted_text.ts";

/** Stands for a hole: a letter, so that markup beside a hole is read as if beside a word. */
const HOLE = "x";

/** A text that a parser reads. */
export class Template {
  /** The text, with one letter for each hole. */
  readonly text: string;
  readonly #places: readonly number[];
  readonly #holes: readonly FormattedText[];

  private constructor(strings: readonly string[], holes: readonly FormattedText[]) {
    this.text = strings.join(HOLE);
    let place = -1;
    this.#places = strings.slice(0, -1).map(({ length }) => place += length + 1);
    this.#holes = holes;
  }

  /** A text without holes, for the function of this name. */
  static ofText(text: unknown, reader: string): Template {
    if (typeof text === "string") return new Template([text], []);
    throw new TypeError(
      `Cannot format the text: ${reader} was called with a value of type ${typeof text}. Pass a ` +
        "string.",
    );
  }

  /** The arguments of a tag. */
  static ofTag(
    strings: TemplateStringsArray,
    holes: readonly unknown[],
    tag: string,
    reader: string,
  ): Template {
    if (!Array.isArray(strings?.raw)) {
      throw new TypeError(
        `Cannot format the text: ${tag} was called as a function. Write ${tag}\`…\` without ` +
          `parentheses, or ${reader}(text) for a text that comes at run time.`,
      );
    }
    if (strings.includes(undefined as unknown as string)) {
      throw new TypeError(
        `Cannot format the text: ${tag}\`…\` has a backslash that JavaScript cannot read. Write ` +
          "it twice.",
      );
    }
    return new Template(strings, holes.map((hole, index) => readPart(hole, `hole ${index + 1}`)));
  }

  /** Whether a hole is at a place. */
  hasHole(place: number): boolean {
    return this.#places[this.#after(place)] === place;
  }

  /** The place of the first hole from a place on; the length of the text if there is none. */
  nextHole(place: number): number {
    return this.#places[this.#after(place)] ?? this.text.length;
  }

  /** Returns the hole at a place; undefined if there is none. */
  hole(place: number): FormattedText | undefined {
    const index = this.#after(place);
    return this.#places[index] === place ? this.#holes[index] : undefined;
  }

  /** Returns a part of the text with the plain texts of its holes, the rest as `read` reads it. */
  read(start: number, end: number, read = (text: string): string => text): string {
    let result = "";
    for (let place = start; place < end;) {
      const hole = this.hole(place);
      const next = hole === undefined ? Math.min(this.nextHole(place), end) : place + 1;
      result += hole === undefined ? read(this.text.slice(place, next)) : hole.text;
      place = next;
    }
    return result;
  }

  /** Adds a part of the text, and its holes with their formatting. */
  copy(draft: Draft, start: number, end: number): void {
    for (let place = start; place < end;) {
      const hole = this.hole(place);
      const next = hole === undefined ? Math.min(this.nextHole(place), end) : place + 1;
      if (hole === undefined) draft.add(this.text.slice(place, next));
      else draft.addFormatted(hole);
      place = next;
    }
  }

  /** The index of the first hole from a place on. */
  #after(place: number): number {
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#places[middle] < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
