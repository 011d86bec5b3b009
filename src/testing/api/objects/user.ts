/**
 * Users in the form of TL: https://core.telegram.org/constructor/user
 */
import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import { userPhotoObject } from "./media.ts";

/** Returns an account as another account, or it itself, sees it. Only it itself sees its phone. */
export function userObject(account: Account, viewer: Account): Api.user {
  const self = account === viewer || undefined;
  return {
    _: "user",
    self,
    contact: account.isBot ? undefined : self,
    mutualContact: account.isBot ? undefined : self,
    premium: account.premium || undefined,
    bot: account.isBot || undefined,
    botChatHistory: (account.isBot && account.privacy === false) || undefined,
    botInfoVersion: account.isBot ? 1 : undefined,
    botInlinePlaceholder: account.inline ? "" : undefined,
    id: account.id,
    accessHash: account.accessHash,
    firstName: account.firstName,
    lastName: account.lastName,
    username: account.username,
    phone: self && account.phone,
    photo: userPhotoObject(account.photos[0]),
    status: account.isBot ? undefined : { _: "userStatusRecently" },
  };
}

/** Returns an account as those see it who have not met it: https://core.telegram.org/api/min */
export function minUserObject(account: Account): Api.user {
  const { id, firstName, lastName, username, photos: [photo] } = account;
  return {
    _: "user",
    min: true,
    bot: account.isBot || undefined,
    botInfoVersion: account.isBot ? 1 : undefined,
    id,
    accessHash: minAccessHash(account),
    firstName,
    lastName,
    username,
    photo: userPhotoObject(photo),
    applyMinPhoto: photo !== undefined || undefined,
  };
}

/** Returns the access hash of a `min` user, which only loads profile photos. */
export function minAccessHash({ accessHash }: Account): bigint {
  return BigInt.asIntN(64, ~accessHash);
}
