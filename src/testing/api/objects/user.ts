/**
 * Users in the form of TL: https://core.telegram.org/constructor/user
 */
import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import type { Directory } from "../state/directory.ts";
import type { StoredMessage } from "../state/mailbox.ts";

/** Returns an account as another account, or it itself, sees it. Only it itself sees its phone. */
export function userObject(account: Account, viewer: Account): Api.user {
  const self = account === viewer || undefined;
  return {
    _: "user",
    self,
    contact: account.isBot ? undefined : self,
    mutualContact: account.isBot ? undefined : self,
    bot: account.isBot || undefined,
    botInfoVersion: account.isBot ? 1 : undefined,
    id: account.id,
    accessHash: account.accessHash,
    firstName: account.firstName,
    lastName: account.lastName,
    username: account.username,
    phone: self && account.phone,
    status: account.isBot ? undefined : { _: "userStatusRecently" },
  };
}

/** Returns all users that these messages name. */
export function usersOfMessages(
  messages: readonly StoredMessage[],
  directory: Directory,
  viewer: Account,
): Api.user[] {
  const ids = new Set(messages.flatMap(({ peerId, fromId }) => [peerId, fromId]));
  const accounts = [...ids].map((id) => directory.byId(id));
  return accounts.filter((one) => one !== undefined).map((one) => userObject(one, viewer));
}
