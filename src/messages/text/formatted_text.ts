/**
 * A text with its formatting: the shape in which Telegram sends and takes it. Offsets and lengths
 * count UTF-16 code units, as indexes of strings in JavaScript do.
 * https://core.telegram.org/api/entities
 */
import type { Api } from "../../tl/mod.ts";

/** A text and its formatting, ready to be sent. */
export interface FormattedText {
  /** The text, without any signs of formatting. */
  readonly text: string;
  /** The formatting: which part of the text is bold, a link, and so on. */
  readonly entities: readonly Api.MessageEntity[];
}

/**
 * An object that holds a text and its formatting: a {@linkcode FormattedText}, or a `message` or
 * `textWithEntities` as Telegram sends it.
 */
export type TextSource =
  | { readonly text: string; readonly entities?: readonly Api.MessageEntity[] }
  | { readonly message: string; readonly entities?: readonly Api.MessageEntity[] };

/** A value that can stand in a template: a plain text, a number, or a text with formatting. */
export type TextPart = string | number | bigint | TextSource;

/** Returns the text and the formatting that an object holds; undefined if it holds no text. */
export function readSource(value: unknown): FormattedText | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { text, message, entities = [] } = value as Record<string, unknown>;
  const given = typeof text === "string" ? text : message;
  if (typeof given !== "string" || !Array.isArray(entities)) return undefined;
  return { text: given, entities };
}

/** Returns a part of a text as text with formatting. */
export function readPart(part: unknown, place: string): FormattedText {
  if (typeof part === "string") return { text: part, entities: [] };
  if (typeof part === "number" || typeof part === "bigint") {
    return { text: String(part), entities: [] };
  }
  const source = readSource(part);
  if (source !== undefined) return source;
  throw new TypeError(
    `Cannot format the text: ${place} is ${nameOf(part)}. Pass a string, a number, a bigint, or ` +
      "an object with text and entities.",
  );
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? "an array: join it with joinText" : `of type ${typeof value}`;
}
