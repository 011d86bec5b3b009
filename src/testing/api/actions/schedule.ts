/**
 * Sending messages at their time: https://core.telegram.org/api/scheduled-messages
 */
import type { Api } from "../../../tl/mod.ts";
import type { Caller } from "../caller.ts";
import { peerObject } from "../objects/message.ts";
import type { ScheduledMessage } from "../state/scheduled.ts";
import type { ServerState } from "../state/server_state.ts";
import { deliver } from "./deliver.ts";
import { postMessage } from "./post_message.ts";

/** Sends the messages whose time has come. */
export function sendDue(state: ServerState): void {
  const due = state.scheduled.due(state.nowSeconds());
  if (due.length > 0) sendScheduled(state, due);
}

/** Sends messages now. Returns the updates about those that wait no more. */
export function sendScheduled(
  state: ServerState,
  messages: readonly ScheduledMessage[],
  caller?: Caller,
): Api.Update[] {
  state.scheduled.remove(messages);
  return messages.map(({ author, target, copy, randomId }) => {
    const post = { ...copy.post, date: state.nowSeconds(), fromScheduled: true };
    const event = postMessage(state, target, post, { author, randomId });
    const update: Api.Update = {
      _: "updateDeleteScheduledMessages",
      peer: peerObject(copy.chat),
      messages: [copy.id],
      sentMessages: [event.copy.id],
    };
    deliver(state, author, [update], { except: caller });
    return update;
  });
}

/** Sends a message when its time comes, if the server can wait. */
export function sendWhenDue(state: ServerState, { copy }: ScheduledMessage): void {
  const ms = (copy.post.date - state.nowSeconds()) * 1000;
  state.sleep?.(ms, state.ended.signal).then(() => sendDue(state)).catch(() => {});
}
