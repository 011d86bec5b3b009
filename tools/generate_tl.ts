/**
 * `deno task tl`: writes src/tl/generated/ from the schemas in the npm package @mtcute/core.
 * https://core.telegram.org/schema and https://core.telegram.org/schema/mtproto
 *
 * It takes names, ids, types and flags, and restores the names that the package changed. An id is
 * the CRC-32 of its definition: each line is checked against its id, and written without it. The
 * lines of the API are also abbreviated, which makes them a third smaller in a bundle. The
 * types are in generate_tl_types.ts, the decoders in generate_tl_decoders.ts.
 */

import { abbreviate } from "../src/tl/abbreviations.ts";
import { type TypedLine, withMark } from "../src/tl/type_marks.ts";
import { generateDecoders } from "./generate_tl_decoders.ts";
import { generateTypes } from "./generate_tl_types.ts";
import { readPublished, SOURCE } from "./published_schema.ts";
const FOLDER = new URL("../src/tl/generated/", import.meta.url);

interface Argument {
  name: string;
  type: string;
  typeModifiers?: {
    predicate?: string;
    isVector?: boolean;
    isBareVector?: boolean;
    isBareType?: boolean;
  };
}

interface Entry {
  kind: string;
  name: string;
  id: number;
  type: string;
  arguments: Argument[];
  generics?: { name: string; type: string }[];
  typeModifiers?: { isVector?: boolean };
}

/** A definition: its line of TL, and the facts that are not in the line. */
export interface Line {
  readonly text: string;
  readonly isMethod: boolean;
}

/**
 * Old constructors that mtcute keeps, under other names. Its own inventions begin with `mtcute.`.
 */
const NOT_OURS = new Set(["inputPeerPhotoFileLocationLegacy", "inputStickerSetThumbLegacy"]);

/** Methods that mtcute calls constructors. */
const METHODS = new Set(["http_wait"]);

/**
 * Definitions of the spec, today's or those of older clients, that are not in mtcute's schema.
 * `message` has no id in the spec, as it is always bare: this is its CRC-32.
 */
const MISSING = {
  types: [
    "p_q_inner_data#83c95aec pq:bytes p:bytes q:bytes nonce:int128 server_nonce:int128 " +
    "new_nonce:int256 = P_Q_inner_data",
    "p_q_inner_data_temp#3c6a84d4 pq:bytes p:bytes q:bytes nonce:int128 server_nonce:int128 " +
    "new_nonce:int256 expires_in:int = P_Q_inner_data",
    "server_DH_params_fail#79cb045d nonce:int128 server_nonce:int128 new_nonce_hash:int128 " +
    "= Server_DH_Params",
    "rpc_result#f35c6d01 req_msg_id:long result:Object = RpcResult",
    "msg_container#73f1f8dc messages:vector<%Message> = MessageContainer",
    "message#5bb8e511 msg_id:long seqno:int bytes:int body:Object = Message",
    "msg_copy#e06046b2 orig_message:Message = MessageCopy",
    "gzip_packed#3072cfa1 packed_data:bytes = Object",
  ],
  methods: [
    "req_pq#60469778 nonce:int128 = ResPQ",
  ],
};

/** The ids in the spec that are not the CRC-32 of their line. */
const ODD_IDS = new Set(["msg_container"]);

/** Returns the text of each generated file by its name. */
export async function generate(): Promise<Map<string, string>> {
  const api = await readPublished<{ l: number; e: Entry[] }>("tl/api-schema.json");
  const mtproto = await readPublished<Entry[]>("tl/mtp-schema.json");
  const apiLines = api.e
    .filter(({ name }) => !NOT_OURS.has(name) && !name.startsWith("mtcute."))
    .map(toLine);
  const mtprotoLines = [
    ...MISSING.types.map((text) => ({ text, isMethod: false })),
    ...mtproto.map(toLine),
    ...MISSING.methods.map((text) => ({ text, isMethod: true })),
  ];
  for (const { text } of [...apiLines, ...mtprotoLines]) checkId(text);
  return new Map([
    [
      "api_schema.ts",
      header("The schema of the Telegram API: https://core.telegram.org/schema") +
      `export const API_LAYER = ${api.l};\n\n` +
      "/** Abbreviated: see abbreviations.ts. */\n" +
      constant(
        "API_SCHEMA",
        [
          `// LAYER ${api.l}`,
          ...sections(withMarks(byType(apiLines.map(withoutId)))),
        ].map(abbreviate),
      ),
    ],
    [
      "mtproto_schema.ts",
      header("The schema of MTProto's own messages: https://core.telegram.org/schema/mtproto") +
      constant("MTPROTO_SCHEMA", sections(mtprotoLines.map(withoutId))),
    ],
    [
      "api.ts",
      header("The types of the Telegram API: https://core.telegram.org/schema") +
      "/**\n * The types of the API, by the names that they have in TL: `user`, `auth.SentCode`, " +
      "`Methods`.\n *\n * @module\n */\n\n" +
      generateTypes(apiLines),
    ],
    [
      "decoders.ts",
      header("Decoders of the most frequent objects: https://core.telegram.org/schema") +
      generateDecoders(apiLines),
    ],
  ]);
}

function toLine(entry: Entry): Line {
  const name = ownName(entry.name);
  const id = (entry.id >>> 0).toString(16).padStart(8, "0");
  const generics = (entry.generics ?? []).map(({ name, type }) => ` {${name}:${type}}`).join("");
  const fields = entry.arguments.map((field) => ` ${field.name}:${typeOf(field)}`).join("");
  const result = entry.typeModifiers?.isVector ? `Vector<${entry.type}>` : entry.type;
  return {
    text: `${name}#${id}${generics}${fields} = ${result}`,
    isMethod: entry.kind === "method" || METHODS.has(name),
  };
}

/** Returns the line, without its id if that can be computed. */
function withoutId(line: Line): Line {
  const name = line.text.slice(0, line.text.indexOf("#"));
  return ODD_IDS.has(name) ? line : { ...line, text: line.text.replace(/#[0-9a-f]{8}/, "") };
}

function typeOf({ type, typeModifiers: modifiers = {} }: Argument): string {
  // mtcute's name for a long that it reads as a number.
  let text = type === "int53" ? "long" : ownName(type);
  if (modifiers.isBareVector) text = `vector<${text}>`;
  else if (modifiers.isVector) text = `Vector<${text}>`;
  return modifiers.predicate === undefined ? text : `${modifiers.predicate}?${text}`;
}

/** mtcute puts `mt_` before the names of the service schema. */
function ownName(name: string): string {
  return name.replace(/^mt_/, "");
}

function sections(lines: readonly Line[]): string[] {
  const texts = (isMethod: boolean): string[] =>
    lines.filter((line) => line.isMethod === isMethod).map((line) => line.text);
  return [...texts(false), "---functions---", ...texts(true)];
}

/** Puts lines with the same type together: they are alike, and PackedLines relies on it. */
function byType(lines: readonly Line[]): Line[] {
  const key = ({ text }: Line): string => `${typeAtEnd(text)} ${text}`;
  return lines.map((line) => ({ line, key: key(line) }))
    .sort((a, b) => a.key < b.key ? -1 : 1)
    .map(({ line }) => line);
}

function typeAtEnd(line: string): string {
  return line.slice(line.lastIndexOf("= ") + 2);
}

/** Replaces types by marks. */
function withMarks(lines: readonly Line[]): Line[] {
  const typed = (line: Line): TypedLine & Line => ({ ...line, type: typeAtEnd(line.text) });
  return [false, true].flatMap((isMethod) => {
    const section = lines.filter((line) => line.isMethod === isMethod).map(typed);
    return section.map((line, i) => ({ ...line, text: withMark(line, section[i - 1]) }));
  });
}

function header(what: string): string {
  return `// ${what}\n// Generated by \`deno task tl\` from ${SOURCE}; do not edit.\n` +
    "// deno-lint-ignore-file\n\n";
}

function constant(name: string, lines: readonly string[]): string {
  const text = lines.join("\n");
  if (/[`\\$]/.test(text)) {
    throw new Error(`Cannot write ${name}: a character that a template cannot hold`);
  }
  return `export const ${name} = \`${text}\`;\n`;
}

/** Returns the text whose CRC-32 is the id: https://core.telegram.org/mtproto/TL-formal */
function checkId(line: string): void {
  const [, name, id, rest] = /^([^#]+)#([0-9a-f]{8})(.*)$/.exec(line) ?? [];
  if (rest === undefined) throw new Error(`Cannot read "${line}", expected name#id …`);
  const text = (name + rest)
    .replace(/ [a-z0-9_]+:flags\d*\.\d+\?true/g, "")
    .replace(/([:?])bytes\b/g, "$1string")
    .replace(/[{}>]/g, "")
    .replaceAll("<", " ");
  if (crc32(text) !== parseInt(id, 16) && !ODD_IDS.has(name)) {
    throw new Error(
      `Cannot trust "${line}": its CRC-32 is ${crc32(text).toString(16)}, expected ${id}`,
    );
  }
}

function crc32(text: string): number {
  let crc = ~0;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc >>> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

if (import.meta.main) {
  Deno.mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of await generate()) Deno.writeTextFileSync(new URL(name, FOLDER), text);
}
