/**
 * Writes text with formatting as the HTML of the Bot API.
 * https://core.telegram.org/bots/api#html-style
 */
import { dateLetters, linkAddress } from "./links.ts";
import { nest } from "./nesting.ts";
import type { Span } from "./tidy.ts";

/** Writes a text in HTML. The entities are tidy, and each can be written. */
export function writeHtml(text: string, spans: readonly Span[]): string {
  const out: string[] = [];
  let at = 0;
  for (const { piece, isBegin, at: next } of nest(spans)) {
    out.push(escapeHtml(text.slice(at, next)), tagsOf(piece)[isBegin ? 0 : 1]);
    at = next;
  }
  out.push(escapeHtml(text.slice(at)));
  return out.join("");
}

function tagsOf({ entity }: Span): readonly [opening: string, closing: string] {
  switch (entity._) {
    case "messageEntityBold":
      return tag("b");
    case "messageEntityItalic":
      return tag("i");
    case "messageEntityUnderline":
      return tag("u");
    case "messageEntityStrike":
      return tag("s");
    case "messageEntitySpoiler":
      return tag("tg-spoiler");
    case "messageEntityCode":
      return tag("code");
    case "messageEntityPre":
      return preTags(entity.language);
    case "messageEntityBlockquote":
      return tag("blockquote", entity.collapsed ? " expandable" : "");
    case "messageEntityCustomEmoji":
      return tag("tg-emoji", ` emoji-id="${BigInt.asUintN(64, entity.documentId)}"`);
    case "messageEntityFormattedDate": {
      const letters = dateLetters(entity);
      return tag("tg-time", ` unix="${entity.date}"${letters && ` format="${letters}"`}`);
    }
    default:
      return tag("a", ` href="${escapeAttribute(linkAddress(entity) ?? "")}"`);
  }
}

function tag(name: string, attributes = ""): readonly [string, string] {
  return [`<${name}${attributes}>`, `</${name}>`];
}

/** The class takes one word: what is behind it is left out. */
function preTags(language: string): readonly [string, string] {
  const [word] = language.split(/\s/);
  if (word === "") return tag("pre");
  return [`<pre><code class="language-${escapeAttribute(word)}">`, "</code></pre>"];
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>]/g, (character) => ESCAPED[character]);
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPED[character]);
}

const ESCAPED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};
