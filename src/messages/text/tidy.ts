/**
 * Brings entities into the form that Telegram keeps. https://core.telegram.org/api/entities
 *
 * - None begins or ends in white space or within a surrogate pair, and none is empty. Code blocks
 *   and quotes keep the indentation of their first line.
 * - Two of a kind do not overlap: equal ones become one, of others the first one wins.
 * - Nothing overlaps with a code block or a date. Bold, italic, underline, strikethrough, spoiler
 *   and custom emoji do not overlap with code.
 * - A custom emoji ends where another entity begins or ends.
 * - Entities that Telegram finds by itself (web addresses, @names, #tags) are left out.
 */
import type { Api } from "../../tl/mod.ts";
import type { FormattedText } from "./formatted_text.ts";

/** The kinds of entities, in the order in which those of the same length are nested. */
const RANKS = [
  "quote",
  "pre",
  "date",
  "link",
  "bold",
  "italic",
  "underline",
  "strike",
  "spoiler",
  "code",
  "emoji",
] as const;

/** A kind of entity. The kinds that are links exclude each other, so they are one here. */
export type Kind = (typeof RANKS)[number];

const KINDS: Partial<Record<Api.MessageEntity["_"], Kind>> = {
  messageEntityBlockquote: "quote",
  messageEntityPre: "pre",
  messageEntityFormattedDate: "date",
  messageEntityTextUrl: "link",
  messageEntityMentionName: "link",
  inputMessageEntityMentionName: "link",
  messageEntityBold: "bold",
  messageEntityItalic: "italic",
  messageEntityUnderline: "underline",
  messageEntityStrike: "strike",
  messageEntitySpoiler: "spoiler",
  messageEntityCode: "code",
  messageEntityCustomEmoji: "emoji",
};

/** The kinds that look the same in one piece and in two that touch. */
const SEAMLESS: readonly Kind[] = [
  "link",
  "bold",
  "italic",
  "underline",
  "strike",
  "spoiler",
  "code",
];
/** The kinds whose indentation is a part of them. */
const INDENTED: readonly Kind[] = ["pre", "quote"];

/** The place of an entity: from `start` to before `end`. */
export interface Span {
  readonly kind: Kind;
  readonly entity: Api.MessageEntity;
  readonly start: number;
  readonly end: number;
}

/** Compares two places: the earlier first, then the longer, then by kind. */
export function comparePlaces(a: Span, b: Span): number {
  return a.start - b.start || b.end - a.end || compareKinds(a, b);
}

/** Compares the kinds of two entities: the outer one first. */
export function compareKinds(a: Span, b: Span): number {
  return RANKS.indexOf(a.kind) - RANKS.indexOf(b.kind);
}

/** Returns a text with its entities as Telegram keeps them. */
export function tidy({ text, entities }: FormattedText): FormattedText {
  const spans = tidySpans(text, entities);
  return {
    text,
    entities: spans.map(({ entity, start, end }) => ({
      ...entity,
      offset: start,
      length: end - start,
    })),
  };
}

/** Returns the places of the entities of a text as Telegram keeps them, in their order. */
export function tidySpans(text: string, entities: readonly Api.MessageEntity[]): Span[] {
  const given = new Map<Kind, Span[]>(RANKS.map((kind) => [kind, []]));
  for (const entity of entities) {
    const kind = KINDS[entity._];
    if (kind === undefined) continue;
    const start = Math.max(entity.offset, 0);
    const end = Math.min(entity.offset + entity.length, text.length);
    if (!(start < end)) continue;
    const span = { kind, entity, start: pairStart(text, start), end: pairEnd(text, end) };
    given.get(kind)?.push(span);
  }
  const of = (kind: Kind, ...cuts: readonly Span[][]): Span[] =>
    cuts.reduce(subtract, joined(given.get(kind) ?? []));

  const pre = of("pre");
  const date = of("date", pre);
  const code = of("code", pre, date);
  const styles = (["bold", "italic", "underline", "strike", "spoiler"] as const)
    .flatMap((kind) => of(kind, pre, date, code));
  const rest = [of("quote", pre, date), of("link", pre, date)].flat();
  const others = [...pre, ...date, ...code, ...styles, ...rest].flatMap((span) =>
    trimmed(text, span)
  );
  const emoji = cutAtEdges(of("emoji", pre, date, code), others)
    .flatMap((span) => trimmed(text, span));
  return [...others, ...emoji].sort(comparePlaces);
}

/** Returns entities of one kind such that none overlaps with another. */
function joined(spans: Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.sort(comparePlaces)) {
    const last = result.at(-1);
    if (last === undefined || last.end < span.start) {
      result.push(span);
      continue;
    }
    const touches = last.end === span.start;
    if ((!touches || SEAMLESS.includes(span.kind)) && isEqual(last.entity, span.entity)) {
      result[result.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    } else if (last.end < span.end) {
      result.push({ ...span, start: last.end });
    }
  }
  return result;
}

/** Returns the parts of some entities that others do not cover. Both are in order. */
function subtract(spans: Span[], cuts: readonly Span[]): Span[] {
  const result: Span[] = [];
  let first = 0;
  for (const span of spans) {
    while (first < cuts.length && cuts[first].end <= span.start) first++;
    let start = span.start;
    for (let index = first; index < cuts.length && cuts[index].start < span.end; index++) {
      if (start < cuts[index].start) result.push({ ...span, start, end: cuts[index].start });
      start = cuts[index].end;
    }
    if (start < span.end) result.push({ ...span, start });
  }
  return result;
}

/** Ends each entity at the first edge of another one within it. */
function cutAtEdges(spans: readonly Span[], others: readonly Span[]): Span[] {
  const edges = others.flatMap(({ start, end }) => [start, end]).sort((a, b) => a - b);
  let next = 0;
  return spans.map((span) => {
    while (next < edges.length && edges[next] <= span.start) next++;
    return { ...span, end: Math.min(span.end, edges[next] ?? span.end) };
  });
}

/** Returns an entity without the white space at its ends; nothing if nothing is left. */
function trimmed(text: string, span: Span): Span[] {
  let { start, end } = span;
  while (start < end && isWhite(text.charAt(end - 1))) end--;
  while (start < end && isWhite(text.charAt(start))) start++;
  if (INDENTED.includes(span.kind)) {
    while (start > span.start && text.charAt(start - 1) !== "\n") start--;
  }
  return start < end ? [{ ...span, start, end }] : [];
}

/** Whether a character is white space, or there is none. */
export function isWhite(character: string): boolean {
  return character.trim() === "";
}

function pairStart(text: string, index: number): number {
  return isWithinPair(text, index) ? index - 1 : index;
}

function pairEnd(text: string, index: number): number {
  return isWithinPair(text, index) ? index + 1 : index;
}

function isWithinPair(text: string, index: number): boolean {
  return index > 0 && (text.codePointAt(index - 1) ?? 0) > 0xffff;
}

/** Whether two entities, or values of their fields, differ in their places only. */
function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return (a || undefined) === (b || undefined);
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((key) => key !== "offset" && key !== "length")
    .every((key) => isEqual(left[key], right[key]));
}
