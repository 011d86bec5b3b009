/** What is written as Markdown or HTML is read as the same. */
import fc from "fast-check";
import {
  type FormattedText,
  joinText,
  parseHtml,
  parseMarkdown,
  toHtml,
  toMd,
} from "../../../src/messages/text/mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { assert, assertEquals } from "../../helpers/assert.ts";
import { runs } from "../../helpers/long.ts";
import { formattedTexts, texts } from "./random_text.ts";

const seeded = (short: number, long: number): fc.Parameters<unknown> => ({
  seed: 11,
  numRuns: runs(short, long),
});

/** As it is sent: tidy. */
function tidy(text: FormattedText): FormattedText {
  return joinText([text]);
}

Deno.test("any text with any entities is the same after toMd and parseMarkdown", () => {
  fc.assert(
    fc.property(formattedTexts, (given) => {
      assertEquals(parseMarkdown(toMd(given)), tidy(given), toMd(given));
    }),
    seeded(1500, 200_000),
  );
});

Deno.test("any text with any entities is the same after toHtml and parseHtml", () => {
  fc.assert(
    fc.property(formattedTexts, (given) => {
      assertEquals(parseHtml(toHtml(given)), tidy(given), toHtml(given));
    }),
    seeded(1500, 200_000),
  );
});

Deno.test("any text at all can be read as Markdown, and what was read is the same again", () => {
  fc.assert(
    fc.property(texts(40), (text) => {
      const read = parseMarkdown(text);
      assertEquals(tidy(read), read);
      assertEquals(parseMarkdown(toMd(read)), read);
      assertEquals(parseHtml(toHtml(read)), read);
    }),
    seeded(1500, 200_000),
  );
});

const STYLES = [
  "messageEntityBold",
  "messageEntityItalic",
  "messageEntityUnderline",
  "messageEntityStrike",
  "messageEntitySpoiler",
];

/** The characters that a kind of entities covers. */
function covered(entities: readonly Api.MessageEntity[], kinds: readonly string[]): Set<number> {
  const inside = entities.filter(({ _ }) => kinds.includes(_)).flatMap(({ offset, length }) =>
    Array.from({ length: Math.max(length, 0) }, (_, index) => offset + index)
  );
  return new Set(inside);
}

/** Where a character begins and ends: half a pair is not formatted without the other half. */
function pairAround(text: string, index: number): number[] {
  const at = (text.codePointAt(index - 1) ?? 0) > 0xffff ? index - 1 : index;
  return (text.codePointAt(at) ?? 0) > 0xffff ? [at, at + 1] : [at];
}

Deno.test("no character but white space and code loses or gains a style", () => {
  fc.assert(
    fc.property(formattedTexts, (given) => {
      const { text, entities } = tidy(given);
      const inCode = covered(entities, [
        "messageEntityCode",
        "messageEntityPre",
        "messageEntityFormattedDate",
      ]);
      for (const style of STYLES) {
        const before = covered(given.entities, [style]);
        const after = covered(entities, [style]);
        for (let index = 0; index < text.length; index++) {
          if (text.charAt(index).trim() === "") continue;
          const wasStyled = pairAround(text, index).some((half) => before.has(half));
          assertEquals(after.has(index), wasStyled && !inCode.has(index), `${style} at ${index}`);
        }
      }
    }),
    seeded(2000, 50_000),
  );
});

Deno.test("entities are not empty, in order, within the text, and end in no white space", () => {
  fc.assert(
    fc.property(formattedTexts, (given) => {
      const { text, entities } = tidy(given);
      assertEquals(text, given.text);
      let last = 0;
      for (const { _, offset, length } of entities) {
        const covered = text.slice(offset, offset + length);
        assert(length > 0 && offset >= last && offset + length <= text.length);
        assertEquals(covered.trimEnd(), covered);
        const isIndented = ["messageEntityPre", "messageEntityBlockquote"].includes(_);
        if (isIndented) assert(covered.split("\n")[0].trim() !== "");
        else assertEquals(covered.trim(), covered);
        assert(!/^[\udc00-\udfff]|[\ud800-\udbff]$/.test(covered), "no half of a pair");
        last = offset;
      }
    }),
    seeded(2000, 50_000),
  );
});
