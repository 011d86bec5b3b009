/**
 * Answers that move a sequence without an update, and answers that tell where a channel stands.
 * https://core.telegram.org/constructor/messages.affectedMessages. If such an answer were not
 * applied, the next update would look like a gap.
 */
import type { TlObject } from "../tl/mod.ts";
import type { Order } from "./order.ts";
import { isPosition } from "./updates_state.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Returns what an answer takes of a sequence; undefined for other answers. */
export function affectedBy(request: TlObject, answer: unknown): Order | undefined {
  const { _, pts, ptsCount } = fieldsOf(answer);
  if (typeof _ !== "string" || !_.startsWith("messages.affected")) return undefined;
  if (typeof pts !== "number" || typeof ptsCount !== "number" || pts === 0) return undefined;
  const channelId = fieldsOf(request.channel).channelId ?? fieldsOf(request.peer).channelId;
  if (typeof channelId === "bigint") return { sequence: channelId, pts, count: ptsCount };
  // A request about a channel that it does not name is in no sequence that is known.
  if (request._.startsWith("channels.")) return undefined;
  return { sequence: "common", pts, count: ptsCount };
}

/** Returns the channels that an answer tells the pts of: dialogs, a full channel, its topics. */
export function positionsIn(request: TlObject, answer: unknown): [id: bigint, pts: number][] {
  const { _, dialogs, fullChat, pts } = fieldsOf(answer);
  const found: [unknown, unknown][] = [];
  if (Array.isArray(dialogs)) {
    for (const dialog of dialogs) {
      const { peer, pts } = fieldsOf(dialog);
      found.push([fieldsOf(peer).channelId, pts]);
    }
  }
  const full = fieldsOf(fullChat);
  if (full._ === "channelFull") found.push([full.id, full.pts]);
  if (_ === "messages.forumTopics") {
    found.push([fieldsOf(request.channel ?? request.peer).channelId, pts]);
  }
  return found.filter((pair): pair is [bigint, number] =>
    typeof pair[0] === "bigint" && isPosition(pair[1]) && pair[1] > 0
  );
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? value as Fields : {};
}
