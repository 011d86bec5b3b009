/**
 * Formatted text: Markdown and HTML to the `{ text, entities }` that Telegram takes, and back.
 *
 * `` md`…` `` and `` html`…` `` are for texts that stand in a program: what is put into their holes
 * is never read as markup. `parseMarkdown` and `parseHtml` are for texts that come at run time.
 *
 * @example
 * ```ts
 * import { html, md, toHtml } from "@tessera/mtproto/text";
 *
 * const name = "**Ada** <3";
 * const greeting = md`Hello, **${name}**!`;
 * console.log(greeting.text); // Hello, **Ada** <3!
 * console.log(toHtml(greeting)); // Hello, <b>**Ada** &lt;3</b>!
 * console.log(html`<i>${greeting}</i>`.entities.length); // 2
 * ```
 *
 * @module
 */
import type { Api } from "../../tl/mod.ts";
import { Draft } from "./draft.ts";
import { type FormattedText, readPart, type TextPart, type TextSource } from "./formatted_text.ts";
import { readHtml } from "./html_parser.ts";
import { writeHtml } from "./html_writer.ts";
import { linkAddress } from "./links.ts";
import { readMarkdown } from "./markdown_parser.ts";
import { writeMarkdown } from "./markdown_writer.ts";
import { Template } from "./template.ts";
import { type Span, tidySpans } from "./tidy.ts";

export type { FormattedText, TextPart, TextSource } from "./formatted_text.ts";
export { mention, type MentionedUser } from "./mention.ts";

/**
 * Formats a text that is written in Markdown: `**bold**`, `__italic__`, `--underline--`,
 * `~~strikethrough~~`, `||spoiler||`, `` `code` ``, `[link](address)`, `> quote`. A sign without
 * its partner is text, and a backslash, written `\\` in a template, makes text of any sign.
 *
 * @param strings the parts between the holes
 * @param holes plain text, numbers, or formatted text, which keeps its formatting
 * @returns the text, to be sent
 * @throws `TypeError` if a hole holds anything else
 *
 * @example
 * ```ts
 * import { md } from "@tessera/mtproto/text";
 *
 * const file = "my_file_1.txt";
 * const message = md`**Done:** ${file}, ${3} lines`;
 * console.log(message.text); // Done: my_file_1.txt, 3 lines
 * ```
 */
export function md(strings: TemplateStringsArray, ...holes: readonly TextPart[]): FormattedText {
  return readMarkdown(Template.ofTag(strings, holes, "md", "parseMarkdown"));
}

/**
 * Formats a text that is written in HTML, with the tags of the Bot API: `b`, `i`, `u`, `s`,
 * `tg-spoiler`, `code`, `pre`, `a`, `blockquote`, `tg-emoji`, `tg-time`, `br`, and their synonyms.
 * White space is kept.
 *
 * @param strings the parts between the holes
 * @param holes plain text, numbers, or formatted text, which keeps its formatting
 * @returns the text, to be sent
 * @throws `TypeError` if a hole holds anything else
 * @throws `SyntaxError` if the HTML has a tag that Telegram does not know, or that is not closed
 *
 * @example
 * ```ts
 * import { html } from "@tessera/mtproto/text";
 *
 * const address = "https://example.org/?a=1&b=2";
 * const message = html`See <a href="${address}">the <b>page</b></a>`;
 * console.log(message.text, message.entities.length); // See the page 2
 * ```
 */
export function html(strings: TemplateStringsArray, ...holes: readonly TextPart[]): FormattedText {
  return readHtml(Template.ofTag(strings, holes, "html", "parseHtml"));
}

/**
 * Reads a text in Markdown that comes at run time, such as from a file or a language model. In a
 * program, write `` md`…` ``.
 *
 * @param text the text, in the Markdown of `md`
 * @returns the text, to be sent
 * @throws `TypeError` if it is no string
 *
 * @example
 * ```ts
 * import { parseMarkdown } from "@tessera/mtproto/text";
 *
 * console.log(parseMarkdown("2**3 is **eight**").text); // 2**3 is eight
 * ```
 */
export function parseMarkdown(text: string): FormattedText {
  return readMarkdown(Template.ofText(text, "parseMarkdown"));
}

/**
 * Reads a text in HTML that comes at run time. In a program, write `` html`…` ``.
 *
 * @param text the text, in the HTML of `html`
 * @returns the text, to be sent
 * @throws `TypeError` if it is no string
 * @throws `SyntaxError` if the HTML has a tag that Telegram does not know, or that is not closed
 *
 * @example
 * ```ts
 * import { parseHtml } from "@tessera/mtproto/text";
 *
 * console.log(parseHtml("<b>1 &lt; 2</b>").text); // 1 < 2
 * ```
 */
export function parseHtml(text: string): FormattedText {
  return readHtml(Template.ofText(text, "parseHtml"));
}

/**
 * Writes a text with its formatting in Markdown. `parseMarkdown` reads it as the same again. What
 * Telegram finds in a text by itself (web addresses, @names, #tags) is written as it is.
 *
 * @param text the text, or an object that holds it with its formatting, such as a message
 * @param entities the formatting, if the text is a string
 * @returns the Markdown
 * @throws `TypeError` if the text is neither
 *
 * @example
 * ```ts
 * import { html, toMd } from "@tessera/mtproto/text";
 *
 * console.log(toMd(html`<b>2*3</b> = 6`)); // **2\*3** = 6
 * ```
 */
export function toMd(
  text: string | TextSource,
  entities: readonly Api.MessageEntity[] = [],
): string {
  const source = sourceOf(text, entities);
  return writeMarkdown(source.text, writtenSpans(source));
}

/**
 * Writes a text with its formatting in HTML. `parseHtml` reads it as the same again. What Telegram
 * finds in a text by itself (web addresses, @names, #tags) is written as it is.
 *
 * @param text the text, or an object that holds it with its formatting, such as a message
 * @param entities the formatting, if the text is a string
 * @returns the HTML
 * @throws `TypeError` if the text is neither
 *
 * @example
 * ```ts
 * import { md, toHtml } from "@tessera/mtproto/text";
 *
 * console.log(toHtml(md`**1 < 2**`)); // <b>1 &lt; 2</b>
 * ```
 */
export function toHtml(
  text: string | TextSource,
  entities: readonly Api.MessageEntity[] = [],
): string {
  const source = sourceOf(text, entities);
  return writeHtml(source.text, writtenSpans(source));
}

/**
 * Joins texts, with or without formatting.
 *
 * @param parts plain texts, numbers, or formatted texts
 * @param separator the text between them
 * @returns the text, to be sent
 * @throws `TypeError` if a part is anything else
 *
 * @example
 * ```ts
 * import { joinText, md } from "@tessera/mtproto/text";
 *
 * const tasks = ["buy *milk*", "sleep"].map((task) => md`- **${task}**`);
 * console.log(joinText(tasks, "\n").text.split("\n").length); // 2
 * ```
 */
export function joinText(parts: Iterable<TextPart>, separator: TextPart = ""): FormattedText {
  const draft = new Draft();
  const between = readPart(separator, "the separator");
  let index = 0;
  for (const part of parts) {
    if (index++ > 0) draft.addFormatted(between);
    draft.addFormatted(readPart(part, `part ${index}`));
  }
  return draft.finish();
}

function sourceOf(
  text: string | TextSource,
  entities: readonly Api.MessageEntity[],
): FormattedText {
  return typeof text === "string" ? { text, entities } : readPart(text, "it");
}

/** The entities that can be written: not those of users that have no address. */
function writtenSpans({ text, entities }: FormattedText): Span[] {
  return tidySpans(text, entities).filter(({ kind, entity }) =>
    kind !== "link" || linkAddress(entity) !== undefined
  );
}
