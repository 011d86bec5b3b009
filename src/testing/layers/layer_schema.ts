// The API schema of every layer that the offline Telegram speaks: https://core.telegram.org/api/invoking#layers
// It is layer 227 (src/tl) with the lines of lines.ts laid over it. Only what the offline Telegram says and understands
// is exact in other layers; the rest keeps the ids of layer 227.

import { apiSchema, type Schema } from "../../tl/mod.ts";
import { NEWER_LINES, OLDER_LINES } from "./lines.ts";

/** The oldest layer that is spoken: the first with ids of 64 bits. With an older one nobody can sign in. */
export const OLDEST_LAYER = 133;

/** The newest layer whose differences are known. A client of a newer one is answered in this. */
export const NEWEST_LAYER = 229;

const schemas = new Map<number, Schema>();
let requests: Schema | undefined;

/** The layer in which a client of that layer is answered: the nearest one that is spoken. */
export function spokenLayer(layer: number): number {
  return Math.min(Math.max(layer, OLDEST_LAYER), NEWEST_LAYER);
}

/** The schema to encode for a client of that layer. It reads the ids of that layer and of layer 227. */
export function layerSchema(layer: number): Schema {
  const spoken = spokenLayer(layer);
  let schema = schemas.get(spoken);
  if (schema === undefined) {
    const lines = differences(spoken);
    schema = lines === "" ? apiSchema() : apiSchema().extend(lines, spoken);
    schemas.set(spoken, schema);
  }
  return schema;
}

/** Where an `InputUser` is asked for, Telegram takes an `InputPeer` too: Pyrogram, its forks and Telethon send such. */
const ANY_INPUT_USER = `
inputMessageEntityMentionName#208e68c9 offset:int length:int user_id:Object = MessageEntity
users.getUsers#0d91a548 id:Vector<Object> = Vector<User>
users.getFullUser#ca30a5b1 id:Object = UserFull
users.getFullUser#b60f5918 id:Object = users.UserFull
`;

/** A schema that reads the requests of all layers. It is for reading only: which line it would write is left open. */
export function anyLayerSchema(): Schema {
  requests ??= apiSchema().extend(
    [...[...OLDER_LINES, ...NEWER_LINES].map(([, lines]) => lines), ANY_INPUT_USER].join("\n"),
  );
  return requests;
}

/** The lines of a layer that layer 227 has otherwise, each name once. */
function differences(layer: number): string {
  const lines = new Map<string, string>();
  // Newest first: of a constructor's lines that still held after this layer, the last one met is the layer's own.
  for (const [until, text] of OLDER_LINES) if (until >= layer) addLines(lines, text);
  for (const [since, text] of NEWER_LINES) if (since <= layer) addLines(lines, text);
  return [...lines.values()].join("\n");
}

function addLines(lines: Map<string, string>, text: string): void {
  for (const line of text.split("\n")) {
    if (line !== "") lines.set(line.slice(0, line.indexOf("#")), line);
  }
}
