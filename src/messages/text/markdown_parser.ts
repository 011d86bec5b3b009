/**
 * Reads Markdown as people type it in Telegram's apps, and as CommonMark has it where the apps have
 * nothing. https://spec.commonmark.org/0.31.2/
 *
 * | sign                            | format                                         |
 * | ------------------------------- | ---------------------------------------------- |
 * | `**x**`, `~~x~~`, `||x||`       | bold, strikethrough, spoiler                   |
 * | `__x__`, `*x*`, `_x_`           | italic: the single ones only around whole words |
 * | `--x--`                         | underline, only around whole words             |
 * | `` `x` ``, ```` ```lang ````    | code, code block: what is in it is not read    |
 * | `[x](url)`, `![x](tg://emoji?…)` | link, custom emoji or date                    |
 * | `> x`                           | quote, on each of its lines                    |
 * | `<u>x</u>`, `<blockquote expandable>` | tags, for what has no sign where it stands |
 * | `\*`                            | the sign itself                                |
 *
 * A sign without its partner is text. Signs may overlap. There are no headings, lists or tables.
 * The time is linear in the length: each character is looked at a fixed number of times.
 */
import { Draft, type Format } from "./draft.ts";
import type { FormattedText } from "./formatted_text.ts";
import { linkFormat } from "./links.ts";
import type { Template } from "./template.ts";
import { isWhite } from "./tidy.ts";

const SIGNS: Readonly<Record<string, Format>> = {
  "*": { _: "messageEntityItalic" },
  "_": { _: "messageEntityItalic" },
  "**": { _: "messageEntityBold" },
  "__": { _: "messageEntityItalic" },
  "--": { _: "messageEntityUnderline" },
  "~~": { _: "messageEntityStrike" },
  "||": { _: "messageEntitySpoiler" },
};
/** Signs that format whole words only: they are also used within words, or before them. */
const AROUND_WORDS = ["*", "_", "--"];
/** How a run of three is read: in this order where it begins something, else in the other. */
const TRIPLES: Readonly<Record<string, readonly string[]>> = {
  "***": ["*", "**"],
  "___": ["_", "__"],
};

const TAGS: Readonly<Record<string, Format>> = {
  b: { _: "messageEntityBold" },
  i: { _: "messageEntityItalic" },
  u: { _: "messageEntityUnderline" },
  s: { _: "messageEntityStrike" },
  "tg-spoiler": { _: "messageEntitySpoiler" },
  code: { _: "messageEntityCode" },
  blockquote: { _: "messageEntityBlockquote" },
  "blockquote expandable": { _: "messageEntityBlockquote", collapsed: true },
};
const TAG = /<(\/?)(b|i|u|s|tg-spoiler|code|blockquote(?: expandable)?)>/y;

const PLAIN = /[^\\`*_~|\-[\]!<>\n]+/y;
const RUN = /([*_~|`-])\1*/y;
const ESCAPED = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}]/u;
const BLANK_LINE = /\n[^\S\n]*\n/y;
/** The language of a code block: the first line, if it is one word. */
const LANGUAGE = /([^\s`]*)[^\S\n]*\n/y;
/** The formats that are written as links, or as images, and are neither. */
const OBJECTS: readonly Format["_"][] = ["messageEntityCustomEmoji", "messageEntityFormattedDate"];
/** The most parentheses that are open in an address. */
const MAX_PARENTHESES = 8;
const FENCE = 3;

/** The begin of a format that has not ended. */
interface Opener {
  readonly part: number;
  readonly format: Format;
}

/** Reads a text in Markdown. */
export function readMarkdown(template: Template): FormattedText {
  return new MarkdownParser(template).parse();
}

class MarkdownParser {
  readonly #template: Template;
  readonly #text: string;
  readonly #draft = new Draft();
  /** By their sign. The last one ends first. */
  readonly #openers = new Map<string, Opener[]>();
  readonly #brackets: { readonly part: number; readonly isImage: boolean }[] = [];
  /** How many of the brackets, from the first one on, surround a link, and can be none. */
  #deadBrackets = 0;
  /** Where runs of backticks begin, by their length, the next one last. */
  readonly #backticks: Map<number, number[]>;
  /** The part that begins the quote; undefined outside. */
  #quote: number | undefined;
  #at = 0;

  constructor(template: Template) {
    this.#template = template;
    this.#text = template.text;
    this.#backticks = backticksOf(template.text);
  }

  parse(): FormattedText {
    this.#beginLine();
    while (this.#at < this.#text.length) this.#step();
    this.#endQuote();
    return this.#draft.finish();
  }

  #step(): void {
    const at = this.#at;
    if (this.#template.hasHole(at)) return this.#addText(at + 1);
    const plain = this.#match(PLAIN);
    if (plain !== undefined) {
      return this.#addText(Math.min(at + plain[0].length, this.#template.nextHole(at)));
    }
    switch (this.#text.charAt(at)) {
      case "\n":
        return this.#readNewline();
      case "\\":
        return this.#readBackslash();
      case "`":
        return this.#readCode();
      case "[":
        return this.#openBracket(false);
      case "!":
        return this.#text.startsWith("[", at + 1) ? this.#openBracket(true) : this.#addText(at + 1);
      case "]":
        return this.#closeBracket();
      case "<":
        return this.#readTag();
      case ">":
        return this.#addText(at + 1);
      default:
        return this.#readRun();
    }
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text) ?? undefined;
  }

  /** Takes the text up to a place as it is. */
  #addText(end: number): void {
    this.#template.copy(this.#draft, this.#at, end);
    this.#at = end;
  }

  #readBackslash(): void {
    const next = this.#text.charAt(this.#at + 1);
    if (ESCAPED.test(next)) this.#at++;
    this.#addText(this.#at + 1);
  }

  // Lines and quotes.

  #readNewline(): void {
    if (this.#match(BLANK_LINE)) {
      this.#openers.delete("*");
      this.#openers.delete("_");
    }
    if (!this.#text.startsWith(">", this.#at + 1)) this.#endQuote();
    this.#addText(this.#at + 1);
    this.#beginLine();
  }

  #beginLine(): void {
    if (!this.#text.startsWith(">", this.#at)) return;
    this.#quote ??= this.#draft.length;
    this.#at += this.#text.startsWith("> ", this.#at) ? 2 : 1;
  }

  #endQuote(): void {
    if (this.#quote === undefined) return;
    this.#draft.format({ _: "messageEntityBlockquote" }, this.#quote);
    this.#quote = undefined;
  }

  // Signs that begin and end formats.

  #readRun(): void {
    const run = this.#match(RUN)?.[0] ?? "";
    const signs = TRIPLES[run] ?? (run in SIGNS ? [run] : []);
    const start = this.#at;
    const end = start + run.length;
    if (signs.length === 0) return this.#addText(end);
    const before = characterBefore(this.#text, start);
    const after = characterAt(this.#text, end);
    const canBegin = (sign: string): boolean =>
      !isWhite(after) && !(AROUND_WORDS.includes(sign) && WORD.test(before));
    const canEnd = (sign: string): boolean =>
      !isWhite(before) && !(AROUND_WORDS.includes(sign) && WORD.test(after));
    const ends = signs.filter((sign) => canEnd(sign) && this.#close(sign));
    // What ends nothing stands behind what ends something, and outside of what begins.
    for (const sign of signs.filter((sign) => !ends.includes(sign))) {
      if (canBegin(sign)) this.#open(sign, SIGNS[sign], sign);
      else this.#draft.add(sign);
    }
    this.#at = end;
  }

  #open(sign: string, format: Format, text: string): void {
    const openers = this.#openers.get(sign) ?? [];
    openers.push({ part: this.#draft.length, format });
    this.#openers.set(sign, openers);
    this.#draft.add(text);
  }

  /** Ends what a sign began last. Returns whether it began anything. */
  #close(sign: string): boolean {
    const opener = this.#openers.get(sign)?.pop();
    if (opener === undefined) return false;
    this.#draft.remove(opener.part);
    this.#draft.format(opener.format, opener.part);
    return true;
  }

  #readTag(): void {
    const [tag, slash, name] = this.#match(TAG) ?? [];
    const end = this.#at + (tag?.length ?? 0);
    if (tag === undefined || name === undefined || this.#template.nextHole(this.#at) < end) {
      return this.#addText(this.#at + 1);
    }
    const sign = `<${name.split(" ")[0]}>`;
    if (slash === "") this.#open(sign, TAGS[name], tag);
    else if (!this.#close(sign)) this.#draft.add(tag);
    this.#at = end;
  }

  // Code.

  #readCode(): void {
    const run = this.#match(RUN)?.[0].length ?? 0;
    const start = this.#at + run;
    const close = this.#nextBackticks(run, start);
    if (close === undefined) return this.#addText(start);
    const part = this.#draft.length;
    if (run < FENCE) {
      this.#draft.add(this.#verbatim(...codeWithoutPadding(this.#text, start, close)));
      this.#draft.format({ _: "messageEntityCode" }, part);
    } else {
      this.#at = start;
      const [line, word] = this.#match(LANGUAGE) ?? [];
      const hasLanguage = line !== undefined && start + line.length <= close;
      const language = hasLanguage ? this.#template.read(start, start + (word?.length ?? 0)) : "";
      const from = hasLanguage ? start + line.length : start;
      this.#draft.add(this.#verbatim(from, this.#lastLineEnd(from, close)));
      this.#draft.format({ _: "messageEntityPre", language }, part);
    }
    this.#at = close + run;
  }

  /** Where the next run of backticks of a length begins. Runs before `from` are forgotten. */
  #nextBackticks(length: number, from: number): number | undefined {
    const places = this.#backticks.get(length) ?? [];
    while (places.length > 0 && places[places.length - 1] < from) places.pop();
    return places.at(-1);
  }

  /** Where the text of a code block ends: before the line that closes it. */
  #lastLineEnd(start: number, end: number): number {
    const tail = this.#text.slice(Math.max(start, end - 3), end);
    const line = (this.#quote === undefined ? /\n$/ : /\n(?:> ?)?$/).exec(tail);
    return end - (line?.[0].length ?? 0);
  }

  /** Returns the text of code. In a quote, the signs at its lines are no part of it. */
  #verbatim(start: number, end: number): string {
    if (this.#quote === undefined) return this.#template.read(start, end);
    let code = "";
    let line = start;
    for (const text of this.#text.slice(start, end).split(/(?<=\n)/)) {
      const isMarked = this.#text.startsWith("\n>", line - 1);
      const sign = !isMarked ? 0 : text.startsWith("> ") ? 2 : 1;
      code += this.#template.read(line + Math.min(sign, text.length), line + text.length);
      line += text.length;
    }
    return code;
  }

  // Links.

  #openBracket(isImage: boolean): void {
    if (isImage) this.#draft.add("!");
    this.#brackets.push({ part: this.#draft.length, isImage });
    this.#draft.add("[");
    this.#at += isImage ? 2 : 1;
  }

  #closeBracket(): void {
    const bracket = this.#brackets.pop();
    const isDead = this.#brackets.length < this.#deadBrackets;
    if (isDead) this.#deadBrackets = this.#brackets.length;
    const isEmpty = bracket?.part === this.#draft.length - 1;
    const address = isDead || isEmpty || !bracket ? undefined : this.#readAddress();
    if (bracket === undefined || address === undefined) return this.#addText(this.#at + 1);
    const format = linkFormat(address.url);
    const isObject = OBJECTS.includes(format._);
    // Nothing surrounds a link but text. An emoji may stand in one.
    if (!isObject) this.#deadBrackets = this.#brackets.length;
    if (isObject && bracket.isImage) this.#draft.remove(bracket.part - 1);
    this.#draft.remove(bracket.part);
    this.#draft.format(format, bracket.part);
    this.#at = address.end;
  }

  /** Reads the address of a link, `](…)`. There is none if it is not closed, or has white space. */
  #readAddress(): { url: string; end: number } | undefined {
    if (!this.#text.startsWith("(", this.#at + 1)) return undefined;
    let url = "";
    let depth = 0;
    for (let at = this.#at + 2; at < this.#text.length; at++) {
      const hole = this.#template.hole(at);
      const character = this.#text.charAt(at);
      if (hole !== undefined) {
        url += hole.text;
      } else if (character === "\\" && isEscapedInAddress(this.#text.charAt(at + 1))) {
        url += this.#text.charAt(++at);
      } else if (isWhite(character)) {
        return undefined;
      } else if (character === ")" && depth === 0) {
        return url === "" ? undefined : { url, end: at + 1 };
      } else {
        if (character === "(") depth++;
        if (character === ")") depth--;
        if (depth > MAX_PARENTHESES) return undefined;
        url += character;
      }
    }
    return undefined;
  }
}

function isEscapedInAddress(character: string): boolean {
  return character !== "" && (ESCAPED.test(character) || isWhite(character));
}

function backticksOf(text: string): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const same = places.get(run.length) ?? [];
    same.push(index);
    places.set(run.length, same);
  }
  for (const same of places.values()) same.reverse();
  return places;
}

/** Leaves out one space at both ends of code, as needed for code that begins with a backtick. */
function codeWithoutPadding(text: string, start: number, end: number): [number, number] {
  const isPadded = end - start > 2 && text.charAt(start) === " " && text.charAt(end - 1) === " ";
  return isPadded && text.slice(start, end).trim() !== "" ? [start + 1, end - 1] : [start, end];
}

function characterAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? "" : String.fromCodePoint(code);
}

function characterBefore(text: string, index: number): string {
  const pair = text.slice(Math.max(index - 2, 0), index);
  return (pair.codePointAt(0) ?? 0) > 0xffff ? pair : pair.slice(-1);
}
