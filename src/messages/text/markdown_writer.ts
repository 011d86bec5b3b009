/**
 * Writes text with formatting as the Markdown that {@linkcode readMarkdown} reads. Where a sign
 * would not be read as one, such as in the middle of a word, a tag of HTML stands for it.
 */
import { linkAddress } from "./links.ts";
import { nest, type Piece, type Sign } from "./nesting.ts";
import { isWhite, type Kind, type Span } from "./tidy.ts";

/** The sign and the tag of what is written by either. */
const STYLES: Partial<Record<Kind, readonly [sign: string, tag: string]>> = {
  bold: ["**", "b"],
  italic: ["__", "i"],
  underline: ["--", "u"],
  strike: ["~~", "s"],
  spoiler: ["||", "tg-spoiler"],
};

const WORD = /[\p{L}\p{N}]/u;
const ALWAYS_ESCAPED = /[\\`*[\]]/;
/** Characters that are a sign only if there are two of them. */
const ESCAPED_IN_PAIRS = /[~|-]/;
const BACKTICK = "`";

/** How a piece is written. */
interface Signs {
  readonly opening: string;
  readonly closing: string;
  /** Whether the text within is not escaped. */
  readonly isVerbatim?: boolean;
  /** Whether each line begins with the sign of a quote. */
  readonly isQuoted?: boolean;
}

/** Writes a text in Markdown. The entities are tidy, and each can be written. */
export function writeMarkdown(text: string, spans: readonly Span[]): string {
  return new MarkdownWriter(text, nest(spans)).write();
}

class MarkdownWriter {
  readonly #text: string;
  readonly #signs: readonly Sign[];
  readonly #closings = new Map<Piece, number>();
  readonly #out: string[] = [];
  #isQuoted = false;
  /** Where the last quote ended whose lines begin with a sign. */
  #quoteEnd: number | undefined;

  constructor(text: string, signs: readonly Sign[]) {
    this.#text = text;
    this.#signs = signs;
    signs.forEach(({ piece, isBegin }, index) => {
      if (!isBegin) this.#closings.set(piece, index);
    });
  }

  write(): string {
    const written = new Map<Piece, Signs>();
    let at = 0;
    let isVerbatim = false;
    this.#signs.forEach(({ piece, isBegin, at: next }, index) => {
      if (at < next) this.#addText(at, next, isVerbatim);
      at = next;
      const signs = written.get(piece) ?? this.#signsOf(piece, index);
      written.set(piece, signs);
      this.#addSign(isBegin ? signs.opening : signs.closing);
      isVerbatim = isBegin && signs.isVerbatim === true;
      if (piece.kind !== "quote") return;
      this.#isQuoted = isBegin && signs.isQuoted === true;
      if (!isBegin && signs.isQuoted) this.#quoteEnd = next;
    });
    if (at < this.#text.length) this.#addText(at, this.#text.length, false);
    return this.#out.join("");
  }

  /** Adds a sign. Nothing bold keeps backticks apart that are no run. */
  #addSign(sign: string): void {
    const touches = sign.startsWith(BACKTICK) && this.#out.at(-1)?.endsWith(BACKTICK);
    if (touches) this.#out.push("<b></b>");
    if (sign !== "") this.#out.push(sign);
  }

  #addText(start: number, end: number, isVerbatim: boolean): void {
    const text = this.#text.slice(start, end);
    const written = isVerbatim ? text : this.#escape(text, start);
    this.#out.push(this.#isQuoted ? written.replaceAll("\n", "\n> ") : written);
  }

  /** Escapes what would be read as a sign. `start` is where the text begins. */
  #escape(text: string, start: number): string {
    const isBesideSign = (index: number): boolean =>
      index === 0
        ? this.#out.length > 0
        : start + index === this.#text.length
        ? this.#signs.at(-1)?.at === this.#text.length
        : index === text.length;
    return text.replace(/[\\`*[\]_~|<>-]/g, (character, index: number) => {
      const before = text.charAt(index - 1);
      const after = text.charAt(index + 1);
      const touchesSign = isBesideSign(index) || isBesideSign(index + 1);
      const isSign = ALWAYS_ESCAPED.test(character) ||
        (ESCAPED_IN_PAIRS.test(character) &&
          (touchesSign || before === character || after === character)) ||
        (character === "_" && (touchesSign || !(WORD.test(before) && WORD.test(after)))) ||
        (character === "<" && /[a-z/]/i.test(after)) ||
        (character === ">" &&
          (start + index === 0 || this.#text.charAt(start + index - 1) === "\n"));
      return isSign ? `\\${character}` : character;
    });
  }

  #signsOf(piece: Piece, index: number): Signs {
    const { kind, entity, start, end } = piece;
    const text = this.#text.slice(start, end);
    const style = STYLES[kind];
    if (style !== undefined) return this.#styleSigns(piece, ...style);
    switch (entity._) {
      case "messageEntityBlockquote":
        return this.#quoteSigns(piece, index, entity.collapsed === true);
      case "messageEntityPre":
        return preSigns(text, entity.language);
      case "messageEntityCode":
        return codeSigns(text);
      default: {
        const address = (linkAddress(entity) ?? "").replace(/[\\()\s]/g, "\\$&");
        return { opening: kind === "link" ? "[" : "![", closing: `](${address})` };
      }
    }
  }

  #styleSigns({ kind, start, end }: Piece, sign: string, tag: string): Signs {
    const isRead = !isWhite(this.#text.charAt(start)) && !isWhite(this.#text.charAt(end - 1)) &&
      (kind !== "underline" || !(this.#isWordAt(start - 1) || this.#isWordAt(end)));
    return isRead ? { opening: sign, closing: sign } : tags(tag);
  }

  /** Whether a letter or a digit is at an index; half of one may be. */
  #isWordAt(index: number): boolean {
    const character = this.#text.charAt(index);
    return WORD.test(character) || /[\ud800-\udfff]/.test(character);
  }

  /** A quote has a sign at each line if it is made of whole lines, and nothing else goes across. */
  #quoteSigns(piece: Piece, index: number, isCollapsed: boolean): Signs {
    const { start, end } = piece;
    const closing = this.#closings.get(piece) ?? index;
    const [before, after] = [this.#signs[index - 1], this.#signs[closing + 1]];
    const isWhole = (start === 0 || this.#text.charAt(start - 1) === "\n") &&
      (end === this.#text.length || this.#text.charAt(end) === "\n") &&
      before?.at !== start && after?.at !== end && this.#quoteEnd !== start - 1;
    if (isWhole && !isCollapsed) return { opening: "> ", closing: "", isQuoted: true };
    return tags("blockquote", isCollapsed ? " expandable" : "");
  }
}

function tags(name: string, attribute = ""): Signs {
  return { opening: `<${name}${attribute}>`, closing: `</${name}>` };
}

/** The language is one word: what is behind it is left out. */
function preSigns(text: string, language: string): Signs {
  const fence = BACKTICK.repeat(Math.max(3, ...runsOf(text).map((length) => length + 1)));
  const [word] = language.split(/[\s`]/);
  return { opening: `${fence}${word}\n`, closing: `\n${fence}`, isVerbatim: true };
}

/** Three backticks begin a block: code that has runs of one and of two is written by a tag. */
function codeSigns(text: string): Signs {
  const runs = runsOf(text);
  const length = [1, 2].find((length) => !runs.includes(length));
  if (length === undefined) return tags("code");
  const sign = BACKTICK.repeat(length);
  const isPadded = text.startsWith(BACKTICK) || text.endsWith(BACKTICK) ||
    (text.startsWith(" ") && text.endsWith(" ") && text.trim() !== "");
  const space = isPadded ? " " : "";
  return { opening: `${sign}${space}`, closing: `${space}${sign}`, isVerbatim: true };
}

/** The lengths of the runs of backticks in a text. */
function runsOf(text: string): number[] {
  return [...new Set(Array.from(text.matchAll(/`+/g), ([run]) => run.length))];
}
