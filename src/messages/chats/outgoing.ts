/**
 * What a program passes to send, edit or forward a message, and the parameters that are made of it:
 * https://core.telegram.org/method/messages.sendMessage
 */
import type { StepOptions } from "../../auth/mod.ts";
import { checkFields } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { FormattedText } from "../text/mod.ts";
import { type Buttons, replyMarkup } from "./buttons.ts";
import { describeNumber, wholeNumber } from "./whole_number.ts";

/** A text: plain, or formatted. */
export type TextLike = string | Pick<FormattedText, "text"> & Partial<FormattedText>;

/** A message to send: a text, or an object with it as `message`, as in GramJS. */
export type OutgoingMessage = TextLike | SendOptions & { readonly message: TextLike };

/** How a new message looks, and is delivered. */
export interface SendOptions extends StepOptions {
  /** The message that it replies to, or its id. */
  readonly replyTo?: number | string | { readonly id: number };
  /** The topic of the forum that it goes to: the id of the topic's first message. */
  readonly topic?: number;
  /** Whether it arrives without a sound. */
  readonly silent?: boolean;
  /** When Telegram sends it, at most a year from now: a date, or Unix seconds. */
  readonly schedule?: Date | number;
  /** The buttons below it, by rows; bots only. */
  readonly buttons?: Buttons;
  /** Whether a link in it is shown with a preview, as by default. */
  readonly linkPreview?: boolean;
  /** Whether it can be forwarded and saved, as by default. */
  readonly canBeForwarded?: boolean;
  /**
   * Distinguishes the message, so that it is sent once however often it is tried: 64 bits, not 0.
   * A random number by default.
   */
  readonly randomId?: bigint;
}

/** How an edited message looks. */
export interface EditOptions extends StepOptions {
  /** The buttons below it, by rows. Without them its buttons are taken away. */
  readonly buttons?: Buttons;
  /** Whether a link in it is shown with a preview, as by default. */
  readonly linkPreview?: boolean;
  /** When a scheduled message is sent: a date, or Unix seconds. */
  readonly schedule?: Date | number;
}

/** How messages are forwarded. */
export interface ForwardOptions extends StepOptions {
  /** Whether they arrive without a sound. */
  readonly silent?: boolean;
  /** Whether they look as if they were new: without the name of the first sender. */
  readonly hideSender?: boolean;
  /** Whether the captions of media are left out. */
  readonly hideCaptions?: boolean;
  /** The topic of the forum that they go to. */
  readonly topic?: number;
  /** When Telegram sends them: a date, or Unix seconds. */
  readonly schedule?: Date | number;
}

/** The names of {@linkcode SendOptions}. */
export const SEND_FIELDS: readonly string[] = [
  "replyTo",
  "topic",
  "silent",
  "schedule",
  "buttons",
  "linkPreview",
  "canBeForwarded",
  "randomId",
  "signal",
];
const EDIT_FIELDS = ["buttons", "linkPreview", "schedule", "signal"];
const FORWARD_FIELDS = ["silent", "hideSender", "hideCaptions", "topic", "schedule", "signal"];

type SendParams = Api.Methods["messages.sendMessage"]["params"];

/** The parameters of `messages.sendMessage`, but for the peer. */
export type OutgoingParams = Omit<SendParams, "peer" | "randomId"> & { readonly randomId?: bigint };

/** Returns the parameters of a message to send. Throws a `TypeError` for what is not understood. */
export function outgoingParams(outgoing: OutgoingMessage, options: SendOptions): OutgoingParams {
  const what = "send a message";
  const isObject = typeof outgoing === "object" && outgoing !== null && "message" in outgoing;
  const { message, ...fields } = isObject ? outgoing : { message: outgoing };
  const all: SendOptions = withoutAbsent({ ...fields, ...options });
  checkFields(what, all, SEND_FIELDS);
  const { randomId } = all;
  if (randomId !== undefined && (typeof randomId !== "bigint" || randomId === 0n)) {
    throw new TypeError(`Cannot ${what}: its randomId is ${randomId}, expected a bigint, not 0`);
  }
  const { text, entities } = textOf(what, message);
  const params: Partial<SendParams> = {
    silent: flag(what, "silent", all.silent),
    noWebpage: flag(what, "linkPreview", all.linkPreview ?? true) ? undefined : true,
    noforwards: flag(what, "canBeForwarded", all.canBeForwarded ?? true) ? undefined : true,
    replyTo: replyTo(what, all),
    scheduleDate: scheduleDate(what, all.schedule),
    replyMarkup: replyMarkup(all.buttons),
    entities,
  };
  return { message: text, randomId, ...withoutAbsent(params) };
}

/** The parameters of `messages.editMessage`, but for the peer and the id. */
export type EditParams = Omit<Api.Methods["messages.editMessage"]["params"], "peer" | "id">;

/** Returns the parameters of an edit. */
export function editParams(text: TextLike, given: EditOptions): EditParams {
  const what = "edit a message";
  checkFields(what, given, EDIT_FIELDS);
  const options = withoutAbsent(given);
  const { text: message, entities } = textOf(what, text);
  return withoutAbsent({
    message,
    entities,
    noWebpage: flag(what, "linkPreview", options.linkPreview ?? true) ? undefined : true,
    scheduleDate: scheduleDate(what, options.schedule),
    replyMarkup: replyMarkup(options.buttons),
  });
}

/** The parameters of `messages.forwardMessages`, but for the peers and the ids. */
export type ForwardParams = Omit<
  Api.Methods["messages.forwardMessages"]["params"],
  "fromPeer" | "toPeer" | "id" | "randomId"
>;

/** Returns the parameters of forwarding. */
export function forwardParams(given: ForwardOptions): ForwardParams {
  const what = "forward messages";
  checkFields(what, given, FORWARD_FIELDS);
  const options = withoutAbsent(given);
  return withoutAbsent({
    silent: flag(what, "silent", options.silent),
    dropAuthor: flag(what, "hideSender", options.hideSender),
    dropMediaCaptions: flag(what, "hideCaptions", options.hideCaptions),
    topMsgId: options.topic === undefined
      ? undefined
      : idOf(what, "the topic", options.topic, TOPIC),
    scheduleDate: scheduleDate(what, options.schedule),
  });
}

function textOf(what: string, given: unknown): { text: string; entities?: Api.MessageEntity[] } {
  if (given instanceof Promise) {
    throw new TypeError(`Cannot ${what}: its text is a promise. Await it first.`);
  }
  const text = typeof given === "object" && given !== null ? (given as FormattedText).text : given;
  if (typeof text !== "string") {
    throw new TypeError(
      `Cannot ${what}: its text is of type ${text === null ? "null" : typeof text}. Pass a ` +
        "string, or an object { text, entities }.",
    );
  }
  if (!text.isWellFormed()) {
    throw new TypeError(
      `Cannot ${what}: its text has half of a character (a lone surrogate), as slice() leaves of ` +
        'an emoji. Cut between characters: [...text].slice(0, n).join("").',
    );
  }
  if (typeof given === "string") return { text };
  const { entities, ...rest } = given as FormattedText;
  checkFields(what, rest, ["text"]);
  if (entities !== undefined && !Array.isArray(entities)) {
    throw new TypeError(`Cannot ${what}: its entities are no array`);
  }
  return {
    text,
    ...(entities !== undefined && entities.length > 0 && { entities: [...entities] }),
  };
}

function flag(what: string, name: string, value: boolean | undefined): true | undefined {
  if (value === undefined || typeof value === "boolean") return value || undefined;
  throw new TypeError(`Cannot ${what}: ${name} is of type ${typeof value}, expected true or false`);
}

function replyTo(what: string, { replyTo, topic }: SendOptions): Api.InputReplyTo | undefined {
  if (replyTo === undefined && topic === undefined) return undefined;
  const topMsgId = topic === undefined ? undefined : idOf(what, "its topic", topic, TOPIC);
  const given: unknown = typeof replyTo === "object" && replyTo !== null ? replyTo.id : replyTo;
  const replyToMsgId = replyTo === undefined && topMsgId !== undefined
    ? topMsgId
    : idOf(what, "what it replies to", given);
  return { _: "inputReplyToMessage", replyToMsgId, ...(topMsgId !== undefined && { topMsgId }) };
}

const TOPIC = "the id of a topic";

function idOf(
  what: string,
  name: string,
  given: unknown,
  expected = "a message or its id",
): number {
  const id = wholeNumber(given);
  if (id !== undefined && id > 0 && id < 2 ** 31) return id;
  throw new TypeError(`Cannot ${what}: ${name} is ${describeNumber(given)}, expected ${expected}`);
}

const LONGEST_DATE = 2 ** 31;

/** A time as `toISOString` writes it. Without a zone it would be another one elsewhere. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/i;

function scheduleDate(what: string, when: Date | number | undefined): number | undefined {
  const given: unknown = when;
  if (given === undefined) return undefined;
  const date = typeof given === "string" && ISO_TIME.test(given.trim()) ? new Date(given) : given;
  const seconds = date instanceof Date ? Math.floor(date.getTime() / 1000) : date;
  if (typeof seconds === "number" && Number.isInteger(seconds)) {
    if (seconds > 0 && seconds < LONGEST_DATE) return seconds;
  }
  // Milliseconds since 1970 have 13 digits.
  const isLate = typeof seconds === "number" && seconds > 1e11;
  const shown = typeof seconds === "number" ? seconds : `a value of type ${typeof seconds}`;
  throw new TypeError(
    `Cannot ${what}: it is scheduled for ${shown}${isLate ? ", which are milliseconds" : ""}. ` +
      "Pass a Date, or Unix seconds: Math.floor(Date.now() / 1000) + 3600.",
  );
}

/** Returns the fields that have a value: null stands for none, as in JSON. */
function withoutAbsent<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as T;
}
