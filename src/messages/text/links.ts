/**
 * The addresses that are no links but mentions, custom emoji or dates, as the Bot API has them:
 * https://core.telegram.org/bots/api#formatting-options, https://core.telegram.org/api/links. The
 * access hash of a user is ours, and mtcute's: `tg://user?id=1&hash=<hexadecimal>`.
 */
import type { Api } from "../../tl/mod.ts";
import type { Format } from "./draft.ts";

const USER = /^tg:\/\/user\?id=(\d{1,19})(?:&hash=(-?[0-9a-f]{1,16}))?$/i;
const EMOJI = /^tg:\/\/emoji\?id=(\d{1,19})$/;
const TIME = /^tg:\/\/time\?unix=(\d{1,10})(?:&format=(r|w?[dD]?[tT]?))?$/;

/** Returns the entity that a link to an address is. */
export function linkFormat(url: string): Format {
  const [, user, hash] = USER.exec(url) ?? [];
  if (user !== undefined) {
    const userId = BigInt(user);
    if (hash === undefined) return { _: "messageEntityMentionName", userId };
    const number = BigInt(`0x${hash.replace("-", "")}`);
    const accessHash = BigInt.asIntN(64, hash.startsWith("-") ? -number : number);
    return {
      _: "inputMessageEntityMentionName",
      userId: { _: "inputUser", userId, accessHash },
    };
  }
  const [, emoji] = EMOJI.exec(url) ?? [];
  if (emoji !== undefined) return emojiFormat(emoji);
  const [, unix, format = ""] = TIME.exec(url) ?? [];
  if (unix !== undefined) return dateFormat(unix, format);
  return { _: "messageEntityTextUrl", url };
}

/** Returns the entity of a custom emoji with an id. */
export function emojiFormat(id: string): Format {
  return { _: "messageEntityCustomEmoji", documentId: BigInt.asIntN(64, BigInt(id)) };
}

/** Returns the entity of a date, in Unix seconds, in a format of the Bot API such as `wDT`. */
export function dateFormat(unix: string, format: string): Format {
  const fields = DATE_LETTERS.filter(([letter]) => format.includes(letter));
  return {
    _: "messageEntityFormattedDate",
    date: Number(unix),
    ...Object.fromEntries(fields.map(([, field]) => [field, true])),
  };
}

/** Returns the format of a date, in the letters of the Bot API. */
export function dateLetters(date: Api.messageEntityFormattedDate): string {
  return DATE_LETTERS.filter(([, field]) => date[field]).map(([letter]) => letter).join("");
}

const DATE_LETTERS = [
  ["r", "relative"],
  ["w", "dayOfWeek"],
  ["d", "shortDate"],
  ["D", "longDate"],
  ["t", "shortTime"],
  ["T", "longTime"],
] as const;

/** Returns the address of an entity; undefined if it has none that can be written. */
export function linkAddress(entity: Api.MessageEntity): string | undefined {
  switch (entity._) {
    case "messageEntityTextUrl":
      return entity.url;
    case "messageEntityMentionName":
      return `tg://user?id=${entity.userId}`;
    case "inputMessageEntityMentionName":
      return userAddress(entity.userId);
    case "messageEntityCustomEmoji":
      return `tg://emoji?id=${BigInt.asUintN(64, entity.documentId)}`;
    case "messageEntityFormattedDate": {
      const letters = dateLetters(entity);
      return `tg://time?unix=${entity.date}${letters && `&format=${letters}`}`;
    }
  }
  return undefined;
}

function userAddress(user: Api.InputUser): string | undefined {
  switch (user._) {
    case "inputUser": {
      const hash = BigInt.asUintN(64, user.accessHash).toString(16);
      return `tg://user?id=${user.userId}&hash=${hash}`;
    }
    case "inputUserFromMessage":
      return `tg://user?id=${user.userId}`;
  }
  return undefined;
}
