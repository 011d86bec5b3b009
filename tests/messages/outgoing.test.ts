/** What programs pass to send, edit and forward, and the parameters that are made of it. */
import { type Buttons, replyMarkup } from "../../src/messages/chats/buttons.ts";
import {
  type EditOptions,
  editParams,
  type ForwardOptions,
  forwardParams,
  type OutgoingMessage,
  outgoingParams,
  type SendOptions,
} from "../../src/messages/chats/outgoing.ts";
import { html, md } from "../../src/messages/text/mod.ts";
import { sendMessage } from "../../src/messages/send_message.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../helpers/assert.ts";
import { contextOf } from "./context.ts";

const BOLD = { _: "messageEntityBold", offset: 0, length: 2 } as const;
const reply = (replyToMsgId: number, topMsgId?: number) => ({
  _: "inputReplyToMessage",
  replyToMsgId,
  ...(topMsgId !== undefined && { topMsgId }),
});

const SENT: readonly (readonly [OutgoingMessage, SendOptions, object])[] = [
  ["Hi", {}, {}],
  ["", {}, { message: "" }],
  ["😀", {}, { message: "😀" }],
  [{ message: "Hi" }, {}, {}],
  [{ text: "Hi" }, {}, {}],
  [{ text: "Hi", entities: [] }, {}, {}],
  [{ text: "Hi", entities: [BOLD] }, {}, { entities: [BOLD] }],
  [{ message: { text: "Hi", entities: [BOLD] }, silent: true }, {}, {
    entities: [BOLD],
    silent: true,
  }],
  [md`**Hi**`, {}, { entities: [BOLD] }],
  [html`<b>Hi</b>`, {}, { entities: [BOLD] }],
  ["Hi", { replyTo: 5 }, { replyTo: reply(5) }],
  ["Hi", { replyTo: { id: 5 } }, { replyTo: reply(5) }],
  ["Hi", { topic: 7 }, { replyTo: reply(7, 7) }],
  ["Hi", { topic: 7, replyTo: 5 }, { replyTo: reply(5, 7) }],
  ["Hi", { replyTo: undefined, silent: undefined }, {}],
  [{ message: "Hi", replyTo: 5 }, { replyTo: 6 }, { replyTo: reply(6) }],
  ["Hi", { silent: true }, { silent: true }],
  ["Hi", { silent: false }, {}],
  ["Hi", { linkPreview: false }, { noWebpage: true }],
  ["Hi", { linkPreview: true }, {}],
  ["Hi", { canBeForwarded: false }, { noforwards: true }],
  ["Hi", { schedule: 1_800_000_000 }, { scheduleDate: 1_800_000_000 }],
  ["Hi", { schedule: new Date(1_800_000_000_999) }, { scheduleDate: 1_800_000_000 }],
  ["Hi", { schedule: 0x7ffffffe }, { scheduleDate: 0x7ffffffe }],
  ["Hi", { buttons: "remove" }, { replyMarkup: { _: "replyKeyboardHide" } }],
  ["Hi", { buttons: [] }, {}],
  ["Hi", { signal: new AbortController().signal }, {}],
];

Deno.test("Each option of a message becomes its parameter, and no other", () => {
  for (const [outgoing, options, expected] of SENT) {
    const { randomId, ...params } = outgoingParams(outgoing, options);
    assertEquals(randomId, undefined);
    assertEquals<object>(params, { message: "Hi", ...expected }, Deno.inspect([outgoing, options]));
  }
  assertEquals(outgoingParams("Hi", { randomId: -5n }).randomId, -5n);
});

const REFUSED: readonly (readonly [unknown, object, string])[] = [
  [5, {}, "its text is of type number"],
  [undefined, {}, "its text is of type undefined"],
  [null, {}, "its text is of type null"],
  [true, {}, "its text is of type boolean"],
  [{}, {}, "its text is of type undefined"],
  [[], {}, "its text is of type undefined"],
  [{ message: 5 }, {}, "its text is of type number"],
  [{ message: null }, {}, "its text is of type null"],
  [{ text: 5 }, {}, "its text is of type number"],
  ["😀".slice(0, 1), {}, "a lone surrogate"],
  [{ message: "😀".slice(1) }, {}, "a lone surrogate"],
  [{ text: "a\udc00" }, {}, "a lone surrogate"],
  [{ text: "Hi", entities: "bold" }, {}, "its entities are no array"],
  [{ text: "Hi", entities: null }, {}, "its entities are no array"],
  [{ text: "Hi", silent: true }, {}, '"silent" is not known'],
  [{ message: "Hi", file: "x.png" }, {}, 'the option "file" is not known'],
  [{ message: "Hi", parseMode: "html" }, {}, '"parseMode" is not known'],
  [{ message: "Hi", entities: [BOLD] }, {}, '"entities" is not known'],
  ["Hi", { reply_to: 5 }, 'Did you mean "replyTo"?'],
  ["Hi", { replyto: 5 }, 'Did you mean "replyTo"?'],
  ["Hi", { noWebpage: true }, '"noWebpage" is not known'],
  ["Hi", { replyTo: 0 }, "what it replies to is 0"],
  ["Hi", { replyTo: -1 }, "what it replies to is -1"],
  ["Hi", { replyTo: 1.5 }, "what it replies to is 1.5"],
  ["Hi", { replyTo: 2 ** 31 }, "what it replies to is 2147483648"],
  ["Hi", { replyTo: "five" }, "what it replies to is of type string"],
  ["Hi", { replyTo: -5n }, "what it replies to is -5"],
  ["Hi", { replyTo: {} }, "what it replies to is of type undefined"],
  ["Hi", { topic: "five" }, "its topic is of type string"],
  ["Hi", { topic: 0, replyTo: 5 }, "its topic is 0"],
  ["Hi", { silent: 1 }, "silent is of type number, expected true or false"],
  ["Hi", { linkPreview: "no" }, "linkPreview is of type string"],
  ["Hi", { canBeForwarded: 0 }, "canBeForwarded is of type number"],
  ["Hi", { schedule: Date.now() }, "Math.floor(Date.now() / 1000)"],
  ["Hi", { schedule: "2026-12-01T10:00" }, "of type string"],
  ["Hi", { schedule: 0 }, "it is scheduled for 0"],
  ["Hi", { schedule: 1.5 }, "it is scheduled for 1.5"],
  ["Hi", { schedule: new Date(NaN) }, "it is scheduled for NaN"],
  ["Hi", { schedule: "tomorrow" }, "it is scheduled for a value of type string"],
  ["Hi", { randomId: 0n }, "its randomId is 0"],
  ["Hi", { randomId: 5 }, "its randomId is 5, expected a bigint"],
  ["Hi", { buttons: "x" }, "Cannot make the buttons"],
];

Deno.test("A message with what is not understood is refused, and nothing is sent", async () => {
  for (const [outgoing, options, says] of REFUSED) {
    const wrong = outgoing as OutgoingMessage;
    const error = assertThrows(() => outgoingParams(wrong, options), TypeError, says);
    assert(error.message.startsWith("Cannot "), error.message);
    const context = await contextOf([]);
    await assertRejects(() => sendMessage(context, "me", wrong, options), TypeError, says);
    assertEquals(context.chatOrder.size, 0);
    context.finish();
  }
});

Deno.test("The options of an edit and of forwarding become their parameters", () => {
  const edits: readonly (readonly [EditOptions, object])[] = [
    [{}, {}],
    [{ linkPreview: false }, { noWebpage: true }],
    [{ schedule: 5 }, { scheduleDate: 5 }],
    [{ buttons: [] }, {}],
  ];
  for (const [options, expected] of edits) {
    assertEquals<object>(editParams("Hi", options), { message: "Hi", ...expected });
  }
  const forwards: readonly (readonly [ForwardOptions, object])[] = [
    [{}, {}],
    [{ silent: true, hideSender: true, hideCaptions: true, topic: 7, schedule: new Date(9000) }, {
      silent: true,
      dropAuthor: true,
      dropMediaCaptions: true,
      topMsgId: 7,
      scheduleDate: 9,
    }],
    [{ silent: false, hideSender: false }, {}],
  ];
  for (const [options, expected] of forwards) {
    assertEquals<object>(forwardParams(options), expected);
  }
  const wrong = { replyTo: 5 } as object;
  assertThrows(() => editParams("Hi", wrong), TypeError, 'edit a message: the option "replyTo"');
  assertThrows(() => forwardParams(wrong), TypeError, 'forward messages: the option "replyTo"');
  assertThrows(() => editParams(5 as never, {}), TypeError, "its text is of type number");
  assertThrows(() => editParams("\ud800", {}), TypeError, "a lone surrogate");
  const topic = { topic: "seven" } as object;
  assertThrows(() => forwardParams(topic), TypeError, "the topic is of type string");
});

const bytes = (text: string) => new TextEncoder().encode(text);
const callback = (text: string, data: string) => ({
  _: "keyboardButtonCallback",
  text,
  data: bytes(data),
});
const rows = (...all: object[][]) => all.map((buttons) => ({ _: "keyboardButtonRow", buttons }));

const MARKUPS: readonly (readonly [Buttons | undefined, object | undefined])[] = [
  [undefined, undefined],
  ["remove", { _: "replyKeyboardHide" }],
  [[], undefined],
  [[[]], undefined],
  [[["Yes", "No"], ["Cancel"]], {
    _: "replyKeyboardMarkup",
    resize: true,
    rows: rows(
      [{ _: "keyboardButton", text: "Yes" }, { _: "keyboardButton", text: "No" }],
      [{ _: "keyboardButton", text: "Cancel" }],
    ),
  }],
  [[[{ text: "A", data: "a" }], []], {
    _: "replyInlineMarkup",
    rows: rows([callback("A", "a")]),
  }],
  [[[{ text: "A", data: bytes("a") }, { text: "B", url: "https://t.me" }]], {
    _: "replyInlineMarkup",
    rows: rows([callback("A", "a"), { _: "keyboardButtonUrl", text: "B", url: "https://t.me" }]),
  }],
  [[[{ text: "A", data: "x".repeat(64) }]], {
    _: "replyInlineMarkup",
    rows: rows([callback("A", "x".repeat(64))]),
  }],
  [[[{ text: "A", data: "a", url: undefined }]], {
    _: "replyInlineMarkup",
    rows: rows([callback("A", "a")]),
  }],
  [[[{ _: "keyboardButtonGame", text: "Play" }]], {
    _: "replyInlineMarkup",
    rows: rows([{ _: "keyboardButtonGame", text: "Play" }]),
  }],
  [[["Text", { _: "keyboardButtonRequestPhone", text: "Phone" }]], {
    _: "replyKeyboardMarkup",
    resize: true,
    rows: rows([
      { _: "keyboardButton", text: "Text" },
      { _: "keyboardButtonRequestPhone", text: "Phone" },
    ]),
  }],
  [{ _: "replyKeyboardForceReply" }, { _: "replyKeyboardForceReply" }],
];

Deno.test("Buttons become the reply markup that they look like", () => {
  for (const [buttons, markup] of MARKUPS) {
    assertEquals<unknown>(replyMarkup(buttons), markup, Deno.inspect(buttons));
  }
});

const WRONG_BUTTONS: readonly (readonly [unknown, string])[] = [
  ["Yes", "Pass an array of rows"],
  [null, "Pass an array of rows"],
  [5, "Pass an array of rows"],
  [{}, "Pass an array of rows"],
  [["Yes", "No"], "a row is no array"],
  [[{ text: "A", data: "a" }], "a row is no array"],
  [[["Yes", { text: "A", data: "a" }]], "Telegram takes one kind a message"],
  [[[5]], "a button of a value of type number"],
  [[[null]], "a button of a value of type null"],
  [[[""]], "it has no text"],
  [[["😀".slice(1)]], "a lone surrogate"],
  [[[{}]], "it has no text"],
  [[[{ text: 5, data: "a" }]], "it has no text"],
  [[[{ text: "A" }]], 'Cannot make the button "A". Pass its data, or its url.'],
  [[[{ text: "A", data: "a", url: "b" }]], "Pass its data, or its url"],
  [[[{ text: "A", url: 5 }]], "Pass its data, or its url"],
  [[[{ text: "A", url: null }]], "Pass its data, or its url"],
  [[[{ text: "A", data: "" }]], "of 0 bytes, expected 1 to 64"],
  [[[{ text: "A", data: "ä".repeat(33) }]], "of 66 bytes, expected 1 to 64"],
  [[[{ text: "A", data: 5 }]], "its data is of type number"],
  [[[{ text: "A", data: null }]], "its data is of type null"],
  [[[{ text: "A", data: "\ud800" }]], "its data is half of a character"],
  [[[{ text: "A", callback_data: "a" }]], '"callback_data" is not known'],
];

Deno.test("Buttons that are not understood are refused", () => {
  for (const [buttons, says] of WRONG_BUTTONS) {
    const error = assertThrows(() => replyMarkup(buttons as Buttons), TypeError, says);
    assert(error.message.startsWith("Cannot make"), error.message);
  }
});
