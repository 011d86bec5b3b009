/**
 * The buttons below a bot's message, from the short form in which programs write them:
 * https://core.telegram.org/api/bots/buttons
 */
import { checkFields } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";

/** A button below the message: it calls the bot with `data`, or opens `url`. */
export interface InlineButton {
  /** What it says. */
  readonly text: string;
  /** What the bot is told when it is pressed: at most 64 bytes. */
  readonly data?: string | Uint8Array;
  /** The address that it opens. */
  readonly url?: string;
}

/**
 * A button: a text alone is a key of the person's keyboard, which sends that text; an object is a
 * button below the message; an object of TL is any button that there is.
 */
export type ButtonLike = string | InlineButton | Api.KeyboardButton;

/**
 * The buttons of a message, by rows; `"remove"` takes the bot's keyboard away; or a reply markup of
 * TL.
 */
export type Buttons = readonly (readonly ButtonLike[])[] | "remove" | Api.ReplyMarkup;

/** The most bytes of `data`. */
const LONGEST_DATA = 64;
/** The buttons of TL that belong to a keyboard. The others stand below a message. */
const KEYS = [
  "keyboardButton",
  "keyboardButtonRequestPhone",
  "keyboardButtonRequestGeoLocation",
  "keyboardButtonRequestPoll",
  "keyboardButtonRequestPeer",
  "inputKeyboardButtonRequestPeer",
  "keyboardButtonSimpleWebView",
];

/** Returns the reply markup of the buttons. */
export function replyMarkup(buttons: Buttons | undefined): Api.ReplyMarkup | undefined {
  if (buttons === undefined) return undefined;
  if (buttons === "remove") return { _: "replyKeyboardHide" };
  if (!Array.isArray(buttons)) {
    if (typeof buttons === "object" && buttons !== null && "_" in buttons) return buttons;
    throw new TypeError(
      'Cannot make the buttons. Pass an array of rows, each an array of buttons: [["Yes", "No"]].',
    );
  }
  const rows = buttons.map((row: unknown): Api.KeyboardButtonRow => {
    if (Array.isArray(row)) return { _: "keyboardButtonRow", buttons: row.map(button) };
    throw new TypeError(
      'Cannot make the buttons: a row is no array. Pass an array of rows: [["Yes", "No"]].',
    );
  });
  const full = rows.filter((row) => row.buttons.length > 0);
  if (full.length === 0) return undefined; // as a program writes no buttons
  const kinds = new Set(full.flatMap((row) => row.buttons.map(({ _ }) => KEYS.includes(_))));
  if (kinds.size > 1) {
    throw new TypeError(
      "Cannot make the buttons: some are keys of the keyboard (a text alone), some stand below " +
        "the message (an object). Telegram takes one kind a message.",
    );
  }
  return kinds.has(true)
    ? { _: "replyKeyboardMarkup", resize: true, rows: full }
    : { _: "replyInlineMarkup", rows: full };
}

function button(like: ButtonLike): Api.KeyboardButton {
  if (typeof like === "string") return { _: "keyboardButton", text: label(like) };
  if (typeof like !== "object" || like === null) {
    throw new TypeError(
      `Cannot make a button of a value of type ${typeOf(like)}. Pass a text, or an object with ` +
        "text and data, or text and url.",
    );
  }
  if ("_" in like) return like;
  const { url, data } = like;
  checkFields("make a button", like, ["text", "url", "data"]);
  const text = label(like.text);
  if (typeof url === "string" && data === undefined) return { _: "keyboardButtonUrl", text, url };
  if (data === undefined || url !== undefined) {
    throw new TypeError(`Cannot make the button "${text}". Pass its data, or its url.`);
  }
  return { _: "keyboardButtonCallback", text, data: bytesOf(text, data) };
}

function label(text: unknown): string {
  if (typeof text === "string" && text !== "" && text.isWellFormed()) return text;
  throw new TypeError(
    typeof text === "string" && text !== ""
      ? "Cannot make a button: its text has half of a character (a lone surrogate)"
      : "Cannot make a button: it has no text",
  );
}

function bytesOf(text: string, data: unknown): Uint8Array {
  const isText = typeof data === "string" && data.isWellFormed();
  const bytes = isText ? new TextEncoder().encode(data) : data;
  if (!(bytes instanceof Uint8Array)) {
    const what = typeof data === "string" ? "half of a character" : `of type ${typeOf(data)}`;
    throw new TypeError(
      `Cannot make the button "${text}": its data is ${what}. Pass a text or bytes.`,
    );
  }
  if (bytes.length > 0 && bytes.length <= LONGEST_DATA) return bytes;
  throw new TypeError(
    `Cannot make the button "${text}": its data is of ${bytes.length} bytes, expected 1 to ` +
      `${LONGEST_DATA}. Keep what is longer yourself, and pass its number.`,
  );
}

function typeOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}
