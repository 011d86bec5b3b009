/** Templates: what is put in is text, whatever it holds. */
import fc from "fast-check";
import {
  html,
  joinText,
  md,
  mention,
  parseMarkdown,
  toHtml,
} from "../../../src/messages/text/mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { User } from "../../../mod.ts";
import { assertEquals, assertThrows } from "../../helpers/assert.ts";
import { runs } from "../../helpers/long.ts";
import { formattedTexts, texts } from "./random_text.ts";

Deno.test("md`…` and html`…` put any text in as it is, and format around it", () => {
  fc.assert(
    fc.property(texts(20), texts(20), (a, b) => {
      const text = `${a} ${b}`;
      const bold = joinText([a, { text: "", entities: [] }, ` ${b}`]);
      const entities: Api.MessageEntity[] = [
        { _: "messageEntityBold", offset: 0, length: a.length },
        { _: "messageEntityTextUrl", offset: a.length + 1, length: b.length, url: `x/${a}` },
      ];
      const expected = joinText([{ text, entities }]);
      assertEquals(bold.text, text);
      assertEquals(md`**${a}** [${b}](x/${a})`, expected);
      assertEquals(html`<b>${a}</b> <a href="x/${a}">${b}</a>`, expected);
      assertEquals(md`${a}`, { text: a, entities: [] });
      assertEquals(html`${a}`, { text: a, entities: [] });
    }),
    { seed: 12, numRuns: runs(300, 50_000) },
  );
});

Deno.test("md`…` and html`…` put formatted text in with its entities shifted", () => {
  fc.assert(
    fc.property(formattedTexts, texts(5), (given, before) => {
      const shifted = given.entities.map((entity) => {
        const start = Math.max(entity.offset, 0);
        const end = Math.min(entity.offset + entity.length, given.text.length);
        return { ...entity, offset: start + before.length, length: end - start };
      });
      const expected = joinText([{ text: `${before}${given.text}`, entities: shifted }]);
      const tidy = joinText([given]);
      assertEquals(joinText([md`${before}${tidy}`]), joinText([before, tidy]));
      assertEquals(html`${before}${tidy}`, md`${before}${tidy}`);
      assertEquals(expected.text, before + given.text);
    }),
    { seed: 13, numRuns: runs(300, 50_000) },
  );
  assertEquals(md`a ${md`**b**`} c`.entities, [
    { _: "messageEntityBold", offset: 2, length: 1 },
  ]);
  assertEquals(toHtml(html`<i>a ${md`**b**`}</i>`), "<i>a <b>b</b></i>");
  assertEquals(toHtml(md`__${{ message: "x", entities: [] }}__`), "<i>x</i>");
});

Deno.test("what is put in changes nothing of how the rest is read", () => {
  for (const value of ["", " ", "\n", "x", "**", "`", "](", "> ", "\\", "<", "&"]) {
    const cases: [{ text: string }, string][] = [
      [md`_${value}_ ${value}_${value}`, `${value} ${value}_${value}`],
      [md`\\${value}`, `\\${value}`],
      [md`\`${value}\` ${value}`, `${value} ${value}`],
      [md`a\n${value}> b`, `a\n${value}> b`],
      [md`> ${value}\nb`, `${value}\nb`],
      [md`<${value}>`, `<${value}>`],
      [html`&${value};`, `&${value};`],
    ];
    for (const [{ text }, expected] of cases) assertEquals(text, expected);
  }
});

Deno.test("a hole can be the language, the address and all of the text", () => {
  const [language, code] = ["a`b c", "x```y\n"];
  assertEquals(md`\`\`\`${language}\n${code}\n\`\`\``.entities, [
    { _: "messageEntityPre", language, offset: 0, length: code.length - 1 },
  ]);
  assertEquals(html`<pre><code class="language-${"c++"}">${code}</code></pre>`.entities, [
    { _: "messageEntityPre", language: "c++", offset: 0, length: code.length - 1 },
  ]);
  assertEquals(md`![${"👍"}](tg://emoji?id=${5n})`, html`<tg-emoji emoji-id=${5}>👍</tg-emoji>`);
  assertEquals(toHtml(md`[a](${') b"<'})`), '<a href=") b&quot;&lt;">a</a>');
});

Deno.test("numbers and bigints are printed", () => {
  assertEquals(md`${1}, ${-2.5}, ${10n ** 20n}`.text, "1, -2.5, 100000000000000000000");
});

Deno.test("templates are written over several lines as they are", () => {
  const { text } = md`
    **a**
  b`;
  assertEquals(text, "\n    a\n  b");
});

Deno.test("a hole that holds no text is an error that says which, and what to pass", () => {
  const cases: [unknown, string][] = [
    [undefined, "hole 2 is undefined. Pass a string"],
    [null, "hole 2 is null. Pass"],
    [true, "hole 2 is of type boolean"],
    [{}, "hole 2 is of type object"],
    [["a"], "hole 2 is an array: join it with joinText"],
    [{ text: "a", entities: "b" }, "hole 2 is of type object"],
    [Symbol("a"), "hole 2 is of type symbol"],
    [() => "a", "hole 2 is of type function"],
  ];
  for (const [hole, text] of cases) {
    assertThrows(() => md`${1}${hole as string}`, TypeError, text);
    assertThrows(() => html`${1}${hole as string}`, TypeError, text);
  }
});

Deno.test("md(text) and html(text) are errors: they would read what is put in", () => {
  const call = (tag: unknown) => (tag as (text: string) => unknown)("**a**");
  assertThrows(() => call(md), TypeError, "parseMarkdown(text) for a text that comes at run time");
  assertThrows(() => call(html), TypeError, "parseHtml(text) for a text that comes at run time");
});

Deno.test("a backslash that JavaScript cannot read is an error", () => {
  assertThrows(() => md`\user`, TypeError, "Write it twice");
});

Deno.test("html`…` refuses a hole in a tag", () => {
  const cases = [
    () => html`<${"b"}>a</b>`,
    () => html`<b${"x"}>a</b>`,
    () => html`<b ${"x"}>a</b>`,
    () => html`<b ${"x"}="y">a</b>`,
    () => html`1 <${2}`,
    () => html`<b>a</${"b"}>`,
    () => html`<b>a</b${"x"}>`,
  ];
  for (const run of cases) assertThrows(run, SyntaxError);
});

Deno.test("mention() mentions by id, and by access hash where it is known", () => {
  const byId = { _: "messageEntityMentionName", userId: 12n };
  const byHash = {
    _: "inputMessageEntityMentionName",
    userId: { _: "inputUser", userId: 12n, accessHash: 7n },
  };
  const user: Api.user = { _: "user", id: 12n, accessHash: 7n };
  const self = { _: "inputUserSelf" } as const;
  const cases: [Parameters<typeof mention>[0], object][] = [
    [12n, byId],
    [12, byId],
    [{ id: 12n }, byId],
    [{ ...user, min: true }, byId],
    [{ _: "user", id: 12n }, byId],
    [user, byHash],
    [new User(user), byHash],
    [{ _: "inputUser", userId: 12n, accessHash: 7n }, byHash],
    [self, { _: "inputMessageEntityMentionName", userId: self }],
  ];
  for (const [given, format] of cases) {
    const entities = [{ ...format, offset: 0, length: 3 }] as Api.MessageEntity[];
    assertEquals(mention(given, "Ada"), { text: "Ada", entities });
  }
  assertEquals(
    toHtml(md`Hi ${mention(12n, md`**A**da`)}!`),
    'Hi <a href="tg://user?id=12">' +
      "<b>A</b>da</a>!",
  );
  assertThrows(() => mention("@ada" as unknown as bigint, "Ada"), TypeError, "write a username");
  assertThrows(() => mention(1.5, "Ada"), TypeError, "Pass a user");
  assertThrows(() => mention(12n, " "), TypeError, "the text is empty");
});

Deno.test("joinText() joins texts of any kind", () => {
  assertEquals(joinText(["a", md`**b**`, 3], md`, `), md`a, **b**, 3`);
  assertEquals(joinText([]), { text: "", entities: [] });
  assertThrows(() => joinText(["a", undefined as unknown as string]), TypeError, "part 2 is undef");
});

Deno.test("more than 100 entities are all returned", () => {
  assertEquals(parseMarkdown("**a** ".repeat(101)).entities.length, 101);
});
