/**
 * What people pass to name a peer, and its meaning: text as they type or paste it, ids, and objects
 * that have a peer. Nobody is asked. https://core.telegram.org/api/links
 *
 * | passed                                                    | meaning                    |
 * | --------------------------------------------------------- | -------------------------- |
 * | `"me"`, `"self"`, `"@me"`                                 | the user who is signed in  |
 * | `"bob"`, `"@bob"`, `"t.me/bob"`, `"tg://resolve?domain=bob"` | a username              |
 * | `"+999 66 21111"`, `"t.me/+9996621111"`                   | a phone number             |
 * | `"t.me/+hash"`, `"t.me/joinchat/hash"`, `"tg://join?invite=hash"` | an invite link     |
 * | `"t.me/c/123/45"`, `"-1000000000123"`, `123n`, `123`      | an id                      |
 * | an input peer, input user or input channel                | itself                     |
 * | a user, a chat, a peer of TL, a message's chat or sender  | the peer that it is of     |
 */
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

/** Marks of direction and the like, which come along when text is copied: nobody sees them. */
const INVISIBLE = /[\p{Cf}\s]+/gu;
const QUOTES = /^(["'`«“„‘]+)(.*?)(["'`»”“’]+)$/u;
const USERNAME = /^@?([A-Za-z]\w{1,31})$/;
const PHONE = /^\+(\d{4,17})$/;
const ID = /^-?\d{1,20}$/;
const LINK = /^(?:https?:\/\/)?(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)\/(.+)$/i;
const SUBDOMAIN = /^(?:https?:\/\/)?([A-Za-z]\w{1,31})\.t\.me\/?$/i;
const DEEP_LINK = /^tg:(?:\/\/)?(resolve|join|privatepost|user|openmessage)\?(.+)$/i;
const INVITE = /^[\w-]{10,64}$/;
const FORMS = 'Pass "me", a username, a link, a phone number with "+", or an id.';
const SELF = ["me", "self"];

/** Returns the meaning of a name. Throws a `TypeError` for a name of no known form. */
export function namedPeer(name: PeerLike): NamedPeer {
  if (typeof name === "string") return namedByText(name);
  if (typeof name === "bigint") return { kind: "id", id: name };
  if (typeof name === "number") {
    if (Number.isSafeInteger(name)) return { kind: "id", id: BigInt(name) };
    throw new TypeError(`Cannot find the peer "${name}". Pass a whole number, or a bigint.`);
  }
  const found = typeof name === "object" && name !== null ? namedByObject(name) : undefined;
  if (found !== undefined) return found;
  const type = (name as { _?: unknown } | null)?._ ?? (name === null ? "null" : typeof name);
  throw new TypeError(`Cannot find the peer: it is of type ${type}. ${FORMS}`);
}

function namedByText(given: string): NamedPeer {
  const plain = given.replace(/\p{Cf}/gu, "").trim();
  const text = QUOTES.exec(plain)?.[2].trim() ?? plain;
  const compact = text.replace(INVISIBLE, "");
  const named = ID.test(compact)
    ? { kind: "id", id: BigInt(compact) } as const
    : namedByPhone(compact) ?? namedByUsername(text) ?? namedByLink(text);
  if (named !== undefined) return named;
  throw new TypeError(`Cannot find the peer "${abridged(given)}". ${FORMS}`);
}

/** A text that is passed by mistake may be long, or a secret. */
function abridged(text: string): string {
  return text.length <= 64 ? text : `${text.slice(0, 16)}…`;
}

function namedByPhone(compact: string): NamedPeer | undefined {
  const phone = PHONE.exec(compact.replace(/[().-]/g, ""))?.[1];
  return phone === undefined ? undefined : { kind: "phone", phone };
}

function namedByUsername(text: string): NamedPeer | undefined {
  const username = USERNAME.exec(text)?.[1];
  if (username === undefined) return undefined;
  return SELF.includes(username.toLowerCase()) ? { kind: "self" } : { kind: "username", username };
}

function namedByLink(text: string): NamedPeer | undefined {
  const own = SUBDOMAIN.exec(text)?.[1];
  if (own !== undefined && own.toLowerCase() !== "www") return { kind: "username", username: own };
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
  return namedByUsername(first);
}

function namedByQuery(query: URLSearchParams): NamedPeer | undefined {
  const of = (name: string): string => query.get(name) ?? "";
  if (query.has("domain")) return namedByUsername(of("domain"));
  if (query.has("phone")) return namedByPhone(`+${of("phone").replace(/\D/g, "")}`);
  if (query.has("invite")) return invite(of("invite"));
  if (query.has("channel")) return channel(of("channel"));
  const id = of("id") || of("user_id");
  return ID.test(id) ? { kind: "id", id: BigInt(id) } : undefined;
}

function invite(hash: string): NamedPeer | undefined {
  return INVITE.test(hash) ? { kind: "invite", hash } : undefined;
}

function channel(id: string): NamedPeer | undefined {
  return ID.test(id) ? { kind: "id", id: channelPeerId(BigInt(id)) } : undefined;
}

function namedByObject(object: Exclude<PeerLike, string | bigint | number>): NamedPeer | undefined {
  if (!("_" in object)) {
    if (object.input !== undefined) return { kind: "input", input: object.input };
    return typeof object.id === "bigint" ? { kind: "id", id: object.id } : undefined;
  }
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
      return { kind: "id", id: object.userId };
    case "peerChat":
      return { kind: "id", id: -object.chatId };
    case "peerChannel":
      return { kind: "id", id: channelPeerId(object.channelId) };
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
