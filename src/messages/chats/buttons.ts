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
  const kinds = new Set(rows.flatMap((row) => row.buttons.map(({ _ }) => KEYS.includes(_))));
  if (kinds.size > 1) {
    throw new TypeError(
      "Cannot make the buttons: some are keys of the keyboard (a text alone), some stand below " +
        "the message (an object). Telegram takes one kind a message.",
    );
  }
  return kinds.has(true)
    ? { _: "replyKeyboardMarkup", resize: true, rows }
    : { _: "replyInlineMarkup", rows };
}

function button(like: ButtonLike): Api.KeyboardButton {
  if (typeof like === "string") return { _: "keyboardButton", text: like };
  if (typeof like !== "object" || like === null) {
    throw new TypeError(
      `Cannot make a button of a value of type ${typeof like}. Pass a text, or an object with ` +
        "text and data, or text and url.",
    );
  }
  if ("_" in like) return like;
  const { text, url, data } = like;
  checkFields("make a button", like, ["text", "url", "data"]);
  if (typeof text !== "string" || text === "") {
    throw new TypeError("Cannot make a button: it has no text");
  }
  if (url !== undefined && data === undefined) return { _: "keyboardButtonUrl", text, url };
  if (data === undefined || url !== undefined) {
    throw new TypeError(`Cannot make the button "${text}". Pass its data, or its url.`);
  }
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  if (!(bytes instanceof Uint8Array) || bytes.length === 0 || bytes.length > LONGEST_DATA) {
    throw new TypeError(
      `Cannot make the button "${text}": its data is of ${bytes.length} bytes, expected 1 to ` +
        `${LONGEST_DATA}. Keep what is longer yourself, and pass its number.`,
    );
  }
  return { _: "keyboardButtonCallback", text, data: bytes };
}
