/** Texts that are made to take long take no longer than others. */
import {
  type FormattedText,
  md,
  parseHtml,
  parseMarkdown,
  toHtml,
  toMd,
} from "../../../src/messages/text/mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { assert, assertEquals, assertThrows } from "../../helpers/assert.ts";
import { runs } from "../../helpers/long.ts";
import { StepCounter } from "./step_counter.ts";

const LENGTH = runs(8_000, 100_000);
const SHORT = runs(100, 400);
const LONG = 8 * SHORT;
/** How many more steps the long text may take: 8 times is linear, 64 times is quadratic. */
const MAX_FACTOR = 12;

// deno-fmt-ignore
const UNITS = [
  "*", "* ", "*a ", "a*", "*a*", "**a ", "**a **", "***a", "_", "_a ", "__a ", "--a ", "~~a", "||a",
  "`", "` ", "`a", "```a\n", "[", "[a", "]", "[]", "[a](", "[a](b", "[a](b)", "[[a](b)", "![",
  "[a](\\(", "](", "((", "\\", "\\`", ">", "> ", "\n> ", "\n>`a`", "\n", "\n\n", " \n", "<", "<b>",
  "</b>", "<b></b>", "<u>a", "<blockquote>", "&", "&#", "&amp;", "x", "👍", "\ud800", " ", "\n ",
  '<a href="', '<a href="b">', "<b ", "<b a=b", "<!--", "<tg-emoji ",
];

/** Ends that make a reader look back. */
const ENDS = ["", "`", "]", ")", "**", "</b>"].slice(0, runs(1, 6));

function textsOf(unit: string, length: number): string[] {
  const text = unit.repeat(Math.ceil(length / unit.length));
  return [...ENDS.map((end) => text + end), `> ${text}`, `\`${text}`, `[${text}](x)`];
}

/** Runs of backticks of every length, of which none has a partner. */
function backticks(length: number): string {
  let text = "";
  for (let run = 1; text.length < length; run++) text += `${"`".repeat(run)}a`;
  return text;
}

async function assertLinear(
  counter: StepCounter,
  name: string,
  of: (length: number) => () => void,
) {
  let said = "";
  // V8 loses the steps of a function whose code it throws away meanwhile.
  for (let attempt = 0; attempt < 3; attempt++) {
    const [short, long] = [await counter.count(of(SHORT)), await counter.count(of(LONG))];
    if (long < MAX_FACTOR * short) return;
    said += `${name}: ${short} steps for ${SHORT}, ${long} for ${LONG}. `;
  }
  assert(false, said);
}

Deno.test("eight times the length of any text takes about eight times the steps", async () => {
  await using counter = await StepCounter.of("messages/text");
  for (const unit of UNITS) {
    for (const index of textsOf(unit, 1).keys()) {
      const name = JSON.stringify(textsOf(unit, 9)[index]);
      await assertLinear(counter, name, (length) => () => {
        const text = textsOf(unit, length)[index];
        const read = parseMarkdown(text);
        toMd(read);
        toHtml(read);
        ignoreSyntax(() => parseHtml(text));
      });
    }
  }
  await assertLinear(counter, "backticks", (length) => () => parseMarkdown(backticks(length)));
});

function ignoreSyntax(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
}

Deno.test("eight times the tags, holes or entities take about eight times the steps", async () => {
  await using counter = await StepCounter.of("messages/text");
  const nested = (length: number) => "<b>".repeat(length / 8) + "a" + "</b>".repeat(length / 8);
  await assertLinear(counter, "deep tags", (length) => () => parseHtml(nested(length)));
  await assertLinear(counter, "deep signs", (length) => () => parseMarkdown(nested(length)));
  await assertLinear(counter, "many holes", (length) => () => {
    const strings = Array.from({ length: length / 4 }, () => "**");
    const holes = strings.slice(1).map(() => "a");
    md(Object.assign(strings, { raw: strings }), ...holes);
  });
  await assertLinear(counter, "overlapping entities", (length) => () => {
    const entities = Array.from({ length: length / 16 }, (_, index) => ({
      _: index % 2 === 0 ? "messageEntityBold" : "messageEntityItalic",
      offset: index * 7 % length,
      length: index * 13 % 1000,
    })) as Api.MessageEntity[];
    const text = { text: "a b ".repeat(length / 4), entities };
    toMd(text);
    toHtml(text);
  });
});

Deno.test(`a text of ${LENGTH} signs is read, and written as the same again`, () => {
  for (const sign of ["*", "[", "<", "`", "]", ">", "\\", "_", "&", "a*", "*a "]) {
    const text = sign.repeat(LENGTH / sign.length);
    const plain: FormattedText = { text, entities: [] };
    assertEquals(parseMarkdown(toMd(plain)), plain);
    assertEquals(parseHtml(toHtml(plain)), plain);
    if (sign !== "\\" && sign !== ">") assertEquals(parseMarkdown(text), plain);
  }
});

Deno.test("tags nest 10,000 deep, and are refused if one of them is not closed", () => {
  const [opening, closing] = ["<i><b>".repeat(5000), "</b></i>".repeat(5000)];
  assertEquals(toHtml(parseHtml(`${opening}a${closing}`)), "<b><i>a</i></b>");
  assertThrows(() => parseHtml(`${opening}a`), SyntaxError, "<b> is not closed");
});
