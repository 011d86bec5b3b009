/**
 * Messages that wait for their time: https://core.telegram.org/api/scheduled-messages
 */
import type { Api } from "../../../tl/mod.ts";
import { deliver, packetOf } from "../actions/deliver.ts";
import { sendScheduled, sendWhenDue } from "../actions/schedule.ts";
import { badRequest } from "../failure.ts";
import { messageObject, peerObject } from "../objects/message.ts";
import { peersIn } from "../objects/peers.ts";
import type { Target } from "../state/chats.ts";
import type { Post } from "../state/post.ts";
import type { ScheduledMessage } from "../state/scheduled.ts";
import { checkHome } from "./caller_checks.ts";
import { targetOf } from "./input_peers.ts";
import type { Methods, SignedInCall } from "./method.ts";

const LATEST_SECONDS = 367 * 86_400;

/** Messages that wait for their time. */
export const scheduledMethods: Methods = {
  "messages.getScheduledHistory": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const target = targetOf(request.peer, call);
      const messages = state.scheduled.of(account, target)
        .map(({ copy }) => messageObject(copy, account)).reverse();
      return { _: "messages.messages", messages, topics: [], ...peersIn(state, account, messages) };
    },
  },

  "messages.sendScheduledMessages": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const waiting = known(request.peer, request.id, call);
      return packetOf(state, account, sendScheduled(state, waiting, caller));
    },
  },

  "messages.deleteScheduledMessages": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const waiting = known(request.peer, request.id, call);
      state.scheduled.remove(waiting);
      const peer = peerObject(waiting[0].copy.chat);
      const messages = waiting.map(({ copy }) => copy.id);
      const update: Api.Update = { _: "updateDeleteScheduledMessages", peer, messages };
      deliver(state, account, [update], { except: caller });
      return packetOf(state, account, [update]);
    },
  },
};

function known(
  peer: Api.InputPeer,
  ids: readonly number[],
  call: SignedInCall,
): readonly ScheduledMessage[] {
  const found = call.state.scheduled.of(call.account, targetOf(peer, call), ids);
  if (found.length === 0) throw badRequest("MESSAGE_ID_INVALID");
  return found;
}

/** Lets a message wait for its time. Returns the answer to its author. */
export function schedule(
  call: SignedInCall,
  target: Target,
  posts: readonly (readonly [post: Post, randomId: bigint])[],
): Api.Updates {
  const { state, account, caller } = call;
  if (account.isBot) throw badRequest("SCHEDULE_BOT_NOT_ALLOWED");
  const updates = posts.flatMap(([post, randomId]): Api.Update[] => {
    if (post.date > state.nowSeconds() + LATEST_SECONDS) {
      throw badRequest("SCHEDULE_DATE_TOO_LATE");
    }
    const message = state.scheduled.add(account, target, post, randomId);
    sendWhenDue(state, message);
    const { copy } = message;
    const update: Api.Update = {
      _: "updateNewScheduledMessage",
      message: messageObject(copy, account),
    };
    deliver(state, account, [update], { except: caller });
    return [{ _: "updateMessageID", id: copy.id, randomId }, update];
  });
  return packetOf(state, account, updates);
}
