/**
 * Forwarding messages: https://core.telegram.org/method/messages.forwardMessages
 */
import type { Api } from "../../../tl/mod.ts";
import { packetOf } from "../actions/deliver.ts";
import { badRequest } from "../failure.ts";
import type { Copy, Origin } from "../state/post.ts";
import { checkHome } from "./caller_checks.ts";
import { targetOf } from "./input_peers.ts";
import {
  checkMayWrite,
  copyIn,
  newPost,
  post,
  replyTo,
  sentBefore,
  sentUpdates,
} from "./messages.ts";
import type { Methods } from "./method.ts";
import { schedule } from "./scheduled.ts";

/** Forwarding messages. */
export const forwardMethods: Methods = {
  "messages.forwardMessages": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const from = targetOf(request.fromPeer, call);
      const to = targetOf(request.toPeer, call);
      checkMayWrite(to, call);
      const { id: ids, randomId: randomIds, scheduleDate } = request;
      if (ids.length === 0) throw badRequest("MESSAGE_IDS_EMPTY");
      if (ids.length !== randomIds.length) throw badRequest("RANDOM_ID_INVALID");
      const copies = ids.map((id) => copyIn(from, id, call));
      if (copies.some((copy) => copy === undefined || copy.post.action !== undefined)) {
        throw badRequest("MESSAGE_ID_INVALID");
      }
      const contents = copies.filter((copy) => copy !== undefined).map((copy) => ({
        text: request.dropMediaCaptions && copy.post.media ? "" : copy.post.text,
        entities: request.dropMediaCaptions && copy.post.media ? undefined : copy.post.entities,
        media: copy.post.media,
        origin: request.dropAuthor ? undefined : originOf(copy),
        replyTo: replyTo(request, to, call),
        viaBotId: copy.post.viaBotId,
        silent: request.silent || undefined,
      }));
      if (scheduleDate !== undefined && scheduleDate > state.nowSeconds()) {
        const posts = contents.map((content, index) =>
          [newPost(call, to, content, scheduleDate), randomIds[index]] as const
        );
        return schedule(call, to, posts);
      }
      const updates = contents.flatMap((content, index): Api.Update[] => {
        const randomId = randomIds[index];
        const known = sentBefore(to, randomId, call);
        if (known !== undefined) return known;
        return sentUpdates(call, to, post(call, to, randomId, content), randomId);
      });
      return packetOf(state, account, updates);
    },
  },
};

/** Returns where a forwarded message comes from: a message forwarded twice comes from its first. */
function originOf({ id, chat, post: { authorId, date, isChannelPost, origin } }: Copy): Origin {
  if (origin !== undefined) return origin;
  if (isChannelPost) return { from: chat, date, channelPost: id };
  return { from: { kind: "user", id: authorId }, date };
}
