/**
 * Reads the HTML of the Bot API: https://core.telegram.org/bots/api#html-style. White space is kept
 * as it is, and `<br>` is a newline, too.
 *
 * Unlike browsers, it refuses what it does not know: other tags, tags that are not closed or closed
 * in another order, comments. Attributes that mean nothing to Telegram are left out. `<` is text
 * unless a tag could begin with it, and `&` unless an entity that is known does.
 */
import { Draft, type Format } from "./draft.ts";
import type { FormattedText } from "./formatted_text.ts";
import { dateFormat, emojiFormat, linkFormat } from "./links.ts";
import type { Template } from "./template.ts";

const STYLES: Readonly<Record<string, Format>> = {
  b: { _: "messageEntityBold" },
  strong: { _: "messageEntityBold" },
  i: { _: "messageEntityItalic" },
  em: { _: "messageEntityItalic" },
  u: { _: "messageEntityUnderline" },
  ins: { _: "messageEntityUnderline" },
  s: { _: "messageEntityStrike" },
  del: { _: "messageEntityStrike" },
  strike: { _: "messageEntityStrike" },
  spoiler: { _: "messageEntitySpoiler" },
  "tg-spoiler": { _: "messageEntitySpoiler" },
  code: { _: "messageEntityCode" },
};
const KNOWN = "b i u s tg-spoiler code pre a blockquote tg-emoji tg-time br";

const CHARACTERS: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};
const REFERENCE = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]{2,4}));/g;

const TAG_START = /<(?:[a-zA-Z/!?])/y;
const TAG_NAME = /<(\/?)([a-zA-Z][\w:-]*)/y;
const ATTRIBUTE = /\s+([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+)))?/dy;
const TAG_END = /\s*(\/?)>/y;
const PLAIN = /[^<]+/y;
const LANGUAGE = /^language-(\S+)$/;
/** The longest part of a text that an error shows. */
const SHOWN = 30;

type Attributes = ReadonlyMap<string, string>;

/** A tag that is not closed yet. */
interface OpenTag {
  readonly name: string;
  readonly at: number;
  readonly part: number;
  /** The format; none for a tag within `<pre>` that only tells the language. */
  readonly format: Format | undefined;
}

/** Reads a text in HTML. */
export function readHtml(template: Template): FormattedText {
  return new HtmlParser(template).parse();
}

class HtmlParser {
  readonly #template: Template;
  readonly #text: string;
  readonly #draft = new Draft();
  readonly #open: OpenTag[] = [];
  #at = 0;

  constructor(template: Template) {
    this.#template = template;
    this.#text = template.text;
  }

  parse(): FormattedText {
    while (this.#at < this.#text.length) this.#step();
    const left = this.#open.at(-1);
    if (left !== undefined) throw this.#error(left.at, `<${left.name}> is not closed`);
    return this.#draft.finish();
  }

  #step(): void {
    if (this.#template.hasHole(this.#at)) {
      this.#template.copy(this.#draft, this.#at, ++this.#at);
    } else if (this.#match(TAG_START)) {
      this.#readTag();
    } else {
      const length = this.#match(PLAIN)?.[0].length ?? 1;
      const end = Math.min(this.#at + length, this.#template.nextHole(this.#at));
      this.#draft.add(decode(this.#text.slice(this.#at, end)));
      this.#at = end;
    }
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text) ?? undefined;
  }

  #readTag(): void {
    const at = this.#at;
    const [start, slash, written] = this.#match(TAG_NAME) ?? [];
    if (start === undefined || written === undefined) {
      throw this.#error(at, "no tag begins so. Write &lt; for <");
    }
    this.#moveTo(at + start.length);
    const name = written.slice(0, SHOWN).toLowerCase();
    const attributes = this.#readAttributes();
    const end = this.#match(TAG_END);
    if (end === undefined) throw this.#error(at, `<${slash}${name} has no end. Write &lt; for <`);
    this.#moveTo(this.#at + end[0].length);
    if (slash !== "") this.#closeTag(name, at);
    else if (name === "br") this.#draft.add("\n");
    else {
      this.#openTag(name, attributes, at);
      if (end[1] !== "") this.#closeTag(name, at);
    }
  }

  #readAttributes(): Attributes {
    const attributes = new Map<string, string>();
    for (let match = this.#match(ATTRIBUTE); match; match = this.#match(ATTRIBUTE)) {
      const [start, end] = match.indices?.[2] ?? match.indices?.[3] ?? match.indices?.[4] ?? [0, 0];
      const value = this.#template.read(start, end, decode);
      const name = match[1].toLowerCase();
      if (!attributes.has(name)) attributes.set(name, value);
      if (end > 0) {
        this.#moveTo(start);
        this.#at = end;
      }
      this.#moveTo(match.index + match[0].length);
    }
    return attributes;
  }

  /** Goes to a place in a tag. No hole may be before it: only values of attributes have holes. */
  #moveTo(place: number): void {
    const hole = this.#template.nextHole(this.#at);
    if (hole < place) {
      throw this.#error(
        hole,
        "a hole is in a tag, expected it in a text or the value of an attribute. Write &lt; for <",
      );
    }
    this.#at = place;
  }

  #openTag(name: string, attributes: Attributes, at: number): void {
    const outer = this.#open.at(-1);
    if (name === "code" && outer?.format?._ === "messageEntityPre") {
      const language = LANGUAGE.exec(attributes.get("class") ?? "")?.[1];
      if (language !== undefined) {
        this.#open[this.#open.length - 1] = { ...outer, format: { ...outer.format, language } };
      }
      this.#open.push({ name, at, part: this.#draft.length, format: undefined });
      return;
    }
    const format = this.#formatOf(name, attributes, at);
    this.#open.push({ name, at, part: this.#draft.length, format });
  }

  #closeTag(name: string, at: number): void {
    const tag = this.#open.pop();
    if (tag === undefined) throw this.#error(at, `</${name}> closes nothing`);
    if (tag.name !== name) {
      throw this.#error(at, `</${name}> is before </${tag.name}>, of the tag at ${tag.at}`);
    }
    if (tag.format !== undefined) this.#draft.format(tag.format, tag.part);
  }

  #formatOf(name: string, attributes: Attributes, at: number): Format {
    if (Object.hasOwn(STYLES, name)) return STYLES[name];
    switch (name) {
      case "span":
        if (attributes.get("class") === "tg-spoiler") return STYLES["tg-spoiler"];
        throw this.#error(at, '<span> has no class "tg-spoiler"');
      case "pre":
        return { _: "messageEntityPre", language: attributes.get("language") ?? "" };
      case "blockquote": {
        const collapsed = attributes.has("expandable") || attributes.has("collapsible");
        return { _: "messageEntityBlockquote", ...(collapsed && { collapsed }) };
      }
      case "a":
        return linkFormat(this.#needed(name, attributes, "href", /./, at));
      case "tg-emoji":
        return emojiFormat(this.#needed(name, attributes, "emoji-id", /^\d{1,19}$/, at));
      case "tg-time": {
        const unix = this.#needed(name, attributes, "unix", /^\d{1,10}$/, at);
        return dateFormat(unix, attributes.get("format") ?? "");
      }
    }
    throw this.#error(at, `Telegram has no <${name}>, expected one of ${KNOWN}`);
  }

  #needed(tag: string, attributes: Attributes, name: string, form: RegExp, at: number): string {
    const value = attributes.get(name);
    if (value !== undefined && form.test(value)) return value;
    const reason = value === undefined ? "no" : "a wrong";
    throw this.#error(at, `<${tag}> has ${reason} ${name}`);
  }

  #error(at: number, reason: string): SyntaxError {
    const shown = this.#template.read(at, Math.min(at + SHOWN, this.#text.length)).slice(0, SHOWN);
    return new SyntaxError(`Cannot read the HTML at ${at}, ${JSON.stringify(shown)}: ${reason}`);
  }
}

function decode(text: string): string {
  return text.replace(REFERENCE, (reference, decimal, hexadecimal, name) => {
    if (name !== undefined) return CHARACTERS[name] ?? reference;
    const code = decimal !== undefined ? Number(decimal) : parseInt(hexadecimal, 16);
    const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : reference;
  });
}
