/**
 * The state of an account's updates, and what it missed: https://core.telegram.org/api/updates
 *
 * The common box (pts), the secondary one (qts), and channels that had events since the client's
 * `date`: for these the difference has `updateChannelTooLong`, and channel_difference.ts has the
 * rest. Telegram does not say when a difference is too long without `pts_total_limit`: here that is
 * an option.
 */
import type { Api } from "../../../tl/mod.ts";
import { badRequest } from "../failure.ts";
import { peersIn } from "../objects/peers.ts";
import { commonUpdate } from "../objects/updates.ts";
import { messageObject } from "../objects/message.ts";
import type { BoxEvent } from "../state/message_box.ts";
import { checkHome } from "./caller_checks.ts";
import type { Methods, SignedInCall } from "./method.ts";

/** The state of an account's updates, and what it missed. */
export const updatesMethods: Methods = {
  "updates.getState": {
    callers: "users and bots",
    answer(_request, call) {
      checkHome(call);
      return updatesState(call);
    },
  },

  "updates.getDifference": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account: { mailbox, secondary } } = call;
      const { pts, qts, date, ptsTotalLimit, ptsLimit = Infinity } = request;
      if (pts === 0) throw badRequest("PERSISTENT_TIMESTAMP_EMPTY");
      if (pts < 0 || pts > mailbox.pts || qts > secondary.qts) {
        throw badRequest("PERSISTENT_TIMESTAMP_INVALID");
      }
      if (date === 0) throw badRequest("DATE_EMPTY");
      const most = Math.min(ptsTotalLimit ?? Infinity, state.limits.tooLongAfter);
      if (pts + most < mailbox.pts) {
        return { _: "updates.differenceTooLong", pts: mailbox.pts };
      }
      const size = Math.min(state.limits.slice, Math.max(ptsLimit, 1));
      const missed = mailbox.since(pts);
      const events = missed.slice(0, size);
      const others = missedByQts(call, qts, request.qtsLimit ?? state.limits.slice);
      const isLast = events.length === missed.length && others.isLast;
      const channels = isLast ? missedChannels(call, date) : [];
      if (events.length + others.updates.length + channels.length === 0) {
        const now = state.nowSeconds();
        return { _: "updates.differenceEmpty", date: now, seq: seqOf(call) };
      }
      const content = differenceOf(call, events, [...others.updates, ...channels]);
      if (isLast) return { _: "updates.difference", ...content, state: updatesState(call) };
      const intermediateState = {
        ...updatesState(call),
        pts: events.at(-1)?.pts ?? pts,
        qts: others.qts,
        date,
      };
      return { _: "updates.differenceSlice", ...content, intermediateState };
    },
  },
};

/** Returns the state of the updates of the caller's account. */
export function updatesState(call: SignedInCall): Api.updates.state {
  const { state, account: { mailbox: { pts }, secondary: { qts } } } = call;
  const date = state.nowSeconds();
  return { _: "updates.state", pts, qts, date, seq: seqOf(call), unreadCount: 0 };
}

function seqOf({ state, caller }: SignedInCall): number {
  return state.authorizations.seq(caller.authKeyId);
}

interface MissedByQts {
  readonly updates: readonly Api.Update[];
  readonly qts: number;
  readonly isLast: boolean;
}

function missedByQts({ account }: SignedInCall, qts: number, limit: number): MissedByQts {
  const all = account.secondary.since(qts);
  const updates = all.slice(0, Math.max(limit, 1));
  const last = updates.at(-1)?.qts ?? qts;
  return { updates, qts: last, isLast: updates.length === all.length };
}

/**
 * Returns the changes of the list of channels since a date, and an order to fetch for each channel
 * that had events.
 */
function missedChannels({ state, account }: SignedInCall, date: number): Api.Update[] {
  const listed = [...account.channelChanges].filter(([, changed]) => changed >= date)
    .map(([channelId]): Api.Update => ({ _: "updateChannel", channelId }));
  const changed = state.chats.channelsOf(account).filter(({ box }) => box.lastDate >= date);
  return [
    ...listed,
    ...changed.map(({ id: channelId, box: { pts } }): Api.Update => ({
      _: "updateChannelTooLong",
      channelId,
      pts,
    })),
  ];
}

type Content = Omit<Api.updates.difference, "_" | "state">;

function differenceOf(
  { state, account }: SignedInCall,
  events: readonly BoxEvent[],
  others: readonly Api.Update[],
): Content {
  const newMessages: Api.Message[] = [];
  const otherUpdates: Api.Update[] = [];
  for (const event of events) {
    if (event.kind !== "new") {
      otherUpdates.push(commonUpdate(event, account));
      continue;
    }
    const { copy, randomId } = event;
    // Deleted since.
    if (account.mailbox.get(copy.id) === undefined) continue;
    newMessages.push(messageObject(copy, account));
    // By this, a client finds the message whose answer it lost.
    if (randomId !== undefined) otherUpdates.push({ _: "updateMessageID", id: copy.id, randomId });
  }
  otherUpdates.push(...others);
  const peers = peersIn(state, account, [newMessages, otherUpdates]);
  return { newMessages, newEncryptedMessages: [], otherUpdates, ...peers };
}
