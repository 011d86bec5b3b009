/**
 * The emoji that Telegram takes as reactions: https://core.telegram.org/bots/api#reactiontypeemoji
 *
 * Custom emoji and paid reactions have no text: nothing is checked of them.
 */
import type { Api } from "../../../tl/mod.ts";

const EMOJI: ReadonlySet<string> = new Set(
  ("❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 " +
    "😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 " +
    "👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡").split(" "),
);
/** Asks for the coloured form of a sign, and changes nothing else: "❤️" is "❤". */
const COLOURED = /\ufe0f/g;

/** Whether Telegram takes a reaction. */
export function isKnownReaction(reaction: Api.Reaction): boolean {
  return reaction._ !== "reactionEmoji" || EMOJI.has(reaction.emoticon.replace(COLOURED, ""));
}
