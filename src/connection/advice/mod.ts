/**
 * What to do about the errors of Telegram that people meet, by their names, with the numbers cut
 * off: https://core.telegram.org/api/errors. The limits are those of
 * https://core.telegram.org/api/config and of the pages of the methods. It is loaded with the first
 * error: rpc_error.ts has the class.
 */
import { duration } from "../../runtime/mod.ts";
import type { RpcError } from "../rpc_error.ts";

/** A sentence, or a function that makes it of the error. */
type Advice = string | ((error: RpcError) => string);

const wait = (why: string): Advice => ({ seconds = 0 }) =>
  `${why}. Wait ${duration(seconds)}; error.seconds has the number.`;
const elsewhere = (what: string): Advice => ({ value }) =>
  `${what} is in another data center. Make the call there: client.invoke(request, { dcId: ` +
  `${value} }).`;
const gone = (what: string): string =>
  `there is no such ${what}, or it was deleted. Read it again before you use it.`;

const SIGN_IN = "nobody is signed in with this session. Sign in first: client.start().";
const NOT_SEEN = "Telegram does not know the peer, or this account has not met it. Name it by " +
  "its username or a link, or read it from client.dialogs().";
const NO_ACCESS = "this account is not in the chat, or was removed from it. Join it first.";
const NO_RIGHTS = "this account may not do that in the chat. Ask an administrator for the right.";
const NOT_FOR_BOTS = "bots may not call this method. Sign in as a person.";
const TOO_LONG = "the text has more than 4096 characters. Send it in parts.";
const FILE_PART = "a part of the file did not arrive. Upload that part again, then call again.";
const TRY_AGAIN = "Telegram failed to carry it out. Try again in a minute.";

const ADVICE: Readonly<Record<string, Advice>> = {
  // Signing in
  AUTH_KEY_DUPLICATED: "two programs used this session at the same time. It is void for both: " +
    "sign in again, and use each session in one program (see docs/sessions.md).",
  AUTH_KEY_UNREGISTERED: SIGN_IN,
  SESSION_EXPIRED: "the session was ended. Sign in again: client.start().",
  SESSION_REVOKED: "the session was ended from another device. Sign in again: client.start().",
  SESSION_PASSWORD_NEEDED: "the account has a 2FA password. Call client.checkPassword(), or pass " +
    "password to client.start().",
  USER_DEACTIVATED: "the account was deleted. Use another account.",
  USER_DEACTIVATED_BAN: "Telegram has banned the account. Write to recover@telegram.org.",
  API_ID_INVALID: "Telegram refuses this api id or hash. Use the pair that my.telegram.org shows.",
  PASSWORD_TOO_FRESH: wait("the 2FA password was set just now"),
  SESSION_TOO_FRESH: wait("the session was signed in just now"),
  PHONE_NUMBER_INVALID: "it is no phone number that Telegram knows. Pass the international form, " +
    "like +15551234567.",
  // Too much, too fast
  FLOOD_WAIT: wait("there were too many such calls"),
  FLOOD_PREMIUM_WAIT: wait("accounts without Premium transfer files more slowly"),
  SLOWMODE_WAIT: wait("the chat is in slow mode"),
  TAKEOUT_INIT_DELAY: wait("an export has to be confirmed on another device"),
  STORY_SEND_FLOOD_WEEKLY: "the account has sent too many stories this week. Try again later.",
  PEER_FLOOD: "Telegram takes this account for one that sends spam. Ask @SpamBot how long it " +
    "lasts, and write to those only who have written before.",
  RANDOM_ID_DUPLICATE: "a message with this randomId was sent already. Look for it in the chat, " +
    "or use another one for another message.",
  // Peers
  PEER_ID_INVALID: NOT_SEEN,
  USER_ID_INVALID: NOT_SEEN,
  CHAT_ID_INVALID: `${NOT_SEEN} A supergroup is a channel here: its id begins with -100.`,
  CHANNEL_INVALID: NOT_SEEN,
  CHANNEL_PRIVATE: NO_ACCESS,
  INPUT_USER_DEACTIVATED: "the person has deleted the account. Take it off your list.",
  USERNAME_INVALID: "it cannot be a username. Pass letters, digits and underscores, 5 to 32 of " +
    "them.",
  USERNAME_NOT_OCCUPIED: "nobody has this username. Check its spelling: people can change it.",
  USERNAME_OCCUPIED: "somebody has this username already. Choose another one.",
  PHONE_NOT_OCCUPIED: "no account has this phone number, or it may not be found by it. Use the " +
    "username.",
  // Chats
  CHAT_ADMIN_REQUIRED: "only administrators of the chat may do that. Ask one for the right.",
  CHAT_WRITE_FORBIDDEN: "this account may not write there. Join the chat, or ask an " +
    "administrator for the right.",
  CHAT_RESTRICTED: NO_RIGHTS,
  CHAT_GUEST_SEND_FORBIDDEN: "only members may write there. Join the chat first.",
  CHAT_FORWARDS_RESTRICTED: "the chat does not let its messages be forwarded. Send a link.",
  CHAT_SEND_MEDIA_FORBIDDEN: "the chat does not let this account send media. Send a text.",
  CHAT_SEND_PLAIN_FORBIDDEN: "the chat does not let this account send texts.",
  CHAT_NOT_MODIFIED: "it is so already. Nothing is to be done.",
  CHANNELS_TOO_MUCH: "the account is in as many channels as it may be: 500, with Premium 1000. " +
    "Leave one first.",
  USER_CHANNELS_TOO_MUCH: "the person is in as many channels as people may be. Another one must " +
    "be left first.",
  USERS_TOO_MUCH: "the chat has as many members as it may: a basic group 200. Make it a " +
    'supergroup: client.invoke({ _: "messages.migrateChat", chatId }).',
  USER_ALREADY_PARTICIPANT: "the person is in the chat already. Nothing is to be done.",
  USER_NOT_PARTICIPANT: "the person is not in the chat. Invite the person first.",
  USER_BANNED_IN_CHANNEL: "Telegram does not let this account write in groups and channels. Ask " +
    "@SpamBot how long it lasts.",
  USER_KICKED: "the person was removed from the chat. Lift the ban first: channels.editBanned.",
  USER_PRIVACY_RESTRICTED: "the person's privacy settings forbid it. Send an invite link.",
  USER_NOT_MUTUAL_CONTACT: "the person has left the chat, and has this account not among the " +
    "contacts. Send an invite link.",
  USER_IS_BLOCKED: "the person has blocked this account. Nothing can be sent.",
  YOU_BLOCKED_USER: "this account has blocked the person. Lift that first: contacts.unblock.",
  PRIVACY_PREMIUM_REQUIRED: "the person takes messages of contacts and of Premium accounts only.",
  PREMIUM_ACCOUNT_REQUIRED: "only Premium accounts may do that.",
  ALLOW_PAYMENT_REQUIRED: ({ value }) =>
    `the person takes messages for ${value} stars only. Pass allowPaidStars to send it so.`,
  INVITE_HASH_EXPIRED: "the invite link has expired, or was revoked. Ask for a new one.",
  INVITE_HASH_INVALID: "it is no invite link. Pass the part after t.me/+ as hash.",
  INVITE_REQUEST_SENT: "an administrator has to let this account in. Wait for it.",
  TOPIC_CLOSED: "the topic is closed. Choose another one.",
  TOPIC_DELETED: gone("topic"),
  // Messages
  MESSAGE_EMPTY: "the text is empty, or has white space only. Pass a text.",
  MESSAGE_TOO_LONG: TOO_LONG,
  MEDIA_CAPTION_TOO_LONG: "the caption has more than 1024 characters. Send the rest as a text.",
  MESSAGE_ID_INVALID: gone("message"),
  MESSAGE_IDS_EMPTY: "there is no id. Pass at least one.",
  MSG_ID_INVALID: gone("message"),
  REPLY_MESSAGE_ID_INVALID: gone("message to reply to"),
  MESSAGE_NOT_MODIFIED: "the message is so already. Change its text or its buttons.",
  MESSAGE_AUTHOR_REQUIRED: "only the sender may do that with the message.",
  MESSAGE_DELETE_FORBIDDEN: "this account may not delete the message for everybody. Delete " +
    "it for this account only: { onlyForMe: true }.",
  MESSAGE_EDIT_TIME_EXPIRED: "the message is too old to be edited. Send a new one.",
  ENTITY_BOUNDS_INVALID: "an entity lies outside of the text. Count in UTF-16, as text.length " +
    "does, or use the templates of @tessera/mtproto/text.",
  SCHEDULE_DATE_TOO_LATE: "it is scheduled for later than a year. Choose an earlier date.",
  SCHEDULE_TOO_MUCH: "the chat has 100 scheduled messages, as many as it may. Try again later.",
  REACTION_INVALID: "the chat does not take this reaction. Pass one emoji of those that it shows.",
  // Bots and buttons
  BOT_METHOD_INVALID: NOT_FOR_BOTS,
  BOTS_TOO_MUCH: "the chat has as many bots as it may. Remove one first.",
  USER_BOT: "bots cannot be members of a channel, only administrators. Make it one.",
  USER_BOT_REQUIRED: "only bots may call this method. Sign in with a token of @BotFather.",
  USER_IS_BOT: "a bot cannot write to a bot.",
  BUTTON_DATA_INVALID: "the data of a button has more than 64 bytes, or none. Shorten it.",
  BUTTON_URL_INVALID: "a button has a link that Telegram does not take. Pass an https:// link.",
  REPLY_MARKUP_INVALID: "Telegram does not take these buttons. Check that each has a text.",
  REPLY_MARKUP_TOO_LONG: "there are too many buttons. Send fewer.",
  QUERY_ID_INVALID: "the query was answered already, or is too old. Answer queries at once.",
  BOT_RESPONSE_TIMEOUT: "the bot did not answer the button in time. Try again.",
  // Files
  FILE_REFERENCE_EXPIRED: "the file reference is too old. Read the message again " +
    "(client.messages(chat, { ids })), and use the reference in it.",
  FILE_REFERENCE_EMPTY: "the file reference is missing. Read the message again, and use the " +
    "reference in it.",
  FILE_MIGRATE: elsewhere("the file"),
  STATS_MIGRATE: elsewhere("the statistics"),
  FILE_PART_MISSING: ({ value }) =>
    `part ${value} of the file did not arrive. Upload that part again, then call again.`,
  FILE_PARTS_INVALID: "the number of parts is wrong: at most 4000, with Premium 8000. Use parts " +
    "of 512 KB.",
  FILE_PART_INVALID: FILE_PART,
  FILE_PART_SIZE_INVALID: "a part has a wrong size. Use parts of 512 KB, all but the last equal.",
  LIMIT_INVALID: "the limit is wrong. Pass a multiple of 4096 that divides 1 MiB for a file, " +
    "at most 100 for a list.",
  OFFSET_INVALID: "the offset is wrong. Pass a multiple of 4096.",
  MEDIA_EMPTY: "Telegram cannot use the media. Upload it again, or read its message again.",
  MEDIA_INVALID: "Telegram does not take the media here. Send it as a document.",
  PHOTO_INVALID_DIMENSIONS: "width and height of the photo must not exceed 10000 in sum, nor a " +
    "ratio of 20. Send it as a document.",
  PHOTO_EXT_INVALID: "it is no photo by its suffix. Name it .jpg or .png, or send a document.",
  IMAGE_PROCESS_FAILED: "Telegram cannot read the image. Send a JPEG or PNG, or a document.",
  WEBPAGE_CURL_FAILED: "Telegram cannot load the link. Upload the file yourself.",
  WEBPAGE_MEDIA_EMPTY: "there is no media behind the link. Upload the file yourself.",
  // The call itself
  METHOD_INVALID: "there is no such method for this account. Check its name.",
  INPUT_METHOD_INVALID: "Telegram does not know this method any more. Update this library.",
  INPUT_FETCH_ERROR: "Telegram cannot read the request. Check its fields.",
  INPUT_REQUEST_TOO_LONG: "the request is too long. Send less at once.",
  CONNECTION_LAYER_INVALID: "Telegram does not know this layer. Update this library.",
  PERSISTENT_TIMESTAMP_OUTDATED: TRY_AGAIN,
  RPC_CALL_FAIL: TRY_AGAIN,
  RPC_MCGET_FAIL: TRY_AGAIN,
  TIMEOUT: TRY_AGAIN,
  MSG_WAIT_FAILED: "the call before it failed, on which it waited. Make it again.",
  UPDATE_APP_TO_LOGIN: "Telegram wants a newer client. Update this library.",
};

/** Returns what to do about an error, as a sentence; undefined if nothing is known. */
export function adviceFor(error: RpcError): string | undefined {
  const name = KNOWN_ERRORS.find((known) => error.is(known));
  const advice = name === undefined ? undefined : ADVICE[name];
  return typeof advice === "function" ? advice(error) : advice;
}

/** The names of the errors that are known here. */
export const KNOWN_ERRORS: readonly string[] = Object.keys(ADVICE);
