/**
 * Changing a message in the boxes of all who have it: edits, deletions, reactions, pins.
 * https://core.telegram.org/api/updates
 */
import type { Caller } from "../caller.ts";
import { commonUpdate } from "../objects/updates.ts";
import type { Account } from "../state/account.ts";
import type { Channel, Target } from "../state/chats.ts";
import type { BoxChange, BoxEvent } from "../state/message_box.ts";
import type { Post } from "../state/post.ts";
import type { ServerState } from "../state/server_state.ts";
import { deliver } from "./deliver.ts";
import { deliverToMembers } from "./post_message.ts";

/** Who changes a message, by which session. */
export interface Changer {
  readonly author: Account;
  readonly caller?: Caller;
}

/** Returns the accounts that may have a message of a private chat or a basic group. */
function owners(target: Exclude<Target, Channel>, author: Account): ReadonlySet<Account> {
  if (target.kind === "user") return new Set([author, target.account]);
  return new Set([author, ...[...target.members.values()].map(({ account }) => account)]);
}

/** Records that a message was edited. Returns the event in the author's box. */
export function recordEdit(
  state: ServerState,
  target: Target,
  post: Post,
  { author, caller }: Changer,
): BoxEvent | undefined {
  const date = state.nowSeconds();
  if (target.kind === "channel") {
    const copy = target.box.copyOf(post);
    if (copy === undefined) return undefined;
    const event = target.box.record({ kind: "edit", copy }, date);
    deliverToMembers(state, target, event, { author, caller });
    return event;
  }
  let own: BoxEvent | undefined;
  for (const owner of owners(target, author)) {
    const copy = owner.mailbox.copyOf(post);
    if (copy === undefined) continue;
    const event = record(state, owner, { kind: "edit", copy }, date, { author, caller });
    if (owner === author) own = event;
  }
  return own;
}

/** Records an event in the box of an account, and tells its sessions. */
export function record(
  state: ServerState,
  owner: Account,
  change: BoxChange,
  date: number,
  { author, caller }: Changer,
): BoxEvent {
  const event = owner.mailbox.record(change, date);
  const except = owner === author ? caller : undefined;
  deliver(state, owner, [commonUpdate(event, owner)], { except });
  return event;
}

/**
 * Deletes messages of a private chat or a basic group: for their owner, and with `revoke` for all.
 * Returns the event in the owner's box.
 */
export function deleteCopies(
  state: ServerState,
  posts: readonly Post[],
  revoke: boolean,
  { author, caller }: Changer,
): BoxEvent<"delete"> | undefined {
  const date = state.nowSeconds();
  let own: BoxEvent<"delete"> | undefined;
  for (const owner of revoke ? state.directory.all() : [author]) {
    const copies = posts.map((post) => owner.mailbox.copyOf(post))
      .filter((copy) => copy !== undefined);
    const event = owner.mailbox.delete(copies.map(({ id }) => id), date);
    if (event === undefined) continue;
    if (owner === author) own = event;
    const except = owner === author ? caller : undefined;
    deliver(state, owner, [commonUpdate(event, owner)], { except });
  }
  return own;
}
