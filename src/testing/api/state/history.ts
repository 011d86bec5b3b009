/**
 * Ranges of a conversation: https://core.telegram.org/api/offsets
 */
import type { Copy } from "./post.ts";

/** The range of a conversation that a client asks for. */
export interface HistoryRange {
  readonly offsetId: number;
  readonly offsetDate: number;
  readonly addOffset: number;
  readonly limit: number;
  readonly maxId: number;
  readonly minId: number;
}

const HISTORY_LIMIT = 100;

/** Returns the requested part of a conversation, newest first. `copies` are oldest first. */
export function historyIn(copies: readonly Copy[], range: HistoryRange): readonly Copy[] {
  const all = copies.filter(({ id }) => (range.maxId <= 0 || id < range.maxId) && id > range.minId)
    .reverse();
  const start = all.findIndex(({ id, post: { date } }) =>
    (range.offsetId <= 0 || id < range.offsetId) &&
    (range.offsetDate <= 0 || date < range.offsetDate)
  );
  const from = (start < 0 ? all.length : start) + range.addOffset;
  const to = from + Math.min(Math.max(range.limit, 0), HISTORY_LIMIT);
  return all.slice(Math.max(from, 0), Math.max(to, 0));
}
