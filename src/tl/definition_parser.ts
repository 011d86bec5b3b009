/**
 * Parses one line of TL into a definition.
 * https://core.telegram.org/mtproto/TL-formal
 *
 * Only the part of the language that Telegram's schemas use: no dependent types except `flags.N?`,
 * no repetitions except vectors.
 */

import {
  type Definition,
  type Field,
  Plan,
  type Primitive,
  type TlType,
  typeOf,
} from "./definition.ts";
import { definitionIds } from "./definition_id.ts";
import { TlError } from "./tl_error.ts";

const PRIMITIVES: ReadonlyMap<string, TlType> = new Map(
  ([
    "#",
    "int",
    "long",
    "double",
    "string",
    "bytes",
    "int128",
    "int256",
    "Bool",
    "true",
  ] satisfies Primitive[]).map((kind) => [kind, typeOf(kind)]),
);

/** Returns the camelCase name of a field: drops each underscore and capitalises the next letter. */
export function camelCase(name: string): string {
  return name.replace(/_+(.)/g, (_, next: string) => next.toUpperCase());
}

/**
 * Returns the same text, but as engines keep the names of properties. They compare two of those by
 * their addresses; a part of a line they compare letter by letter, each time.
 */
function asKey(text: string): string {
  return Object.keys({ [text]: 0 })[0];
}

/**
 * Parses one definition: `name#id {X:Type} field:type … = Type`. Computes the id if the line has
 * no `#id`.
 *
 * @throws {TlError} if the line does not have that form
 */
export function parseDefinition(line: string, isMethod: boolean): Definition {
  const equals = line.lastIndexOf(" = ");
  const head = line.slice(0, Math.max(equals, 0)).split(" ").filter((token) => token !== "");
  if (equals < 0) throw malformed(line, "expected name#id fields = Type");
  const { name, id = definitionIds([line])[0] } = parseName(line);
  const generics = new Set<string>();
  const fields: Field[] = [];
  const flags = new Map<string, Field>();
  for (let i = 1; i < head.length; i++) {
    const token = head[i];
    if (token.startsWith("{")) {
      generics.add(token.slice(1, token.indexOf(":")));
      continue;
    }
    const colon = token.indexOf(":");
    if (colon < 1) throw malformed(line, `"${token}", expected field:type`);
    let text = token.slice(colon + 1);
    // The form without brackets: `msg_ids:Vector long`.
    if (/(^|\?)[Vv]ector$/.test(text)) text += `<${head[++i] ?? ""}>`;
    const tlName = token.slice(0, colon);
    const field = parseField(line, tlName, text, flags, generics);
    if (text === "#") flags.set(tlName, field);
    fields.push(field);
  }
  const type = asKey(genericResult(line.slice(equals + 3).trim(), generics));
  return {
    name: asKey(name),
    id,
    fields,
    plan: new Plan(fields),
    names: flags.size === 1 || flags.size === 2
      ? new Map(fields.map((field) => [field.name, field]))
      : undefined,
    first: [],
    type,
    isMethod,
    read: undefined,
  };
}

/** Parses the first word of a line: `name#id`, or `name` alone. */
export function parseName(line: string): { name: string; id: number | undefined } {
  const space = line.indexOf(" ");
  const hash = line.indexOf("#");
  if (hash < 0 || hash > space) {
    if (space < 1) throw malformed(line, "expected name#id fields = Type");
    return { name: line.slice(0, space), id: undefined };
  }
  const id = line.slice(hash + 1, space);
  if (hash < 1 || !/^[0-9a-f]{1,8}$/i.test(id)) {
    throw malformed(line, "expected name#id fields = Type");
  }
  return { name: line.slice(0, hash), id: parseInt(id, 16) | 0 };
}

/** Parses a type: `Vector<long>`, `auth.Authorization`, `%Message`. */
export function parseType(text: string, generics?: ReadonlySet<string>): TlType {
  const primitive = PRIMITIVES.get(text);
  if (primitive !== undefined) return primitive;
  if (text === "Object" || text.startsWith("!") || generics?.has(text)) return typeOf("object");
  const vector = /^([Vv])ector(?:<(.+)>| (.+))$/.exec(text);
  if (vector !== null) {
    const element = parseType(vector[2] ?? vector[3], generics);
    return typeOf("vector", "", element, vector[1] === "V");
  }
  if (!/^%?[A-Za-z][A-Za-z0-9_.]*$/.test(text)) {
    throw new TlError("parse", `"${text}", expected a TL type`);
  }
  if (text.startsWith("%")) return typeOf("bare", text.slice(1));
  const isBare = /^[a-z]/.test(text.slice(text.lastIndexOf(".") + 1));
  return typeOf(isBare ? "bare" : "boxed", asKey(text));
}

function parseField(
  line: string,
  tlName: string,
  text: string,
  flagsByName: ReadonlyMap<string, Field>,
  generics: ReadonlySet<string>,
): Field {
  const name = asKey(camelCase(tlName));
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) throw malformed(line, `"${tlName}", expected a name`);
  const question = text.indexOf("?");
  const type = parseType(text.slice(question + 1), generics);
  const { op } = type;
  if (question < 0) return { name, type, op, flags: undefined, mask: 0, next: [] };
  const [flagsName, bit] = text.slice(0, question).split(".");
  const flags = flagsByName.get(flagsName);
  if (flags === undefined || !/^([0-9]|[12][0-9]|3[01])$/.test(bit ?? "")) {
    throw malformed(line, `"${text}", expected a bit of an earlier # field`);
  }
  return { name, type, op, flags, mask: 1 << +bit, next: [] };
}

function genericResult(type: string, generics: ReadonlySet<string>): string {
  return generics.has(type) ? "Object" : type;
}

function malformed(line: string, problem: string): TlError {
  return new TlError("parse", problem, line.length > 120 ? `${line.slice(0, 120)}…` : line);
}
