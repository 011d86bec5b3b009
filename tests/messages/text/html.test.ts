/** The HTML that is read, and the HTML that is refused. */
import { parseHtml, toHtml, toMd } from "../../../src/messages/text/mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { assertEquals, assertThrows } from "../../helpers/assert.ts";

/** Each with what it is read as, written as HTML again. */
const CASES: readonly (readonly [html: string, expected: string])[] = [
  ["<b>a</b><strong>b</strong>", "<b>ab</b>"],
  ["<i>a</i> <em>b</em>", "<i>a</i> <i>b</i>"],
  ["<u>a</u> <ins>b</ins>", "<u>a</u> <u>b</u>"],
  ["<s>a</s> <del>b</del> <strike>c</strike>", "<s>a</s> <s>b</s> <s>c</s>"],
  [
    '<tg-spoiler>a</tg-spoiler> <spoiler>b</spoiler> <span class="tg-spoiler">c</span>',
    "<tg-spoiler>a</tg-spoiler> <tg-spoiler>b</tg-spoiler> <tg-spoiler>c</tg-spoiler>",
  ],
  ["<code>a</code>", "<code>a</code>"],
  ["<pre>a</pre>", "<pre>a</pre>"],
  ["<pre><code>a</code></pre>", "<pre>a</pre>"],
  [
    "<pre><code class='language-c++'>a</code></pre>",
    '<pre><code class="language-c++">a</code></pre>',
  ],
  ['<pre language="ts">a</pre>', '<pre><code class="language-ts">a</code></pre>'],
  ["<pre>a <b>b</b></pre>", "<pre>a b</pre>"],
  ["<b>a <code>b</code> c</b>", "<b>a</b> <code>b</code> <b>c</b>"],
  ["<blockquote>a <code>b</code></blockquote>", "<blockquote>a <code>b</code></blockquote>"],
  ["<blockquote expandable>a</blockquote>", "<blockquote expandable>a</blockquote>"],
  ['<blockquote expandable="">a</blockquote>', "<blockquote expandable>a</blockquote>"],
  ['<a href="b?c&amp;d">a</a>', '<a href="b?c&amp;d">a</a>'],
  ['<a href="b?c&d" target=_blank rel=x>a</a>', '<a href="b?c&amp;d">a</a>'],
  ["<A HREF='b\"c'>a</A>", '<a href="b&quot;c">a</a>'],
  ["<a href=b.org/c?d>a</a>", '<a href="b.org/c?d">a</a>'],
  ['<a\n href = "b" >a</a >', '<a href="b">a</a>'],
  ['<a href="tg://user?id=12">a</a>', '<a href="tg://user?id=12">a</a>'],
  ['<a href="tg://user?id=12&hash=ab">a</a>', '<a href="tg://user?id=12&amp;hash=ab">a</a>'],
  ['<tg-emoji emoji-id="5">👍</tg-emoji>', '<tg-emoji emoji-id="5">👍</tg-emoji>'],
  ['<tg-time unix="5" format="r">a</tg-time>', '<tg-time unix="5" format="r">a</tg-time>'],
  ["a<br>b<br/>c<BR />d", "a\nb\nc\nd"],
  ["&lt;b&gt; &amp;amp; &quot;&apos; &#128512;&#x1F600;", "&lt;b&gt; &amp;amp; \"' 😀😀"],
  ["&nbsp;a", "\u00a0a"],
  [
    "&copy; &x; & &#0; &#xd800; &#x110000; &lt",
    "&amp;copy; &amp;x; &amp; &amp;#0; " +
    "&amp;#xd800; &amp;#x110000; &amp;lt",
  ],
  ["1 < 2, <3, <<, a <", "1 &lt; 2, &lt;3, &lt;&lt;, a &lt;"],
  ["1 > 2", "1 &gt; 2"],
  ["  a\n\n b  ", "  a\n\n b  "],
  ["<b> a </b>", " <b>a</b> "],
  ["<b></b><i> </i>a", " a"],
  ["<b/>a", "a"],
  ["<b><b>a</b> b</b>", "<b>a b</b>"],
  ["<b>a<i>b</i></b><i>c</i>", "<b>a<i>b</i></b><i>c</i>"],
  ["<i><b>a</b></i>", "<b><i>a</i></b>"],
  ["<blockquote>a<b>b</b></blockquote>", "<blockquote>a<b>b</b></blockquote>"],
  ["<b><blockquote>a</blockquote>b</b>", "<blockquote><b>a</b></blockquote><b>b</b>"],
];

Deno.test("parseHtml() reads the tags of the Bot API", () => {
  for (const [html, expected] of CASES) assertEquals(toHtml(parseHtml(html)), expected, html);
});

Deno.test("parseHtml() refuses what it does not know, and says what and where", () => {
  const cases: [string, string][] = [
    ["a <p>b</p>", 'Cannot read the HTML at 2, "<p>b</p>": Telegram has no <p>'],
    ["<constructor>", "Telegram has no <constructor>"],
    ["<b>a", 'at 0, "<b>a": <b> is not closed'],
    ["<b>a<i>b</b></i>", 'at 8, "</b></i>": </b> is before </i>, of the tag at 4'],
    ["a</b>", 'at 1, "</b>": </b> closes nothing'],
    ["</br>", "</br> closes nothing"],
    ["<!-- a -->", "no tag begins so"],
    ["<?xml?>", "no tag begins so"],
    ["</ b>", "no tag begins so"],
    ["<b", "<b has no end"],
    ["if a <b && c", "<b has no end. Write &lt; for <"],
    ['<a href="b>a</a>', "<a has no end"],
    ["<a>b</a>", "<a> has no href"],
    ['<a href="">b</a>', "<a> has a wrong href"],
    ["<span>a</span>", '<span> has no class "tg-spoiler"'],
    ["<tg-emoji>a</tg-emoji>", "<tg-emoji> has no emoji-id"],
    ['<tg-emoji emoji-id="x">a</tg-emoji>', "<tg-emoji> has a wrong emoji-id"],
    ['<tg-time unix="now">a</tg-time>', "<tg-time> has a wrong unix"],
  ];
  for (const [html, text] of cases) {
    assertThrows(() => parseHtml(html), SyntaxError, text, html);
  }
  const { message } = assertThrows(() => parseHtml(`<${"x".repeat(10_000)}>`), SyntaxError);
  assertEquals(message.length < 300, true, message);
});

Deno.test("parseHtml() takes a string only", () => {
  assertThrows(() => parseHtml(1 as unknown as string), TypeError, "Pass a string");
});

Deno.test("toHtml() and toMd() take a message, a text with entities, or both apart", () => {
  const entities: Api.MessageEntity[] = [{ _: "messageEntityBold", offset: 0, length: 1 }];
  for (const write of [toHtml, toMd]) {
    const expected = write("ab", entities);
    assertEquals(write({ text: "ab", entities }), expected);
    assertEquals(write({ message: "ab", entities }), expected);
    assertEquals(write({ message: "ab" }), "ab");
    assertThrows(() => write(undefined as unknown as string), TypeError, "it is undefined");
  }
});

Deno.test("toHtml() splits what overlaps, around quotes, code and emoji that stay whole", () => {
  const entity = (_: string, offset: number, length: number, rest = {}): Api.MessageEntity =>
    ({ _, offset, length, ...rest }) as Api.MessageEntity;
  const cases: [Api.MessageEntity[], string][] = [
    [
      [entity("messageEntityBold", 0, 4), entity("messageEntityItalic", 2, 4)],
      "<b>ab<i>cd</i></b><i>ef</i>",
    ],
    [
      [entity("messageEntityBold", 0, 4), entity("messageEntityBlockquote", 2, 4)],
      "<b>ab</b><blockquote><b>cd</b>ef</blockquote>",
    ],
    [
      [entity("messageEntityBold", 0, 4), entity("messageEntityCode", 2, 4)],
      "<b>ab</b><code>cdef</code>",
    ],
    [
      [entity("messageEntityBold", 0, 4), entity("messageEntityPre", 2, 4, { language: "" })],
      "<b>ab</b><pre>cdef</pre>",
    ],
    [
      [
        entity("messageEntityTextUrl", 0, 4, { url: "x" }),
        entity("messageEntityTextUrl", 2, 4, { url: "y" }),
      ],
      '<a href="x">abcd</a><a href="y">ef</a>',
    ],
    [
      [
        entity("messageEntityCustomEmoji", 0, 4, { documentId: 5n }),
        entity("messageEntityBold", 2, 4),
      ],
      '<tg-emoji emoji-id="5">ab</tg-emoji><b>cdef</b>',
    ],
    [[entity("messageEntityBold", -5, 100)], "<b>abcdef</b>"],
    [[entity("messageEntityBold", 2, -1), entity("messageEntityBold", 9, 9)], "abcdef"],
  ];
  for (const [entities, html] of cases) assertEquals(toHtml("abcdef", entities), html);
  assertEquals(toHtml("👍👍", [entity("messageEntityBold", 1, 1)]), "<b>👍</b>👍");
});
