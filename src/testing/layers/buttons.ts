/**
 * The buttons of layer 229, in which a button has a type of its own, and those of layer 228, in
 * which each kind of button is a constructor. https://core.telegram.org/api/bots/buttons
 */
import type { TlObject } from "../../tl/mod.ts";

const BUTTON = "keyboardButton";
const INLINE_TYPE = "inlineButtonType";
const TYPE = "buttonType";
const DEFAULT = "Default";

/** Returns a markup of layer 228 as that of layer 229. */
export function newerMarkup(markup: TlObject): TlObject {
  const isInline = markup._ === "replyInlineMarkup";
  const rows = (markup.rows as TlObject[]).map((row) => ({
    _: isInline ? "keyboardInlineButtonRow" : "keyboardButtonRow",
    buttons: (row.buttons as TlObject[]).map((button) => newerButton(button, isInline)),
  }));
  return { ...markup, rows };
}

function newerButton({ _, text, style, ...fields }: TlObject, isInline: boolean): TlObject {
  const kind = _.slice(BUTTON.length) || DEFAULT;
  const type = { ...fields, _: `${isInline ? INLINE_TYPE : TYPE}${kind}` };
  return { _: isInline ? "keyboardInlineButton" : BUTTON, style, text, type };
}

/** Returns a request with the buttons of layer 228 in place of those of layer 229. */
export function withOlderButtons(request: TlObject): TlObject {
  if (request.replyMarkup !== undefined) {
    return { ...request, replyMarkup: olderMarkup(request.replyMarkup as TlObject) };
  }
  if (request._ !== "messages.setInlineBotResults") return request;
  const results = (request.results as TlObject[]).map((result) => {
    const sendMessage = withOlderButtons(result.sendMessage as TlObject);
    return { ...result, sendMessage };
  });
  return { ...request, results };
}

function olderMarkup(markup: TlObject): TlObject {
  if (!Array.isArray(markup.rows)) return markup;
  const rows = (markup.rows as TlObject[]).map((row) => ({
    _: "keyboardButtonRow",
    buttons: (row.buttons as TlObject[]).map(olderButton),
  }));
  return { ...markup, rows };
}

function olderButton(button: TlObject): TlObject {
  const { text, style, type } = button;
  if (typeof type !== "object" || type === null) return button;
  const { _, ...fields } = type as TlObject;
  const kind = _.slice(_.indexOf("uttonType") + "uttonType".length);
  return { ...fields, _: `${BUTTON}${kind === DEFAULT ? "" : kind}`, style, text };
}
