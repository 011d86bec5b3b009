/**
 * A mention of a user by a text of any kind, which works for people without a username, too.
 * https://core.telegram.org/api/mentions
 */
import type { Api } from "../../tl/mod.ts";
import type { Format } from "./draft.ts";
import { type FormattedText, readPart, type TextPart } from "./formatted_text.ts";
import { tidy } from "./tidy.ts";

/**
 * A user that is mentioned: a user as Telegram or this library has it, an input user, or an id. The
 * access hash of an id is looked up when the message is sent.
 */
export type MentionedUser =
  | bigint
  | number
  | Api.InputUser
  | Api.user
  | { readonly id: bigint; readonly raw?: unknown };

/**
 * Returns a mention of a user, to be put into a template, or sent.
 *
 * @param user a user, an input user, or an id
 * @param text the text that is shown, such as the name of the user; it may be formatted
 * @throws `TypeError` if the user is none of these, or the text is empty
 *
 * @example
 * ```ts
 * import { md, mention } from "@tessera/mtproto/text";
 *
 * const { text, entities } = md`Welcome, ${mention(4711n, "Ada")}!`;
 * console.log(text, entities[0]._); // Welcome, Ada! messageEntityMentionName
 * ```
 */
export function mention(user: MentionedUser, text: TextPart): FormattedText {
  const shown = readPart(text, "the text of a mention");
  const format = mentionFormat(user);
  const entity = { ...format, offset: 0, length: shown.text.length } as Api.MessageEntity;
  const mentioned = tidy({ text: shown.text, entities: [entity, ...shown.entities] });
  if (mentioned.entities.length > 0) return mentioned;
  throw new TypeError("Cannot mention a user: the text is empty. Pass a name to show.");
}

function mentionFormat(user: MentionedUser): Format {
  if (typeof user === "bigint" || (typeof user === "number" && Number.isSafeInteger(user))) {
    return { _: "messageEntityMentionName", userId: BigInt(user) };
  }
  if (typeof user === "object" && user !== null) {
    if (isInputUser(user)) return { _: "inputMessageEntityMentionName", userId: user };
    const accessHash = accessHashOf(user) ?? ("raw" in user ? accessHashOf(user.raw) : undefined);
    if (typeof user.id === "bigint") {
      if (accessHash === undefined) return { _: "messageEntityMentionName", userId: user.id };
      const userId = { _: "inputUser", userId: user.id, accessHash } as const;
      return { _: "inputMessageEntityMentionName", userId };
    }
  }
  throw new TypeError(
    `Cannot mention a user of type ${typeof user}. Pass a user, an input user, or an id as a ` +
      "bigint; write a username as it is: @name.",
  );
}

function isInputUser(user: object): user is Api.InputUser {
  return "_" in user && String(user._).startsWith("inputUser");
}

/** The hash of a user that is `min` mentions nobody. https://core.telegram.org/api/min */
function accessHashOf(user: unknown): bigint | undefined {
  if (typeof user !== "object" || user === null) return undefined;
  const { _, min, accessHash } = user as Partial<Api.user>;
  return _ === "user" && !min ? accessHash : undefined;
}
