/** What is read as a sign of Markdown, and what is text. */
import { parseMarkdown, toHtml, toMd } from "../../../src/messages/text/mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { assertEquals, assertThrows } from "../../helpers/assert.ts";

/** Each with the HTML of what it is read as. */
const CASES: Readonly<Record<string, readonly (readonly [markdown: string, html: string])[]>> = {
  "signs format": [
    ["**bold**", "<b>bold</b>"],
    ["__italic__", "<i>italic</i>"],
    ["*italic*", "<i>italic</i>"],
    ["_italic_", "<i>italic</i>"],
    ["--under--", "<u>under</u>"],
    ["~~strike~~", "<s>strike</s>"],
    ["||spoiler||", "<tg-spoiler>spoiler</tg-spoiler>"],
    ["`code`", "<code>code</code>"],
    ["**two\nlines**", "<b>two\nlines</b>"],
    ["in**si**de, in__si__de, in~~si~~de", "in<b>si</b>de, in<i>si</i>de, in<s>si</s>de"],
    ["(*a*, _b_)", "(<i>a</i>, <i>b</i>)"],
    ["**Ж**, _ё_", "<b>Ж</b>, <i>ё</i>"],
    ["**👨‍👩‍👧** _👍_", "<b>👨‍👩‍👧</b> <i>👍</i>"],
  ],
  "signs without a partner are text": [
    ["2**3", "2**3"],
    ["2 ** 3 ** 4", "2 ** 3 ** 4"],
    ["2*3*4 and 2 * 3 * 4", "2*3*4 and 2 * 3 * 4"],
    ["**", "**"],
    ["****", "****"],
    ["** **", "** **"],
    ["**a", "**a"],
    ["a**", "a**"],
    ["**a **", "**a **"],
    ["** a**", "** a**"],
    ["2**3 and **bold**", "2**3 and <b>bold</b>"],
    ["* one\n* two*", "* one\n* two*"],
    ["*one\n\ntwo*", "*one\n\ntwo*"],
    ["**one\n\ntwo**", "<b>one\n\ntwo</b>"],
    ["a `b", "a `b"],
    ["```a", "```a"],
    ["`` a`", "`` a`"],
    ["[a", "[a"],
    ["[a]", "[a]"],
    ["[a](b", "[a](b"],
    ["[a](b c)", "[a](b c)"],
    ["[a]()", "[a]()"],
    ["[](auto x) [](a)", "[](auto x) [](a)"],
    ["[a] (b)", "[a] (b)"],
    ["a || b || c", "a || b || c"],
    ["a -- b -- c", "a -- b -- c"],
    ["~a~", "~a~"],
    ["|a|", "|a|"],
    ["-a-", "-a-"],
    ["<u>a", "&lt;u&gt;a"],
    ["a</u>", "a&lt;/u&gt;"],
    ["<p>a</p>", "&lt;p&gt;a&lt;/p&gt;"],
  ],
  "words stay whole": [
    ["snake_case_word", "snake_case_word"],
    ["_snake_case_", "<i>snake_case</i>"],
    ["a_b _c_ d_e", "a_b <i>c</i> d_e"],
    ["--amend --no-edit", "--amend --no-edit"],
    ["--all/--none", "--all/--none"],
    ["one--two--three", "one--two--three"],
    ["---", "---"],
    ["| a | b |\n|---|---|", "| a | b |\n|---|---|"],
    ["I ~~~ you", "I ~~~ you"],
  ],
  "formats nest and overlap": [
    ["**a __b__ c**", "<b>a <i>b</i> c</b>"],
    ["***a***", "<b><i>a</i></b>"],
    ["***a** b*", "<i><b>a</b> b</i>"],
    ["**a *b***", "<b>a <i>b</i></b>"],
    ["***a**", "*<b>a</b>"],
    ["**a***", "<b>a</b>*"],
    ["**a __b** c__", "<b>a <i>b</i></b><i> c</i>"],
    ["**a **b** c**", "<b>a b c</b>"],
    ["**a****b**", "<b>a****b</b>"],
    ["**a** **b**", "<b>a</b> <b>b</b>"],
    ["**[a](b)**", '<a href="b"><b>a</b></a>'],
    ["[**a**](b)", '<a href="b"><b>a</b></a>'],
    ["**[a** b](c)", '<a href="c"><b>a</b> b</a>'],
    ["**a `b` c**", "<b>a</b> <code>b</code> <b>c</b>"],
    ["~~**__--||a||--__**~~", "<b><i><u><s><tg-spoiler>a</tg-spoiler></s></u></i></b>"],
  ],
  "nothing is read in code": [
    ["`**a**`", "<code>**a**</code>"],
    ["`C:\\new`", "<code>C:\\new</code>"],
    ["`a\nb`", "<code>a\nb</code>"],
    ["``a`b``", "<code>a`b</code>"],
    ["`` `a` ``", "<code>`a`</code>"],
    ["` `", " "],
    ["```a```", "<pre>a</pre>"],
    ["```\na\n```", "<pre>a</pre>"],
    ["```ts\na\n\n  b\n```", '<pre><code class="language-ts">a\n\n  b</code></pre>'],
    ["```\n  a\n```", "<pre>  a</pre>"],
    ["```c++ \na```", '<pre><code class="language-c++">a</code></pre>'],
    ["```two words\na```", "<pre>two words\na</pre>"],
    ["x ```\na\n``` y", "x <pre>a</pre> y"],
    ["````\n```\na\n```\n````", "<pre>```\na\n```</pre>"],
    ["**a ```b``` c**", "<b>a</b> <pre>b</pre> <b>c</b>"],
  ],
  "links": [
    ["[a](https://example.org/)", '<a href="https://example.org/">a</a>'],
    ["[a](b_(c))", '<a href="b_(c)">a</a>'],
    ["[a](b\\))", '<a href="b)">a</a>'],
    ["[a](b_c_d)", '<a href="b_c_d">a</a>'],
    ["[a [b] c](d)", '<a href="d">a [b] c</a>'],
    ["[a [b](c) d](e)", '[a <a href="c">b</a> d](e)'],
    ["[[a](b)", '[<a href="b">a</a>'],
    ["![a](b)", '!<a href="b">a</a>'],
    ["[a](tg://user?id=12)", '<a href="tg://user?id=12">a</a>'],
    ["[a](tg://user?id=12&hash=-1)", '<a href="tg://user?id=12&amp;hash=ffffffffffffffff">a</a>'],
    ["![👍](tg://emoji?id=5)", '<tg-emoji emoji-id="5">👍</tg-emoji>'],
    ["[👍](tg://emoji?id=5)", '<tg-emoji emoji-id="5">👍</tg-emoji>'],
    ["Wow!![👍](tg://emoji?id=5)", 'Wow!<tg-emoji emoji-id="5">👍</tg-emoji>'],
    ["[a ![👍](tg://emoji?id=5)](b)", '<a href="b">a <tg-emoji emoji-id="5">👍</tg-emoji></a>'],
    ["![22:45](tg://time?unix=5&format=wT)", '<tg-time unix="5" format="wT">22:45</tg-time>'],
    ["[a](tg://emoji?id=x)", '<a href="tg://emoji?id=x">a</a>'],
  ],
  "quotes": [
    ["> a", "<blockquote>a</blockquote>"],
    [">a\n>b\nc", "<blockquote>a\nb</blockquote>\nc"],
    ["a\n> b", "a\n<blockquote>b</blockquote>"],
    ["a > b", "a &gt; b"],
    ["> a\n\n> b", "<blockquote>a</blockquote>\n\n<blockquote>b</blockquote>"],
    ["> **a\n> b**", "<blockquote><b>a\nb</b></blockquote>"],
    ["> `a\n> b`", "<blockquote><code>a\nb</code></blockquote>"],
    [
      "> a\n> ```ts\n> b\n> ```\n> c",
      "<blockquote>a</blockquote>\n" +
      '<pre><code class="language-ts">b</code></pre>\n<blockquote>c</blockquote>',
    ],
    ["```\n> a\n```", "<pre>&gt; a</pre>"],
    ["<blockquote expandable>a</blockquote>", "<blockquote expandable>a</blockquote>"],
  ],
  "tags": [
    ["<u>a</u><b>b</b><i>c</i><s>d</s>", "<u>a</u><b>b</b><i>c</i><s>d</s>"],
    ["in<u>si</u>de <code>`</code>", "in<u>si</u>de <code>`</code>"],
    ["<b></b>", ""],
    ["a < b > c", "a &lt; b &gt; c"],
  ],
  "a backslash makes text of a sign": [
    ["\\*\\*a\\*\\*", "**a**"],
    ["\\**a\\**", "*<i>a*</i>"],
    ["\\*a\\*", "*a*"],
    ["**a\\***", "<b>a*</b>"],
    ["\\[a](b)", "[a](b)"],
    ["\\`a\\`", "`a`"],
    ["\\> a", "&gt; a"],
    ["\\<u>a</u>", "&lt;u&gt;a&lt;/u&gt;"],
    ["C:\\new \\\\server", "C:\\new \\server"],
    ["\\", "\\"],
  ],
};

for (const [name, cases] of Object.entries(CASES)) {
  Deno.test(`Markdown: ${name}`, () => {
    for (const [markdown, html] of cases) {
      assertEquals(toHtml(parseMarkdown(markdown)), html, markdown);
    }
  });
}

Deno.test("Markdown: offsets count UTF-16 code units, without white space at the ends", () => {
  const bold = (offset: number, length: number): Api.MessageEntity[] => [
    { _: "messageEntityBold", offset, length },
  ];
  assertEquals(parseMarkdown("👨‍👩‍👧 **👍**"), { text: "👨‍👩‍👧 👍", entities: bold(9, 2) });
  assertEquals(parseMarkdown("<b> a\n</b>"), { text: " a\n", entities: bold(1, 1) });
});

Deno.test("Markdown: an id is a mention to be looked up, with a hash one to be sent", () => {
  assertEquals(parseMarkdown("[a](tg://user?id=12)").entities, [
    { _: "messageEntityMentionName", userId: 12n, offset: 0, length: 1 },
  ]);
  for (const hash of ["-8000000000000000", "8000000000000000"]) {
    assertEquals(parseMarkdown(`[a](tg://user?id=12&hash=${hash})`).entities, [{
      _: "inputMessageEntityMentionName",
      userId: { _: "inputUser", userId: 12n, accessHash: -(2n ** 63n) },
      offset: 0,
      length: 1,
    }]);
  }
});

Deno.test("toMd() writes what people would write, and tags where signs are not read", () => {
  const entity = (_: string, offset: number, length: number, rest = {}): Api.MessageEntity =>
    ({ _, offset, length, ...rest }) as Api.MessageEntity;
  const cases: [string, Api.MessageEntity[], string][] = [
    ["snake_case *x* [y] <z> a-b a--b", [], "snake_case \\*x\\* \\[y\\] \\<z> a-b a\\-\\-b"],
    ["> a\n- b", [], "\\> a\n- b"],
    ["abc", [entity("messageEntityUnderline", 0, 3)], "--abc--"],
    ["abc", [entity("messageEntityUnderline", 1, 1)], "a<u>b</u>c"],
    ["a b", [
      entity("messageEntityBold", 0, 2),
      entity("messageEntityItalic", 0, 3),
    ], "__**a** b__"],
    ["a\nb\nc", [entity("messageEntityBlockquote", 2, 3)], "a\n> b\n> c"],
    ["a\nb", [
      entity("messageEntityBlockquote", 0, 1),
      entity("messageEntityBlockquote", 2, 1),
    ], "> a\n<blockquote>b</blockquote>"],
    ["a", [
      entity("messageEntityBlockquote", 0, 1, { collapsed: true }),
    ], "<blockquote expandable>a</blockquote>"],
    ["`", [entity("messageEntityCode", 0, 1)], "`` ` ``"],
    ["` ``", [entity("messageEntityCode", 0, 4)], "<code>\\` \\`\\`</code>"],
    ["ab", [
      entity("messageEntityCode", 0, 1),
      entity("messageEntityPre", 1, 1, { language: "js" }),
    ], "`a`<b></b>```js\nb\n```"],
    ["a", [entity("messageEntityPre", 0, 1, { language: "Visual Basic" })], "```Visual\na\n```"],
    ["see x.org", [entity("messageEntityUrl", 4, 5)], "see x.org"],
    ["me", [
      entity("inputMessageEntityMentionName", 0, 2, { userId: { _: "inputUserSelf" } }),
    ], "me"],
  ];
  for (const [text, entities, markdown] of cases) assertEquals(toMd(text, entities), markdown);
});

Deno.test("parseMarkdown() takes a string only", () => {
  assertThrows(() => parseMarkdown(undefined as unknown as string), TypeError, "Pass a string");
});
