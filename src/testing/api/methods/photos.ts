/**
 * The photos of users, groups and channels: https://core.telegram.org/api/files
 *
 * photos.uploadProfilePhoto, updateProfilePhoto, getUserPhotos, deletePhotos;
 * messages.editChatPhoto, channels.editPhoto. Videos and emojis as photos are not supported.
 */
import type { Api } from "../../../tl/mod.ts";
import { deliver, packetOf } from "../actions/deliver.ts";
import { postService } from "../actions/membership.ts";
import { updateOf } from "../actions/post_message.ts";
import { badRequest } from "../failure.ts";
import { photoObject, profilePhotoObject } from "../objects/media.ts";
import { userObject } from "../objects/user.ts";
import { type Chat, isAdmin } from "../state/chats.ts";
import type { StoredFile } from "../state/files.ts";
import { checkHome } from "./caller_checks.ts";
import { memberGroup, userIn } from "./groups.ts";
import { channelOf } from "./input_peers.ts";
import { newPhoto } from "./media.ts";
import type { Methods, SignedInCall } from "./method.ts";

const PAGE = 100;

/** The photos of users and chats. */
export const photoMethods: Methods = {
  "photos.uploadProfilePhoto": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      if (request.file === undefined) throw badRequest("PHOTO_CROP_FILE_MISSING");
      const photo = newPhoto(request.file, call, { isProfile: true });
      call.account.photos.unshift(photo);
      return changed(photo, call);
    },
  },

  "photos.updateProfilePhoto": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { account: { photos } } = call;
      if (request.id._ === "inputPhotoEmpty") {
        photos.shift();
        return changed(photos[0], call);
      }
      const photo = photoIn(request.id, call);
      if (photo === undefined) throw badRequest("PHOTO_ID_INVALID");
      const index = photos.indexOf(photo);
      if (index >= 0) photos.splice(index, 1);
      photos.unshift(photo);
      return changed(photo, call);
    },
  },

  "photos.getUserPhotos": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state: { files }, account } = call;
      const user = userIn(request.userId, call);
      const { offset, maxId, limit } = request;
      const all = user.photos.filter(({ id }) => maxId === 0n || id === maxId);
      const most = limit > 0 ? Math.min(limit, PAGE) : PAGE;
      const page = all.slice(Math.max(offset, 0), Math.max(offset, 0) + most);
      const photos = page.map((photo) => photoObject(photo, files));
      const users = [userObject(user, account)];
      if (page.length === all.length) return { _: "photos.photos", photos, users };
      return { _: "photos.photosSlice", count: all.length, photos, users };
    },
  },

  "photos.deletePhotos": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const { account } = call;
      const gone = request.id.map((id) => photoIn(id, call)).filter((one) => one !== undefined)
        .filter((photo) => account.photos.includes(photo));
      const [before] = account.photos;
      for (const photo of gone) account.photos.splice(account.photos.indexOf(photo), 1);
      if (account.photos[0] !== before) tellOthers(call);
      return gone.map(({ id }) => id);
    },
  },

  "messages.editChatPhoto": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      return setPhoto(memberGroup(request.chatId, call), request.photo, call);
    },
  },

  "channels.editPhoto": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      return setPhoto(channelOf(request.channel, call), request.photo, call);
    },
  },
};

/** Tells all who know the account of its photo. Returns the answer. */
function changed(photo: StoredFile | undefined, call: SignedInCall): Api.photos.photo {
  const { state: { files }, account } = call;
  tellOthers(call);
  const users = [userObject(account, account)];
  return { _: "photos.photo", photo: profilePhotoObject(photo, files), users };
}

function tellOthers({ state, account, caller }: SignedInCall): void {
  const update: Api.Update = { _: "updateUser", userId: account.id };
  for (const one of state.directory.all()) {
    if (one !== account && !one.met.has(account.id)) continue;
    deliver(state, one, [update], { except: one === account ? caller : undefined });
  }
}

/** Returns a photo that the server has, by a reference that is good. */
function photoIn(
  input: Api.InputPhoto,
  { state: { files } }: SignedInCall,
): StoredFile | undefined {
  if (input._ === "inputPhotoEmpty") return undefined;
  const photo = files.find(input.id, input.accessHash);
  if (photo?.kind !== "photo") return undefined;
  files.checkReference(photo, input.fileReference);
  return photo;
}

function setPhoto(chat: Chat, input: Api.InputChatPhoto, call: SignedInCall): Api.Updates {
  const { state, account, caller } = call;
  if (!isAdmin(chat, account)) throw badRequest("CHAT_ADMIN_REQUIRED");
  const photo = chatPhotoOf(input, call);
  if (photo === chat.photo) throw badRequest("CHAT_NOT_MODIFIED");
  chat.photo = photo;
  if (chat.kind === "chat") chat.version++;
  const action = (): Api.MessageAction =>
    photo === undefined
      ? { _: "messageActionChatDeletePhoto" }
      : { _: "messageActionChatEditPhoto", photo: photoObject(photo, state.files) };
  const event = postService(state, chat, action, { account, caller });
  const updates = [updateOf(event, chat, account)];
  if (chat.kind === "channel") updates.unshift({ _: "updateChannel", channelId: chat.id });
  return packetOf(state, account, updates);
}

function chatPhotoOf(input: Api.InputChatPhoto, call: SignedInCall): StoredFile | undefined {
  switch (input._) {
    case "inputChatPhotoEmpty":
      return undefined;
    case "inputChatUploadedPhoto":
      if (input.file === undefined) throw badRequest("PHOTO_CROP_FILE_MISSING");
      return newPhoto(input.file, call, { isProfile: true });
    case "inputChatPhoto": {
      const photo = photoIn(input.id, call);
      if (photo === undefined) throw badRequest("PHOTO_INVALID");
      return photo;
    }
  }
}
