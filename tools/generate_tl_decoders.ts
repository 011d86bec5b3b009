/**
 * The TypeScript of src/tl/generated/decoders.ts: a function for each of the constructors that
 * clients read most. It does what the plan of the constructor says: see src/tl/decoder.ts.
 */

import type { Definition, Field, TlType } from "../src/tl/definition.ts";
import { parseDefinition } from "../src/tl/definition_parser.ts";

/** The constructors; within a type, the most frequent first. */
const HOT = `
  messages.messages messages.messagesSlice messages.channelMessages
  message messageService messageReplyHeader messageFwdHeader messageReplies
  peerUser peerChannel peerChat
  messageMediaPhoto messageMediaDocument photo photoSize photoStrippedSize photoSizeProgressive
  document documentAttributeFilename documentAttributeVideo documentAttributeAudio
  documentAttributeImageSize documentAttributeSticker
  messageEntityUrl messageEntityBold messageEntityTextUrl messageEntityMention messageEntityItalic
  messageEntityCode messageEntityBotCommand messageEntityHashtag messageEntityCustomEmoji
  messageEntityMentionName messageEntityPre
  replyInlineMarkup keyboardButtonRow keyboardButtonCallback
  messageReactions reactionCount reactionEmoji reactionCustomEmoji messagePeerReaction
  user userProfilePhoto userStatusRecently userStatusOffline userStatusOnline username
  channel chat chatPhoto chatPhotoEmpty chatBannedRights chatAdminRights
  updates updateShort updatesCombined updateShortMessage updateShortChatMessage
  updateShortSentMessage
  updateNewMessage updateNewChannelMessage updateUserStatus updateReadHistoryInbox
  updateReadHistoryOutbox updateReadChannelInbox updateEditMessage updateEditChannelMessage
  updateDeleteMessages updateDeleteChannelMessages updateMessageID updateUserTyping
  updateBotCallbackQuery
  updates.state updates.difference updates.differenceSlice updates.channelDifference
  messages.dialogsSlice dialog peerNotifySettings notificationSoundDefault
  users.userFull userFull peerSettings birthday
  config dcOption auth.authorization
  auth.sentCode auth.sentCodeTypeApp auth.sentCodeTypeSms auth.codeTypeSms
`.trim().split(/\s+/);

/** Returns the file without its header, for the lines of the API. */
export function generateDecoders(lines: readonly { text: string; isMethod: boolean }[]): string {
  const definitions = new Map(
    lines.filter(({ isMethod }) => !isMethod)
      .map(({ text }) => parseDefinition(text, false))
      .map((definition) => [definition.name, definition]),
  );
  const hot = HOT.map((name) => {
    const definition = definitions.get(name);
    if (definition === undefined) throw new Error(`Cannot find "${name}" in the schema`);
    return definition;
  });
  const types = Map.groupBy(hot, ({ type }) => type);
  const writer = new DecoderWriter(types);
  const functions = hot.map((definition) => writer.constructorOf(definition));
  const choices = [...types].filter(([type]) => writer.chosen.has(type))
    .map(([type, constructors]) => writer.choiceOf(type, constructors));
  return [
    'import { bool, boxed, constructor, enter } from "../decoder.ts";\n' +
    'import { byteString, type Cursor, double, int, long, string } from "../cursor.ts";\n' +
    'import { type BoxedType, type Decoder, typeOf } from "../definition.ts";\n' +
    'import { vector } from "../decoders/vector.ts";\n' +
    'import type { TlObject } from "../tl_object.ts";\n\n' +
    "interface Fields {\n  _: string;\n  [field: string]: unknown;\n}\n",
    ...[...writer.boxed].map((type) =>
      `const ${constantOf(type)}: BoxedType = typeOf("boxed", "${type}");`
    ),
    "",
    ...functions,
    ...choices,
    "/** The functions by the ids of their constructors. */\n" +
    "export const DECODERS: ReadonlyMap<number, Decoder> = new Map([",
    ...hot.map(({ name, id }) => `  [${id}, ${functionOf(name)}],`),
    "]);\n",
  ].join("\n");
}

class DecoderWriter {
  /** The types of which a constructor is read by plan. */
  readonly boxed = new Set<string>();
  /** The types with a function that chooses among constructors. */
  readonly chosen = new Set<string>();
  readonly #types: ReadonlyMap<string, readonly Definition[]>;

  constructor(types: ReadonlyMap<string, readonly Definition[]>) {
    this.#types = types;
  }

  /** Returns the function that reads the fields of a constructor. */
  constructorOf({ name, fields }: Definition): string {
    const lines = ["enter(cursor);"];
    const firstFlag = fields.findIndex(({ flags }) => flags !== undefined);
    // What comes before the first conditional field is in the literal, in the same order.
    const plain = fields.slice(0, firstFlag < 0 ? fields.length : firstFlag);
    const literal = [`_: "${name}"`];
    const flags = plain.filter(({ type }) => type.kind === "#");
    const isInOrder = plain.slice(0, flags.length).every(({ type }) => type.kind === "#");
    const inLiteral = isInOrder ? plain.slice(flags.length) : [];
    if (isInOrder) lines.push(...flags.map(({ name }) => `const ${name} = int(cursor);`));
    literal.push(...inLiteral.map((field) => `${field.name}: ${this.#read(field.type)}`));
    const short = `const object: Fields = { ${literal.join(", ")} };`;
    lines.push(
      short.length <= 98
        ? short
        : `const object: Fields = {\n${literal.map((item) => `    ${item},\n`).join("")}  };`,
    );
    for (const field of fields.slice(isInOrder ? plain.length : 0)) lines.push(this.#field(field));
    lines.push("cursor.depth--;", "return object;");
    const body = lines.map((line) => `  ${line}\n`).join("");
    return `function ${functionOf(name)}(cursor: Cursor): TlObject {\n${body}}\n`;
  }

  /** Returns the function that reads an object of a type. */
  choiceOf(type: string, constructors: readonly Definition[]): string {
    const cases = constructors.map(({ name, id }) =>
      `    case ${id}:\n      return ${functionOf(name)}(cursor);\n`
    );
    return `function ${choice(type)}(cursor: Cursor): TlObject {\n` +
      `  const id = int(cursor);\n  switch (id) {\n${cases.join("")}  }\n` +
      `  return constructor(cursor, ${constantOf(type)}, id);\n}\n`;
  }

  #field({ name, type, flags, mask }: Field): string {
    if (type.kind === "#") return `const ${name} = int(cursor);`;
    const statement = `object.${name} = ${this.#read(type)};`;
    return flags === undefined ? statement : `if (${flags.name} & ${mask}) ${statement}`;
  }

  #read(type: TlType): string {
    if (type.kind === "true") return "true";
    if (type.kind === "vector" && type.boxed) {
      return `vector(cursor, ${this.#reader(type.element)})`;
    }
    if (type.kind === "boxed" && !this.#types.has(type.name)) {
      this.boxed.add(type.name);
      return `boxed(cursor, ${constantOf(type.name)})`;
    }
    return `${this.#reader(type)}(cursor)`;
  }

  /** Returns the name of the function that reads a type, or the function. */
  #reader(type: TlType): string {
    switch (type.kind) {
      case "int":
      case "long":
      case "double":
      case "string":
        return type.kind;
      case "Bool":
        return "bool";
      case "bytes":
        return "byteString";
      case "boxed":
        this.boxed.add(type.name);
        if (!this.#types.has(type.name)) return `(at) => boxed(at, ${constantOf(type.name)})`;
        this.chosen.add(type.name);
        return choice(type.name);
      default:
        throw new Error(`Cannot generate a decoder for "${type.kind}"`);
    }
  }
}

/** `updates.State` is `updatesState`. */
function joined(name: string): string {
  return name.replace(/\.(.)/g, (_, first: string) => first.toUpperCase());
}

function functionOf(constructor: string): string {
  return `read${capital(joined(constructor))}`;
}

function choice(type: string): string {
  return `any${capital(joined(type))}`;
}

function constantOf(type: string): string {
  return joined(type).replace(/([a-z])([A-Z])/g, "$1_$2").toUpperCase();
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
