/**
 * The API schema of every layer that the offline Telegram supports:
 * https://core.telegram.org/api/invoking#layers
 *
 * It is layer 228 (src/tl) with the lines of lines.ts on top. Other layers are exact only in the
 * objects that the offline Telegram uses; the rest keeps the ids of layer 228.
 */
import { apiSchema, type Schema } from "../../tl/mod.ts";
import { NEWER_LINES, OLDER_LINES } from "./lines.ts";

/** The oldest supported layer: the first with ids of 64 bits. Older clients cannot sign in. */
export const OLDEST_LAYER = 133;

/** The newest layer whose differences are known. Newer clients get answers in this layer. */
export const NEWEST_LAYER = 229;

const schemas = new Map<number, Schema>();
let requests: Schema | undefined;

/** Returns the nearest supported layer, in which a client of a layer gets its answers. */
export function spokenLayer(layer: number): number {
  return Math.min(Math.max(layer, OLDEST_LAYER), NEWEST_LAYER);
}

/** Returns the schema for a client of a layer. It reads the ids of that layer and of layer 228. */
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

/** Telegram accepts an `InputPeer` as `InputUser`: Pyrogram, its forks and Telethon send them. */
const ANY_INPUT_USER = `
inputMessageEntityMentionName#208e68c9 offset:int length:int user_id:Object = MessageEntity
users.getUsers#0d91a548 id:Vector<Object> = Vector<User>
users.getFullUser#ca30a5b1 id:Object = UserFull
users.getFullUser#b60f5918 id:Object = users.UserFull
`;

/** Returns a schema that reads the requests of all layers. Encoding with it is undefined. */
export function anyLayerSchema(): Schema {
  requests ??= apiSchema().extend(
    [...[...OLDER_LINES, ...NEWER_LINES].map(([, lines]) => lines), ANY_INPUT_USER].join("\n"),
  );
  return requests;
}

/** Returns the lines of a layer that differ from layer 228, each name once. */
function differences(layer: number): string {
  const lines = new Map<string, string>();
  // Newest first: of the lines of a constructor, the last one that applies is the layer's own.
  for (const [until, text] of OLDER_LINES) if (until >= layer) addLines(lines, text);
  for (const [since, text] of NEWER_LINES) if (since <= layer) addLines(lines, text);
  return [...lines.values()].join("\n");
}

function addLines(lines: Map<string, string>, text: string): void {
  for (const line of text.split("\n")) {
    if (line !== "") lines.set(line.slice(0, line.indexOf("#")), line);
  }
}
