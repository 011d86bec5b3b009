/**
 * A text with formatting while a parser writes it. What begins a format may turn out to be text,
 * so places are counted in parts, and offsets are computed at the end.
 */
import type { Api } from "../../tl/mod.ts";
import type { FormattedText } from "./formatted_text.ts";
import { tidy } from "./tidy.ts";

type Placeless<E> = E extends Api.MessageEntity ? Omit<E, "offset" | "length"> : never;

/** An entity without its place. */
export type Format = Placeless<Api.MessageEntity>;

/** A text that is being written. */
export class Draft {
  readonly #parts: string[] = [];
  readonly #formats: { format: Format; start: number; end: number }[] = [];
  readonly #placed: { entity: Api.MessageEntity; part: number }[] = [];

  /** The number of parts so far: the place of the next one. */
  get length(): number {
    return this.#parts.length;
  }

  /** Adds plain text. */
  add(text: string): void {
    this.#parts.push(text);
  }

  /** Adds text with formatting. */
  addFormatted({ text, entities }: FormattedText): void {
    for (const entity of entities) this.#placed.push({ entity, part: this.length });
    this.#parts.push(text);
  }

  /** Takes a part back: it began a format, and was no text. */
  remove(part: number): void {
    this.#parts[part] = "";
  }

  /** Formats the text from one part to before another. */
  format(format: Format, start: number, end = this.length): void {
    this.#formats.push({ format, start, end });
  }

  /** Returns the text with its formatting. */
  finish(): FormattedText {
    const offsets = [0];
    for (const part of this.#parts) offsets.push(offsets[offsets.length - 1] + part.length);
    const formats = this.#formats.map(({ format, start, end }) => {
      const [offset, length] = [offsets[start], offsets[end] - offsets[start]];
      return { ...format, offset, length } as Api.MessageEntity;
    });
    const placed = this.#placed.map(({ entity, part }) => ({
      ...entity,
      offset: entity.offset + offsets[part],
    }));
    return tidy({ text: this.#parts.join(""), entities: [...formats, ...placed] });
  }
}
