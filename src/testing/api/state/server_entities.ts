/**
 * The entities that the server adds to a text: commands, mentions, hashtags and links.
 * https://core.telegram.org/api/entities
 */
import type { Api } from "../../../tl/mod.ts";

const PATTERNS: readonly (readonly [Name, RegExp])[] = [
  ["messageEntityUrl", /\bhttps?:\/\/[^\s]+[^\s.,!?)]/g],
  ["messageEntityBotCommand", /(?<![\w/])\/[a-z]\w*(?:@\w{4,32})?/gi],
  ["messageEntityMention", /(?<![\w@])@\w{4,32}/g],
  ["messageEntityHashtag", /(?<![\w#])#[a-z]\w*/gi],
];

type Name =
  | "messageEntityUrl"
  | "messageEntityBotCommand"
  | "messageEntityMention"
  | "messageEntityHashtag";

/**
 * Returns the entities of a text: those that its author sent, and those that the server finds
 * outside of them, by their places. Returns undefined if there are none.
 */
export function entitiesOf(
  text: string,
  sent: readonly Api.MessageEntity[] = [],
): readonly Api.MessageEntity[] | undefined {
  const all = [...sent];
  for (const [name, pattern] of PATTERNS) {
    for (const { 0: { length }, index: offset } of text.matchAll(pattern)) {
      const isTaken = all.some((one) =>
        one.offset < offset + length && offset < one.offset + one.length
      );
      if (!isTaken) all.push({ _: name, offset, length });
    }
  }
  return all.length === 0 ? undefined : all.sort((one, other) => one.offset - other.offset);
}
