/**
 * The users and chats that come with an answer or an update: each that is named in it.
 * https://core.telegram.org/api/peers and https://core.telegram.org/api/min
 *
 * They are found by the names of the fields that hold ids, in any object. What an account receives
 * in full, it has met. Before that, updates of channels have the sender as `min` only.
 */
import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import type { ServerState } from "../state/server_state.ts";
import { chatObject } from "./chat.ts";
import { minUserObject, userObject } from "./user.ts";

/** Users and chats, in the form of answers. */
export interface PeerLists {
  readonly users: Api.User[];
  readonly chats: Api.Chat[];
}

const USER_FIELDS = ["userId", "viaBotId", "inviterId", "botId", "adminId", "actorId"];

/** Returns the users and chats that the values name, as an account sees them. */
export function peersIn(
  state: ServerState,
  viewer: Account,
  values: unknown,
  { min = false }: { readonly min?: boolean } = {},
): PeerLists {
  const found = { users: new Set<bigint>(), chats: new Set<string>() };
  collect(values, found);
  const accounts = [...found.users].map((id) => state.directory.byId(id))
    .filter((one) => one !== undefined);
  const chats = [...found.chats].map((key) => {
    const [kind, id] = key.split(" ") as ["chat" | "channel", string];
    return state.chats.get({ kind, id: BigInt(id) });
  });
  return {
    users: accounts.map((account) => {
      if (min && account !== viewer && !viewer.met.has(account.id)) return minUserObject(account);
      viewer.met.add(account.id);
      return userObject(account, viewer);
    }),
    chats: chats.filter((one) => one !== undefined).map((one) => chatObject(one, viewer)),
  };
}

/** Returns the ids of the users that a value names. */
export function userIdsIn(value: unknown): ReadonlySet<bigint> {
  const found = { users: new Set<bigint>(), chats: new Set<string>() };
  collect(value, found);
  return found.users;
}

interface Found {
  readonly users: Set<bigint>;
  readonly chats: Set<string>;
}

function collect(value: unknown, found: Found): void {
  if (Array.isArray(value)) {
    for (const one of value) collect(one, found);
    return;
  }
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
  for (const [name, field] of Object.entries(value)) {
    if (typeof field === "bigint") {
      if (USER_FIELDS.includes(name)) found.users.add(field);
      if (name === "chatId") found.chats.add(`chat ${field}`);
      if (name === "channelId") found.chats.add(`channel ${field}`);
    } else if (name === "users" && Array.isArray(field)) {
      for (const id of field) if (typeof id === "bigint") found.users.add(id);
    } else {
      collect(field, found);
    }
  }
}
