/**
 * What a client missed in a channel: https://core.telegram.org/method/updates.getChannelDifference
 *
 * Bots in privacy mode receive the events that concern them. Public channels answer everyone.
 */
import type { Api } from "../../../tl/mod.ts";
import { channelHistory, concerns } from "../actions/post_message.ts";
import { dialogOf } from "../actions/dialogs.ts";
import { badRequest } from "../failure.ts";
import { messageObject } from "../objects/message.ts";
import { peersIn } from "../objects/peers.ts";
import { channelUpdate } from "../objects/updates.ts";
import type { Channel } from "../state/chats.ts";
import type { BoxEvent } from "../state/message_box.ts";
import { checkHome } from "./caller_checks.ts";
import { channelOf } from "./input_peers.ts";
import type { Methods, SignedInCall } from "./method.ts";

const LEAST = 10;
const MOST_FOR_USERS = 100;
const MOST_FOR_BOTS = 100_000;
/** How many of the newest messages come with a difference that is too long. */
const NEWEST = 100;

/** What a client missed in a channel. */
export const channelDifferenceMethods: Methods = {
  "updates.getChannelDifference": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const channel = channelOf(request.channel, call);
      const { pts } = request;
      if (pts === 0) throw badRequest("PERSISTENT_TIMESTAMP_EMPTY");
      if (pts < 0 || pts > channel.box.pts) throw badRequest("PERSISTENT_TIMESTAMP_INVALID");
      const most = account.isBot ? MOST_FOR_BOTS : MOST_FOR_USERS;
      const limit = Math.min(Math.max(request.limit, LEAST), most);
      const { channelTimeout: timeout } = state.limits;
      if (pts + limit < channel.box.pts) return tooLong(call, channel, limit, timeout);
      const missed = channel.box.since(pts);
      const events = missed.slice(0, state.limits.slice);
      if (events.length === 0) {
        return { _: "updates.channelDifferenceEmpty", final: true, pts, timeout };
      }
      return {
        _: "updates.channelDifference",
        final: events.length === missed.length || undefined,
        pts: events[events.length - 1].pts,
        timeout,
        ...differenceOf(call, channel, events),
      };
    },
  },
};

type Content = Pick<
  Api.updates.channelDifference,
  "newMessages" | "otherUpdates" | "chats" | "users"
>;

function differenceOf(
  { state, account }: SignedInCall,
  channel: Channel,
  events: readonly BoxEvent[],
): Content {
  const newMessages: Api.Message[] = [];
  const otherUpdates: Api.Update[] = [];
  for (const event of events.filter((one) => concerns(one, channel, account))) {
    if (event.kind !== "new") otherUpdates.push(channelUpdate(event, channel, account));
    else if (channel.box.get(event.copy.id) !== undefined) {
      newMessages.push(messageObject(event.copy, account));
    }
  }
  const named = [newMessages, otherUpdates, { channelId: channel.id }];
  return { newMessages, otherUpdates, ...peersIn(state, account, named) };
}

function tooLong(
  { state, account }: SignedInCall,
  channel: Channel,
  limit: number,
  timeout: number,
): Api.updates.channelDifferenceTooLong {
  const newest = channelHistory(channel).slice(-Math.min(limit, NEWEST)).reverse();
  const messages = newest.map((copy) => messageObject(copy, account));
  const dialog = dialogOf(account, channel);
  return {
    _: "updates.channelDifferenceTooLong",
    final: true,
    timeout,
    dialog,
    messages,
    ...peersIn(state, account, [messages, dialog]),
  };
}
