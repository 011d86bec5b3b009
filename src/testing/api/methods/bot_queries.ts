/**
 * Buttons and inline queries of bots, from both sides: https://core.telegram.org/api/bots/buttons
 * and https://core.telegram.org/api/bots/inline
 *
 * A question waits 15 seconds for its bot; Telegram does not publish how long it waits. Answers are
 * not cached. Results are texts only.
 */
import type { Target } from "../state/chats.ts";
import type { Api } from "../../../tl/mod.ts";
import { deliver, packetOf } from "../actions/deliver.ts";
import { recordEdit } from "../actions/change_message.ts";
import { badRequest } from "../failure.ts";
import { peerObject } from "../objects/message.ts";
import { peersIn } from "../objects/peers.ts";
import type { Post } from "../state/post.ts";
import { checkHome } from "./caller_checks.ts";
import { userIn } from "./groups.ts";
import { targetOf } from "./input_peers.ts";
import { knownCopy } from "./message_changes.ts";
import { checkedText, checkMayWrite, replyTo, send, sentBefore, sentEntities } from "./messages.ts";
import type { Methods, SignedInCall } from "./method.ts";

const BOT_TIMEOUT_MS = 15_000;

/** Buttons and inline queries of bots. */
export const botQueryMethods: Methods = {
  "messages.getBotCallbackAnswer": {
    callers: "users",
    async answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const target = targetOf(request.peer, call);
      const { post } = knownCopy(target, request.msgId, call);
      const { data } = request;
      if (data === undefined || !hasButton(post, data)) throw badRequest("DATA_INVALID");
      const bot = state.directory.byId(post.viaBotId ?? post.authorId);
      if (!bot?.isBot) throw badRequest("MESSAGE_ID_INVALID");
      const { id: queryId, answer } = state.callbacks.ask(bot.id, BOT_TIMEOUT_MS);
      const copy = (target.kind === "channel" ? target.box : bot.mailbox).copyOf(post);
      const common = { queryId, userId: account.id, chatInstance: chatInstance(target.id), data };
      if (post.viaBotId !== undefined) {
        const msgId = inlineMessageId(post, target, call);
        deliver(state, bot, [{ _: "updateInlineBotCallbackQuery", ...common, msgId }]);
      } else if (copy !== undefined) {
        const peer = peerObject(copy.chat);
        deliver(state, bot, [{ _: "updateBotCallbackQuery", ...common, peer, msgId: copy.id }]);
      }
      const answered = await answer;
      if (answered === undefined) throw badRequest("BOT_RESPONSE_TIMEOUT");
      return answered;
    },
  },

  "messages.setBotCallbackAnswer": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const { queryId, alert, message, url, cacheTime } = request;
      const answer: Api.messages.botCallbackAnswer = {
        _: "messages.botCallbackAnswer",
        alert: alert || undefined,
        hasUrl: url !== undefined || undefined,
        nativeUi: true,
        message,
        url,
        cacheTime,
      };
      if (!state.callbacks.answer(queryId, account.id, answer)) {
        throw badRequest("QUERY_ID_INVALID");
      }
      return true;
    },
  },

  "messages.getInlineBotResults": {
    callers: "users",
    async answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const bot = userIn(request.bot, call);
      if (!bot.isBot) throw badRequest("BOT_INVALID");
      if (!bot.inline) throw badRequest("BOT_INLINE_DISABLED");
      const { query, offset } = request;
      const { id: queryId, answer } = state.inlineQueries.ask(bot.id, BOT_TIMEOUT_MS);
      const update: Api.Update = {
        _: "updateBotInlineQuery",
        queryId,
        userId: account.id,
        query,
        peerType: peerType(request.peer, call),
        offset,
      };
      deliver(state, bot, [update]);
      const answered = await answer;
      if (answered === undefined) throw badRequest("BOT_RESPONSE_TIMEOUT");
      state.inlineAnswers.set(`${account.id} ${queryId}`, answered);
      return {
        _: "messages.botResults",
        ...answered.answer,
        queryId,
        results: answered.results.map((one) => shownResult(one, call)),
        users: peersIn(state, account, { userId: bot.id }).users,
      };
    },
  },

  "messages.setInlineBotResults": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const results = request.results.map((result) => {
        const isText = result._ === "inputBotInlineResult" &&
          result.sendMessage._ === "inputBotInlineMessageText";
        if (!isText) throw badRequest("RESULT_TYPE_INVALID");
        return result;
      });
      if (new Set(results.map(({ id }) => id)).size < results.length) {
        throw badRequest("RESULT_ID_DUPLICATE");
      }
      const { gallery, nextOffset, switchPm, switchWebview, cacheTime } = request;
      const answer = {
        gallery: gallery || undefined,
        nextOffset,
        switchPm,
        switchWebview,
        cacheTime,
      };
      const known = state.inlineQueries.answer(request.queryId, account.id, {
        botId: account.id,
        results,
        answer,
      });
      if (!known) throw badRequest("QUERY_ID_INVALID");
      return true;
    },
  },

  "messages.editInlineBotMessage": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const { target, post } = state.inlineMessages.get(String(request.id.accessHash)) ?? {};
      if (target === undefined || post?.viaBotId !== account.id) {
        throw badRequest("MESSAGE_ID_INVALID");
      }
      if (request.message !== undefined) {
        post.text = checkedText(request.message);
        post.entities = sentEntities(post.text, request.entities, call);
      }
      post.markup = request.replyMarkup;
      post.editDate = state.nowSeconds();
      const author = state.directory.byId(post.authorId);
      if (author !== undefined) recordEdit(state, target, post, { author });
      return true;
    },
  },

  "messages.sendInlineBotResult": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const target = targetOf(request.peer, call);
      checkMayWrite(target, call);
      const { queryId, id, randomId } = request;
      if (randomId === 0n) throw badRequest("RANDOM_ID_EMPTY");
      const known = sentBefore(target, randomId, call);
      if (known !== undefined) return packetOf(state, account, known);
      const answer = state.inlineAnswers.get(`${account.id} ${queryId}`);
      if (answer === undefined) throw badRequest("QUERY_ID_INVALID");
      const result = answer.results.find((one) => one.id === id);
      if (result === undefined) throw badRequest("RESULT_ID_INVALID");
      const { message, entities, replyMarkup } = textOf(result);
      const text = checkedText(message);
      return send(call, target, randomId, {
        text,
        entities: sentEntities(text, entities, call),
        markup: replyMarkup,
        replyTo: replyTo(request, target, call),
        viaBotId: answer.botId,
        silent: request.silent || undefined,
      });
    },
  },
};

/** Returns the id by which a bot knows a message that somebody sent by its inline mode. */
function inlineMessageId(
  post: Post,
  target: Target,
  { state, caller }: SignedInCall,
): Api.inputBotInlineMessageID64 {
  const box = target.kind === "channel" ? target.box : state.directory.byId(post.authorId)?.mailbox;
  const id = box?.copyOf(post)?.id ?? 0;
  const ownerId = target.kind === "channel" ? target.id : post.authorId;
  const accessHash = chatInstance(ownerId + BigInt(id));
  state.inlineMessages.set(String(accessHash), { target, post });
  return { _: "inputBotInlineMessageID64", dcId: caller.dcId, ownerId, id, accessHash };
}

function hasButton({ markup }: Post, data: Uint8Array): boolean {
  if (markup?._ !== "replyInlineMarkup") return false;
  return markup.rows.some(({ buttons }) =>
    buttons.some((button) =>
      button._ === "keyboardButtonCallback" && String(button.data) === String(data)
    )
  );
}

/** Returns the number by which a bot tells chats apart in which its buttons are pressed. */
function chatInstance(id: bigint): bigint {
  return BigInt.asIntN(64, id * 0x9e3779b97f4a7c15n);
}

function peerType(input: Api.InputPeer, call: SignedInCall): Api.InlineQueryPeerType | undefined {
  if (input._ === "inputPeerEmpty") return undefined;
  const target = targetOf(input, call);
  if (target.kind === "chat") return { _: "inlineQueryPeerTypeChat" };
  if (target.kind === "channel") {
    return {
      _: target.isMegagroup ? "inlineQueryPeerTypeMegagroup" : "inlineQueryPeerTypeBroadcast",
    };
  }
  return { _: target.account.isBot ? "inlineQueryPeerTypeBotPM" : "inlineQueryPeerTypePM" };
}

function textOf({ sendMessage }: Api.inputBotInlineResult): Api.inputBotInlineMessageText {
  // messages.setInlineBotResults refuses all others.
  return sendMessage as Api.inputBotInlineMessageText;
}

function shownResult(result: Api.inputBotInlineResult, call: SignedInCall): Api.botInlineResult {
  const { id, type, title, description, url } = result;
  const { message, entities, replyMarkup, noWebpage } = textOf(result);
  const shown = sentEntities(message, entities, call);
  return {
    _: "botInlineResult",
    id,
    type,
    title,
    description,
    url,
    sendMessage: {
      _: "botInlineMessageText",
      noWebpage: noWebpage || undefined,
      message,
      entities: shown && [...shown],
      replyMarkup,
    },
  };
}
