/**
 * Random texts with random entities: signs of Markdown and HTML, families of emoji, halves of pairs
 * at the edges, entities that overlap in every way or lie outside of the text.
 */
import fc from "fast-check";
import type { Api } from "../../../src/tl/mod.ts";

// deno-fmt-ignore
const PIECES = [
  ..."ab1 \n\t*_~|-`[]()!<>&\\\"'#.=/",
  "**", "__", "--", "~~", "||", "```", "> ", "\n> ", "\n\n", "](", "![", "<b>", "</b>", "<u>",
  "&lt;", "&#38;", "snake_case", "é", "\u00a0", "👍", "👨‍👩‍👧", "𝔸", "<blockquote>", "</blockquote>",
];

/** Texts of up to `maxLength` pieces. */
export function texts(maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...PIECES), { maxLength }).map((pieces) => pieces.join(""));
}

/** Addresses that are a link, whatever their characters. */
const urls = fc.constantFrom(
  "https://example.org/",
  'https://example.org/a_(b)?c=1&d="2"',
  "example.org/)(",
  "tg://resolve?domain=x",
  "a b\\`*",
);

const kinds: fc.Arbitrary<object> = fc.oneof(
  fc.constantFrom(
    { _: "messageEntityBold" },
    { _: "messageEntityItalic" },
    { _: "messageEntityUnderline" },
    { _: "messageEntityStrike" },
    { _: "messageEntitySpoiler" },
    { _: "messageEntityCode" },
    { _: "messageEntityPre", language: "" },
    { _: "messageEntityPre", language: "c++" },
    { _: "messageEntityBlockquote" },
    { _: "messageEntityBlockquote", collapsed: true },
    { _: "messageEntityMentionName", userId: 4711n },
    { _: "messageEntityFormattedDate", date: 1647531900, dayOfWeek: true, longTime: true },
    { _: "messageEntityCustomEmoji", documentId: 5368324170671202286n },
    { _: "messageEntityUrl" },
  ),
  urls.map((url) => ({ _: "messageEntityTextUrl", url })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((accessHash) => ({
    _: "inputMessageEntityMentionName",
    userId: { _: "inputUser", userId: 12n, accessHash },
  })),
);

/** Texts with up to 12 entities. */
export const formattedTexts: fc.Arbitrary<{ text: string; entities: Api.MessageEntity[] }> = texts(
  25,
).chain((text) =>
  fc.array(
    fc.tuple(
      kinds,
      fc.integer({ min: -1, max: text.length }),
      fc.oneof(
        fc.integer({ min: 0, max: text.length + 1 }),
        fc.integer({ min: 1, max: 6 }),
      ),
    ).map(([kind, offset, length]) => ({ ...kind, offset, length }) as Api.MessageEntity),
    { maxLength: 12 },
  ).map((entities) => ({ text, entities }))
);
