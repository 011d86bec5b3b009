/**
 * A formatted text as it is sent: without white space at its ends, which Telegram cuts off, and
 * with an input user for each mention. https://core.telegram.org/api/entities
 */
import type { StepOptions } from "../auth/mod.ts";
import { abortable } from "../runtime/mod.ts";
import type { Api } from "../tl/mod.ts";
import { inputPeerOf, type PeerContext } from "./input_peer.ts";

/** The most entities that Telegram takes with a message. */
const MAX_ENTITIES = 100;

/** The kinds that Telegram finds by itself. They are not sent. */
const FOUND: readonly Api.MessageEntity["_"][] = [
  "messageEntityUnknown",
  "messageEntityMention",
  "messageEntityHashtag",
  "messageEntityCashtag",
  "messageEntityBotCommand",
  "messageEntityUrl",
  "messageEntityEmail",
  "messageEntityPhone",
  "messageEntityBankCard",
];

/**
 * Returns a text with its entities as they are sent.
 *
 * @throws `TypeError` if there are more than 100 entities, or a mentioned user was not seen before
 */
export async function outgoingText(
  context: PeerContext,
  { text, entities }: { readonly text: string; readonly entities: readonly Api.MessageEntity[] },
  options: StepOptions = {},
): Promise<{ message: string; entities: Api.MessageEntity[] }> {
  const own = entities.filter(({ _ }) => !FOUND.includes(_));
  if (own.length > MAX_ENTITIES) {
    throw new TypeError(
      `Cannot send a text with ${own.length} entities, expected at most ${MAX_ENTITIES}. Send it ` +
        "as several messages.",
    );
  }
  const message = text.trim();
  const cut = text.length - text.trimStart().length;
  const sent: Api.MessageEntity[] = [];
  for (const entity of own) {
    const start = Math.max(entity.offset - cut, 0);
    const end = Math.min(entity.offset + entity.length - cut, message.length);
    if (start >= end) continue;
    sent.push({ ...await sendable(context, entity, options), offset: start, length: end - start });
  }
  return { message, entities: sent };
}

/** A mention as Telegram sends it has no access hash: it is looked up. */
async function sendable(
  context: PeerContext,
  entity: Api.MessageEntity,
  options: StepOptions,
): Promise<Api.MessageEntity> {
  if (entity._ !== "messageEntityMentionName") return entity;
  const { offset, length, userId } = entity;
  const user = await inputUserOf(context, userId, options);
  return { _: "inputMessageEntityMentionName", offset, length, userId: user };
}

async function inputUserOf(
  context: PeerContext,
  id: bigint,
  options: StepOptions,
): Promise<Api.InputUser> {
  await abortable(context.ready(), options.signal);
  if (id === context.session.state.user?.id) return { _: "inputUserSelf" };
  let reason = "the id is not of a user";
  let cause: unknown;
  try {
    const peer = await inputPeerOf(context, id, options);
    if (peer._ === "inputPeerUser") {
      return { _: "inputUser", userId: peer.userId, accessHash: peer.accessHash };
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    reason = "this session has not seen the user";
    cause = error;
  }
  throw new TypeError(
    `Cannot mention the user "${id}": ${reason}. Write the @username, or use mention(user, text) ` +
      "with a user that Telegram sent.",
    { cause },
  );
}
