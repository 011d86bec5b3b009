/**
 * What a test passes to a played person, and what it gets back.
 */
import type { Clock, Random } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { NewFile, OfflineApi } from "../api/mod.ts";
import type { PersonChat, PersonMessage } from "./person_message.ts";

/** A person who is played by the test, as others name them. */
export interface PlayedPerson {
  /** The user id. */
  readonly id: bigint;
  /** The first name, and the last name if there is one. */
  readonly name: string;
  /** How others address this person. */
  readonly input: Api.InputPeer;
}

/**
 * A conversation: `@name`, `me`, a phone number, a link to `t.me`, another person, a chat, or that
 * of a message.
 */
export type PersonPeer = string | PlayedPerson | PersonChat | PersonMessage;

/** A text, plain or with entities. */
export type PersonText = string | {
  readonly text: string;
  readonly entities?: Api.MessageEntity[];
  /** The message that it replies to, or its id. */
  readonly replyTo?: PersonMessage | number;
  /** Whether the receivers are not notified. */
  readonly silent?: boolean;
};

/**
 * A file to send: bytes, bytes that are made when they are read, or a photo or document of
 * {@linkcode OfflineApi.addFile}.
 */
export type PersonFileSource =
  | Uint8Array
  | Pick<NewFile, "size" | "at">
  | Api.photo
  | Api.document;

/** How a file is sent. */
export interface PersonFileOptions extends Omit<NewFile, "bytes" | "size" | "at"> {
  /** The text below it. */
  readonly caption?: string;
  /** The message that it replies to, or its id. */
  readonly replyTo?: PersonMessage | number;
}

/** Which message a person waits for. */
export interface PersonFilter {
  /** Its author: `@name`, or a person. */
  readonly from?: string | PlayedPerson;
  /** Its conversation. */
  readonly chat?: PersonChat;
  /** Its text, or a pattern in it. */
  readonly text?: string | RegExp;
  /** How long to wait, in milliseconds; 5,000 by default. */
  readonly timeout?: number;
}

/** What a bot answers when its button is pressed. */
export interface ButtonAnswer {
  /** The text that is shown. */
  readonly text?: string;
  /** Whether the text is shown until it is closed. */
  readonly alert: boolean;
  /** The link that is opened. */
  readonly url?: string;
}

/** One result of an inline query. */
export interface InlineResult {
  /** Its id, which the bot chose. */
  readonly id: string;
  /** Its title. */
  readonly title?: string;
  /** Its description. */
  readonly description?: string;
  /** The text of the message that it becomes. */
  readonly text: string;
  /** The query that it belongs to. */
  readonly queryId: bigint;
}

/** The options of a new group or channel. */
export interface PersonChatOptions {
  /** Who is in it from the start. */
  readonly members?: readonly (string | PlayedPerson)[];
  /** For a supergroup or channel: its description. */
  readonly about?: string;
  /** For a supergroup or channel: its public name, without the `@`. */
  readonly username?: string;
}

/** What a person needs of its offline Telegram. */
export interface PersonOptions {
  /** The user id. */
  readonly id: bigint;
  /** The API that carries out what it does. */
  readonly api: OfflineApi;
  /** The clock of its waits. */
  readonly clock: Clock;
  /** The source of random ids. */
  readonly random: Random;
}
