/**
 * What people pass to name a peer, and its meaning: text as they type or paste it, ids, and objects
 * that have a peer. Nobody is asked. https://core.telegram.org/api/links
 *
 * | passed                                                    | meaning                    |
 * | --------------------------------------------------------- | -------------------------- |
 * | `"me"`, `"self"`, `"@me"`                                 | the user who is signed in  |
 * | `"bob"`, `"@bob"`, `"t.me/bob"`, `"tg://resolve?domain=bob"` | a username              |
 * | `"+999 66 21111"`, `"00 999 …"`, `"t.me/+9996621111"`     | a phone number             |
 * | `"t.me/+hash"`, `"t.me/joinchat/hash"`, `"tg://join?invite=hash"` | an invite link     |
 * | `"t.me/c/123/45"`, `"-1000000000123"`, `123n`, `123`      | an id                      |
 * | an input peer, input user or input channel                | itself                     |
 * | a user, a chat, a peer of TL, a message's chat or sender  | the peer that it is of     |
 */
import { phoneOf } from "../auth/mod.ts";
import { pasted } from "../runtime/mod.ts";
import { channelPeerId } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";

/** An object that a program has of a peer. */
export interface PeerHolder {
  /** The marked id. */
  readonly id: bigint;
  /** The peer as calls take it, if it is known. */
  readonly input?: Api.InputPeer;
}

/**
 * A peer, as programs name it: `"me"`; a username, a link to one, a phone number with `+`; an id
 * (bare as TL has it, or marked as the Bot API has it), also as text; a chat or sender of a
 * message, a `User`; or an object of TL: a peer, an input peer, a user or a chat.
 */
export type PeerLike =
  | string
  | bigint
  | number
  | PeerHolder
  | Api.InputPeer
  | Api.InputUser
  | Api.InputChannel
  | Api.Peer
  | Api.User
  | Api.Chat;

/** The meaning of a name. */
export type NamedPeer =
  | { readonly kind: "self" }
  | { readonly kind: "input"; readonly input: Api.InputPeer }
  | { readonly kind: "username"; readonly username: string }
  | { readonly kind: "phone"; readonly phone: string }
  | { readonly kind: "invite"; readonly hash: string }
  | { readonly kind: "id"; readonly id: bigint };

const USERNAME = /^@?([A-Za-z]\w{1,31})$/;
const ID = /^[-\u2212]?\d{1,20}$/;
const MAX_ID = 2n ** 63n - 1n;
const LINK = /^(?:https?:\/\/)?(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)\/(.+)$/i;
const SUBDOMAIN = /^(?:https?:\/\/)?([A-Za-z]\w{1,31})\.t\.me(?:[/?#].*)?$/i;
const DEEP_LINK = /^tg:(?:\/\/)?(resolve|join|privatepost|user|openmessage)\?(.+)$/i;
const INVITE = /^[\w-]{10,64}$/;
/** The first part of links to other things than peers: https://core.telegram.org/api/links */
const NO_PEERS = [
  "addemoji",
  "addlist",
  "addstickers",
  "addtheme",
  "auction",
  "bg",
  "boost",
  "call",
  "confirmphone",
  "contact",
  "giftcode",
  "invoice",
  "iv",
  "login",
  "nft",
  "proxy",
  "setlanguage",
  "share",
  "socks",
];
const FORMS = 'Pass "me", a username, a link, a phone number with "+", or an id.';
const SELF = ["me", "self"];

/** Returns the meaning of a name. Throws a `TypeError` for a name of no known form. */
export function namedPeer(name: PeerLike): NamedPeer {
  if (typeof name === "string") return namedByText(name);
  if (typeof name === "bigint") return idOf(name);
  if (typeof name === "number") {
    if (Number.isSafeInteger(name)) return { kind: "id", id: BigInt(name) };
    throw new TypeError(`Cannot find the peer "${name}". Pass a whole number, or a bigint.`);
  }
  if (name instanceof Promise) {
    throw new TypeError("Cannot find the peer: it is a promise. Await it first.");
  }
  const found = typeof name === "object" && name !== null ? namedByObject(name) : undefined;
  if (found !== undefined) return found;
  throw new TypeError(`Cannot find the peer: it is of type ${typeOf(name)}. ${FORMS}`);
}

/** An id outside of 64 bits is no id. */
function idOf(id: bigint): NamedPeer {
  if (id <= MAX_ID && id >= -MAX_ID) return { kind: "id", id };
  throw new TypeError(`Cannot find the peer "${id}": no id has more than 63 bits`);
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const { _: type } = Object(value) as { _?: unknown };
  return typeof type === "string" ? type : typeof value;
}

function namedByText(given: string): NamedPeer {
  const text = pasted(given);
  const compact = text.replace(/\s+/g, "");
  const named = namedByPhone(text) ??
    (ID.test(compact)
      ? idOf(BigInt(compact.replace("\u2212", "-")))
      : namedByUsername(text) ?? namedByLink(text));
  if (named !== undefined) return named;
  throw new TypeError(`Cannot find the ${abridged(given)}. ${FORMS}`);
}

/** A text that holds no secret. One that is passed by mistake may be a token, or an address. */
const HARMLESS = /^[\p{L}\p{M}\p{N} @+_.-]{0,24}$/u;

/** Returns the text for an error: of one that may be a secret, only its length. */
function abridged(text: string): string {
  return HARMLESS.test(text) ? `peer "${text}"` : `peer: a text of ${text.length} characters`;
}

/** A number without `+` or `00` is an id. */
function namedByPhone(text: string): NamedPeer | undefined {
  const phone = phoneOf(text);
  return phone?.startsWith("+") ? { kind: "phone", phone: phone.slice(1) } : undefined;
}

function namedByUsername(text: string): NamedPeer | undefined {
  const username = USERNAME.exec(text)?.[1];
  if (username === undefined) return undefined;
  return SELF.includes(username.toLowerCase()) ? { kind: "self" } : { kind: "username", username };
}

function namedByLink(text: string): NamedPeer | undefined {
  const own = SUBDOMAIN.exec(text)?.[1];
  if (own !== undefined && own.toLowerCase() !== "www") return namedByUsername(own);
  const path = LINK.exec(text)?.[1];
  if (path !== undefined) return namedByPath(path.split(/[?#]/)[0]);
  const [, action, query] = DEEP_LINK.exec(text) ?? [];
  return action === undefined ? undefined : namedByQuery(new URLSearchParams(query));
}

function namedByPath(path: string): NamedPeer | undefined {
  const [first, second = ""] = path.split("/");
  if (first === "joinchat") return invite(second);
  if (first === "c") return channel(second);
  if (first === "s") return namedByUsername(second);
  if (first.startsWith("+")) return namedByPhone(first) ?? invite(first.slice(1));
  return NO_PEERS.includes(first.toLowerCase()) ? undefined : namedByUsername(first);
}

function namedByQuery(query: URLSearchParams): NamedPeer | undefined {
  const of = (name: string): string => query.get(name) ?? "";
  if (query.has("domain")) return namedByUsername(of("domain"));
  if (query.has("phone")) return namedByPhone(`+${of("phone").replace(/\D/g, "")}`);
  if (query.has("invite")) return invite(of("invite"));
  if (query.has("channel")) return channel(of("channel"));
  if (query.has("chat_id")) {
    return ID.test(of("chat_id")) ? idOf(-BigInt(of("chat_id"))) : undefined;
  }
  const id = of("id") || of("user_id");
  return ID.test(id) ? idOf(BigInt(id)) : undefined;
}

function invite(hash: string): NamedPeer | undefined {
  return INVITE.test(hash) ? { kind: "invite", hash } : undefined;
}

function channel(id: string): NamedPeer | undefined {
  return ID.test(id) ? idOf(channelPeerId(BigInt(id))) : undefined;
}

/** Returns an id of TL, which programs in JavaScript may pass as a number. */
function bigintOf(id: unknown): bigint | undefined {
  if (typeof id === "bigint") return id;
  return Number.isSafeInteger(id) ? BigInt(id as number) : undefined;
}

function namedByTlId(id: unknown, marked: (id: bigint) => bigint): NamedPeer | undefined {
  const bare = bigintOf(id);
  return bare === undefined ? undefined : idOf(marked(bare));
}

function namedByObject(object: Exclude<PeerLike, string | bigint | number>): NamedPeer | undefined {
  if (!("_" in object)) {
    if (object.input !== undefined) return { kind: "input", input: object.input };
    return typeof object.id === "bigint" ? idOf(object.id) : undefined;
  }
  if (typeof object._ !== "string") return undefined;
  switch (object._) {
    case "inputPeerSelf":
    case "inputUserSelf":
      return { kind: "self" };
    case "inputUser":
      return input({ ...object, _: "inputPeerUser" });
    case "inputUserFromMessage":
      return input({ ...object, _: "inputPeerUserFromMessage" });
    case "inputChannel":
      return input({ ...object, _: "inputPeerChannel" });
    case "inputChannelFromMessage":
      return input({ ...object, _: "inputPeerChannelFromMessage" });
    case "peerUser":
      return namedByTlId(object.userId, (id) => id);
    case "peerChat":
      return namedByTlId(object.chatId, (id) => -id);
    case "peerChannel":
      return namedByTlId(object.channelId, channelPeerId);
    case "user":
      if (object.self) return { kind: "self" };
      return object.min || object.accessHash === undefined
        ? { kind: "id", id: object.id }
        : input({ _: "inputPeerUser", userId: object.id, accessHash: object.accessHash });
    case "chat":
    case "chatForbidden":
      return input({ _: "inputPeerChat", chatId: object.id });
    case "channel":
    case "channelForbidden":
      return ("min" in object && object.min) || object.accessHash === undefined
        ? { kind: "id", id: channelPeerId(object.id) }
        : input({ _: "inputPeerChannel", channelId: object.id, accessHash: object.accessHash });
    default:
      return object._.startsWith("inputPeer") && object._ !== "inputPeerEmpty"
        ? input(object as Api.InputPeer)
        : undefined;
  }
}

function input(peer: Api.InputPeer): NamedPeer {
  return { kind: "input", input: peer };
}
