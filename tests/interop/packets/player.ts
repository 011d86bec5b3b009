/**
 * A client's decisions about packets: which updates it hands to its program, in which order, and
 * which differences it asks for. Each library that is compared plays the same packets.
 */
import type { Api, TlObject } from "../../../src/tl/mod.ts";
import type { UpdatesState } from "../../../src/updates/mod.ts";

/** Where a client stands before the first packet. */
export interface Start {
  readonly self: { readonly id: bigint; readonly isBot: boolean };
  readonly state: UpdatesState;
  /** The users and chats that it has met. */
  readonly users: readonly Api.User[];
  readonly chats: readonly Api.Chat[];
}

/** What a client talks to. */
export interface Host {
  readonly start: Start;
  /** Answers a call, in the client's layer. Throws what Telegram refuses. */
  ask(request: TlObject): unknown;
  /** The program has got an update. */
  got(fact: Fact): void;
}

/** An update, as far as every library can tell it. */
export interface Fact {
  /** The constructor, or `gap`. */
  readonly kind: string;
  /** The bare id of the channel in whose sequence it is. */
  readonly channelId?: string;
  /** The ids of the messages. */
  readonly ids?: readonly number[];
  /** The text of a message. */
  readonly text?: string;
  /** The number of a bot's event. */
  readonly qts?: number;
}

/** The boxes of one library. */
export interface Player {
  /** Takes a packet, and does all that needs no time. */
  receive(packet: Api.Updates): Promise<void> | void;
  /** The server has forgotten the session, and begins another one. */
  newSession(): Promise<void> | void;
  /** Lets so many milliseconds pass. */
  wait(ms: number): Promise<void> | void;
  /** Lets go of everything. */
  end(): Promise<void> | void;
}

/** A library, as a function that starts its boxes and fetches what came since the start. */
export interface Library {
  readonly name: string;
  /** Its API layer. */
  readonly layer: number;
  play(host: Host): Promise<Player>;
}

/** An update of any library that keeps the names of TL, in lower camel case. */
export interface NamedUpdate {
  readonly _: string;
  readonly [field: string]: unknown;
}

/** Returns what can be told of an update. Ids may be of any type that prints as a number. */
export function factOf(update: NamedUpdate): Fact {
  const message = update.message as Record<string, unknown> | string | undefined;
  const object = typeof message === "object" ? message : undefined;
  const peer = object?.peerId as { channelId?: unknown } | undefined;
  const channelId = peer?.channelId ?? update.channelId;
  const ids = Array.isArray(update.messages)
    ? update.messages as number[]
    : [object?.id ?? update.maxId].filter((id): id is number => typeof id === "number");
  return {
    kind: update._,
    ...(channelId !== undefined && { channelId: String(channelId) }),
    ...(ids.length > 0 && { ids }),
    ...(typeof object?.message === "string" && { text: object.message }),
    ...(typeof update.qts === "number" && { qts: update.qts }),
  };
}

/** Returns the sequence of an update: "common", the id of a channel, or "none". */
export function sequenceOf({ kind, channelId }: Fact): string {
  return kind === "updateChannel" ? "none" : channelId ?? "common";
}

/** Prints an update: `updateNewMessage 5 "one"`. */
export function printFact({ kind, channelId, ids, text, qts }: Fact): string {
  const which = kind === "updateChannel" ? channelId : ids?.join() ?? qts;
  return [kind, which, text && JSON.stringify(text)].filter(Boolean).join(" ");
}

/** Prints a call: `updates.getDifference pts 5`. Other calls have their name only. */
export function printCall(request: TlObject): string {
  const { _, pts, qts, channel } = request as TlObject & {
    pts?: number;
    qts?: number;
    channel?: { channelId?: bigint };
  };
  switch (_) {
    case "updates.getDifference":
      return `getDifference pts ${pts} qts ${qts}`;
    case "updates.getChannelDifference":
      return `getChannelDifference ${channel?.channelId} pts ${pts}`;
  }
  return _;
}
