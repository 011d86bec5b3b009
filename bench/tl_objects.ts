/**
 * Objects for measuring the TL codecs: a page of a history, a page of missed updates, the
 * configuration, one full user, and small ones. The data is invented; the sizes are realistic.
 */
import type { TlObject } from "../src/tl/mod.ts";

const DATE = 1_790_000_000;
const GREETING = "Hello there, how are you today?";
const QUESTION =
  "Привет! Давай встретимся завтра в кафе на углу, в семь вечера? Я заказал столик у окна.";
const ADVICE =
  "Use the second one: it is faster and needs no configuration. See https://example.com/docs " +
  "for the details; the part about retries is what you are looking for, I think.";

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index * 37);
}

function photo(i: number): TlObject {
  return {
    _: "photo",
    id: 0x5aa0_1234_5678_9abcn + BigInt(i),
    accessHash: -0x1122_3344_5566_7788n,
    fileReference: bytes(25),
    date: DATE + i,
    sizes: [
      { _: "photoStrippedSize", type: "i", bytes: bytes(90) },
      { _: "photoSize", type: "m", w: 320, h: 213, size: 17_000 },
      { _: "photoSizeProgressive", type: "y", w: 1280, h: 853, sizes: [9000, 24_000, 51_000] },
    ],
    dcId: 2,
  };
}

function message(i: number): TlObject {
  return {
    _: "message",
    out: i % 3 === 0 || undefined,
    id: 1000 + i,
    fromId: { _: "peerUser", userId: 6_123_456_789n + BigInt(i % 50) },
    peerId: { _: "peerChannel", channelId: 1_987_654_321n },
    replyTo: i % 4 === 1 ? { _: "messageReplyHeader", replyToMsgId: 990 + i } : undefined,
    date: DATE + i,
    message: [GREETING, QUESTION, ADVICE][i % 3],
    media: i % 5 === 0 ? { _: "messageMediaPhoto", photo: photo(i) } : undefined,
    entities: i % 3 === 2
      ? [
        { _: "messageEntityBold", offset: 0, length: 18 },
        { _: "messageEntityUrl", offset: 62, length: 24 },
      ]
      : undefined,
    views: i % 2 === 0 ? 1234 : undefined,
    forwards: i % 2 === 0 ? 12 : undefined,
    editDate: i % 7 === 0 ? DATE + 100 + i : undefined,
    reactions: i % 4 === 0
      ? {
        _: "messageReactions",
        canSeeList: true,
        results: [
          { _: "reactionCount", reaction: { _: "reactionEmoji", emoticon: "👍" }, count: 5 },
          { _: "reactionCount", reaction: { _: "reactionEmoji", emoticon: "❤" }, count: 2 },
        ],
      }
      : undefined,
  };
}

function user(i: number): TlObject {
  return {
    _: "user",
    contact: i % 2 === 0 || undefined,
    premium: i % 5 === 0 || undefined,
    id: 6_123_456_789n + BigInt(i),
    accessHash: 0x1122_3344_5566_7788n * BigInt(i % 2 ? 1 : -1),
    firstName: i % 3 === 0 ? "Александра" : "Alexandra",
    lastName: i % 2 === 0 ? "Montgomery" : undefined,
    username: `username_${i}`,
    phone: i % 4 === 0 ? "15550001234" : undefined,
    photo: {
      _: "userProfilePhoto",
      photoId: 0x1abc_0123_4567_89abn,
      strippedThumb: bytes(40),
      dcId: 2,
    },
    status: i % 2 === 0
      ? { _: "userStatusOffline", wasOnline: DATE - i }
      : { _: "userStatusRecently" },
  };
}

function channel(i: number): TlObject {
  return {
    _: "channel",
    megagroup: true,
    id: 1_987_654_321n + BigInt(i),
    accessHash: 0x0102_0304_0506_0708n,
    title: `Friends of the project ${i}`,
    username: i % 2 === 0 ? `friends_${i}` : undefined,
    photo: { _: "chatPhotoEmpty" },
    date: DATE,
    defaultBannedRights: { _: "chatBannedRights", changeInfo: true, untilDate: 0x7fffffff },
    participantsCount: 345 + i,
  };
}

const messages: TlObject = {
  _: "messages.messages",
  messages: times(100, message),
  topics: [],
  chats: times(10, channel),
  users: times(40, user),
};

const difference: TlObject = {
  _: "updates.differenceSlice",
  newMessages: times(30, message),
  newEncryptedMessages: [],
  otherUpdates: times(60, (i) =>
    i % 2 === 0
      ? {
        _: "updateUserStatus",
        userId: 6_123_456_789n + BigInt(i),
        status: { _: "userStatusOnline", expires: DATE + i },
      }
      : {
        _: "updateReadHistoryInbox",
        peer: { _: "peerUser", userId: 6_123_456_789n },
        maxId: 1000 + i,
        stillUnreadCount: 0,
        pts: 5000 + i,
        ptsCount: 0,
      }),
  chats: times(2, channel),
  users: times(20, user),
  intermediateState: {
    _: "updates.state",
    pts: 5000,
    qts: 0,
    date: DATE,
    seq: 1,
    unreadCount: 7,
  },
};

const config: TlObject = {
  _: "config",
  defaultP2pContacts: true,
  preloadFeaturedStickers: true,
  revokePmInbox: true,
  date: DATE,
  expires: DATE + 3600,
  testMode: false,
  thisDc: 2,
  dcOptions: times(20, (i) => ({
    _: "dcOption",
    ipv6: i % 3 === 0 || undefined,
    mediaOnly: i % 4 === 0 || undefined,
    id: 1 + i % 5,
    ipAddress: i % 3 === 0 ? "2001:0b28:f23d:f001:0000:0000:0000:000a" : `149.154.175.${i}`,
    port: 443,
  })),
  dcTxtDomainName: "apv3.stel.com",
  chatSizeMax: 200,
  megagroupSizeMax: 200_000,
  forwardedCountMax: 100,
  onlineUpdatePeriodMs: 210_000,
  offlineBlurTimeoutMs: 5000,
  offlineIdleTimeoutMs: 30_000,
  onlineCloudTimeoutMs: 300_000,
  notifyCloudDelayMs: 30_000,
  notifyDefaultDelayMs: 1500,
  pushChatPeriodMs: 60_000,
  pushChatLimit: 2,
  editTimeLimit: 172_800,
  revokeTimeLimit: 0x7fffffff,
  revokePmTimeLimit: 0x7fffffff,
  ratingEDecay: 2_419_200,
  stickersRecentLimit: 200,
  channelsReadMediaPeriod: 604_800,
  callReceiveTimeoutMs: 20_000,
  callRingTimeoutMs: 90_000,
  callConnectTimeoutMs: 30_000,
  callPacketTimeoutMs: 10_000,
  meUrlPrefix: "https://t.me/",
  gifSearchUsername: "gif",
  venueSearchUsername: "foursquare",
  imgSearchUsername: "bing",
  captionLengthMax: 1024,
  messageLengthMax: 4096,
  webfileDcId: 4,
  reactionsDefault: { _: "reactionEmoji", emoticon: "❤" },
};

const userFull: TlObject = {
  _: "users.userFull",
  fullUser: {
    _: "userFull",
    phoneCallsAvailable: true,
    canPinMessage: true,
    videoCallsAvailable: true,
    id: 6_123_456_789n,
    about: "Reads a lot, writes a little.",
    settings: { _: "peerSettings" },
    profilePhoto: photo(1),
    notifySettings: {
      _: "peerNotifySettings",
      showPreviews: true,
      muteUntil: 0,
      iosSound: { _: "notificationSoundDefault" },
    },
    commonChatsCount: 3,
    birthday: { _: "birthday", day: 3, month: 4 },
  },
  chats: [],
  users: [user(0)],
};

const update: TlObject = {
  _: "updateShort",
  update: {
    _: "updateUserStatus",
    userId: 6_123_456_789n,
    status: { _: "userStatusOnline", expires: DATE },
  },
  date: DATE,
};

const sentCode: TlObject = {
  _: "auth.sentCode",
  type: { _: "auth.sentCodeTypeApp", length: 5 },
  phoneCodeHash: "7a1f0c55b2c6c0ff13",
  nextType: { _: "auth.codeTypeSms" },
  timeout: 120,
};

/** The objects to decode and encode, by name. */
export const TL_OBJECTS: ReadonlyMap<string, TlObject> = new Map(
  [messages, difference, config, userFull, update, sentCode].map((object) => [object._, object]),
);
