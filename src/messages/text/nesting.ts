/**
 * The order in which signs of formatting are written, so that they nest although entities overlap:
 * what overlaps is closed and opened again. A quote surrounds everything else, and is never cut;
 * within code and custom emoji there is only text.
 */
import { compareKinds, type Span } from "./tidy.ts";

/** A part of an entity, or all of it. */
export interface Piece extends Span {
  /** Where the piece ends, which is before the entity does if it is cut. */
  end: number;
}

/** The begin or the end of a piece. */
export interface Sign {
  readonly piece: Piece;
  readonly isBegin: boolean;
  /** The index in the text before which the sign is written. */
  readonly at: number;
}

/** Returns the signs of formatting of a text, in the order in which they are written. */
export function nest(spans: readonly Span[]): Sign[] {
  const signs: Sign[] = [];
  const ends = spans.map(({ end }) => end).sort((a, b) => a - b);
  const stack: { span: Span; piece: Piece }[] = [];

  const open = (span: Span, at: number): void => {
    const piece = { ...span, start: at };
    stack.push({ span, piece });
    signs.push({ piece, isBegin: true, at });
  };
  /** Closes all from a depth on, and returns those that go on. */
  const closeFrom = (depth: number, at: number): Span[] =>
    stack.splice(depth).reverse().flatMap(({ span, piece }) => {
      piece.end = at;
      signs.push({ piece, isBegin: false, at });
      return span.end > at ? [span] : [];
    });

  let next = 0;
  for (let end = 0; end < ends.length;) {
    const at = Math.min(ends[end], spans[next]?.start ?? Infinity);
    while (end < ends.length && ends[end] === at) end++;
    const begun: Span[] = [];
    while (next < spans.length && spans[next].start === at) begun.push(spans[next++]);
    const level = Math.min(...begun.map(levelOf));
    const depth = stack.findIndex(({ span }) => span.end === at || levelOf(span) > level);
    const reopened = depth < 0 ? [] : closeFrom(depth, at);
    for (const span of [...reopened, ...begun].sort(compareDepths)) open(span, at);
  }
  return signs;
}

/** Compares how far outside two pieces stand: by level, and those outside that end later. */
function compareDepths(a: Span, b: Span): number {
  return levelOf(a) - levelOf(b) || b.end - a.end || compareKinds(a, b);
}

function levelOf({ kind }: Span): number {
  return kind === "quote" ? 0 : kind === "code" || kind === "emoji" ? 2 : 1;
}
