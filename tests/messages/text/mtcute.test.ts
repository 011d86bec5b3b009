/**
 * The parsers of mtcute read the same where the dialects agree. Where ours differs on purpose, the
 * reason stands beside the case.
 */
import { thtml } from "@mtcute/html-parser";
import { md as mtcuteMd } from "@mtcute/markdown-parser";
import {
  type FormattedText,
  joinText,
  parseHtml,
  parseMarkdown,
  toHtml,
  toMd,
} from "../../../src/messages/text/mod.ts";
import { assertEquals, assertNotEquals } from "../../helpers/assert.ts";

interface Read {
  readonly text: string;
  readonly entities?: readonly object[];
}

/** A reading in a form that both sides have: sorted, numbers as text, nothing that is not set. */
function comparable({ text, entities = [] }: Read): unknown {
  const plain = entities.map((entity) => {
    const fields = Object.entries(entity).filter(([, value]) => value && value !== true);
    const shown = fields.map(([name, value]) => [name, showValue(value)]);
    return Object.fromEntries([...shown, ...flags(entity)].sort());
  });
  const place = ({ offset, length, _ }: Record<string, string>): string =>
    `${String(offset ?? 0).padStart(4, "0")} ${9999 - Number(length)} ${_}`;
  return { text, entities: plain.sort((a, b) => place(a) < place(b) ? -1 : 1) };
}

function flags(entity: object): [string, unknown][] {
  return Object.entries(entity).filter(([, value]) => value === true);
}

function showValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null || "unsigned" in value) return String(value);
  return Object.entries(value).map(([name, inner]) => `${name} ${inner}`).sort().join();
}

const SAME_MARKDOWN = [
  "plain text",
  "**bold**",
  "__italic__",
  "--underline--",
  "~~strike~~",
  "||spoiler||",
  "`code`",
  "a **b** c __d__ e",
  "**a** **b**",
  "**a __b__ c**",
  "__**a** b__",
  "**a __b** c__",
  "--~~||__**a**__||~~--",
  "**two\nlines**",
  "in**si**de",
  "👨‍👩‍👧 **👍** a",
  "```\na\n```",
  "```ts\nconst a = 1;\n```",
  "```ts\na\nb```",
  "a\n```\nb\n```\nc",
  "[a](https://example.org/)",
  "[a __b__](https://example.org/)",
  "**[a](https://example.org/) b**",
  "[a](tg://user?id=12)",
  "[a](tg://user?id=12&hash=ab)",
  "[👍](tg://emoji?id=5368324170671202286)",
  "[22:45](tg://time?unix=1647531900&format=wDT)",
  "[a]",
  "[a] (b)",
  "> a\nb",
  ">a\n>b\nc",
  "a\n> b\n> c\nd",
  "> a **b**\nc",
  "2**3",
  "a `b",
  "a ~~b",
  "a ||b",
  "snake_case and 2*3",
  "*",
  "\\*\\*a\\*\\*",
  "\\[a](b)",
  "\\`a\\`",
  "a \\\\ b",
  "https://example.org/a?b=c&d",
];

const OTHER_MARKDOWN: readonly (readonly [markdown: string, reason: string])[] = [
  ["*a*", "one star is italic, as in CommonMark"],
  ["_a_", "one underscore is italic, as in CommonMark"],
  ["***a***", "three stars are bold and italic, as in CommonMark"],
  ["2 ** 3 ** 4", "a sign beside white space is text"],
  ["--a/--b", "an underline is around whole words: this is a command line"],
  ["one--two--three", "an underline is around whole words: these are dashes"],
  ["2**3 and **b**", "a sign begins where its partner is nearest"],
  ["**a **b** c**", "signs nest"],
  ["``a`b``", "two backticks surround code with one"],
  ["`C:\\new`", "a backslash in code is a backslash"],
  ["C:\\new", "a backslash before a letter is a backslash"],
  ["```a```", "a block needs no lines"],
  ["**a `b` c**", "Telegram has no bold code"],
  ["[a]()", "a link without an address is text"],
  ["[a](b_(c))", "parentheses in an address are balanced"],
  ["![👍](tg://emoji?id=5)", "custom emoji may be written as images, as in the Bot API"],
  ["<u>a</u>", "tags stand for what has no sign"],
  ["> a", "a quote may be the end of the text"],
  ["  a\n  b  ", "white space is kept"],
  ["<b> a </b>", "entities do not begin or end in white space"],
];

const SAME_HTML = [
  "plain text",
  "<b>a</b>",
  "<strong>a</strong>",
  "<i>a</i> <em>b</em>",
  "<u>a</u> <ins>b</ins>",
  "<s>a</s> <del>b</del> <strike>c</strike>",
  "<spoiler>a</spoiler> <tg-spoiler>b</tg-spoiler>",
  '<span class="tg-spoiler">a</span>',
  "<code>a</code>",
  "<pre>a\nb</pre>",
  '<pre language="ts">a</pre>',
  '<pre><code class="language-ts">a</code></pre>',
  "<b>a <i>b</i> c</b>",
  "<i><b>a</b></i>",
  '<a href="https://example.org/?a=1&amp;b=2">a</a>',
  '<a href="https://example.org/"><b>a</b> b</a>',
  '<a href="tg://user?id=12">a</a>',
  '<a href="tg://user?id=12&hash=ab">a</a>',
  '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
  '<tg-time unix="1647531900" format="wDT">a</tg-time>',
  "<blockquote>a\nb</blockquote>",
  "<blockquote expandable>a</blockquote>",
  "<blockquote collapsible>a <b>b</b></blockquote>",
  "<b>👨‍👩‍👧</b> 👍 <i>a</i>",
  "&lt;b&gt; &amp; &quot;a&quot;",
  "&#128512; &#x1F600;",
  "a<br>b<br/>c",
  "1 < 2",
  "<B>a</B>",
  "a  b",
];

const OTHER_HTML: readonly (readonly [html: string, reason: string])[] = [
  ["<b>a</b><b>b</b>", "two that touch are one"],
  ["<b>a </b>", "entities do not end in white space"],
  ["<b>a <code>b</code></b>", "Telegram has no bold code"],
  ["a\n  b", "white space is kept"],
  ["a&nbsp;b", "a space that does not break is kept"],
];

const REFUSED_HTML = ["<p>a</p>", "<b>a", "a</b>", "<b>a <i>b</b> c</i>", "<a>b</a>", "<!-- a -->"];

Deno.test("mtcute reads the same Markdown", () => {
  for (const markdown of SAME_MARKDOWN) {
    assertEquals(comparable(parseMarkdown(markdown)), comparable(mtcuteMd(markdown)), markdown);
  }
});

Deno.test("mtcute reads other Markdown where we differ on purpose", () => {
  for (const [markdown, reason] of OTHER_MARKDOWN) {
    const ours = comparable(parseMarkdown(markdown));
    assertNotEquals(ours, comparable(mtcuteMd(markdown)), `${markdown}: ${reason}`);
  }
});

Deno.test("mtcute reads the same HTML", () => {
  for (const html of SAME_HTML) {
    assertEquals(comparable(parseHtml(html)), comparable(thtml(html)), html);
  }
});

Deno.test("mtcute reads other HTML where we differ on purpose, and some that we refuse", () => {
  for (const [html, reason] of OTHER_HTML) {
    const ours = comparable(parseHtml(html));
    assertNotEquals(ours, comparable(thtml(html)), `${html}: ${reason}`);
  }
  for (const html of REFUSED_HTML) thtml(html);
});

Deno.test("mtcute reads what we write", () => {
  const tidy = (read: Read): Read => joinText([read as FormattedText]);
  for (const markdown of SAME_MARKDOWN) {
    const read = parseMarkdown(markdown);
    assertEquals(comparable(tidy(thtml(toHtml(read)))), comparable(read), toHtml(read));
    // It has no tags and no images, and wants a line behind a quote.
    const written = `${toMd(read)}\nend`.replaceAll("![", "[");
    if (written.includes("</")) continue;
    const expected = comparable({ ...read, text: `${read.text}\nend` });
    assertEquals(comparable(tidy(mtcuteMd(written))), expected, written);
  }
});
