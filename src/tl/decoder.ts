/**
 * Decodes bytes to objects, by the plan of their definitions.
 * https://core.telegram.org/mtproto/serialize
 *
 * The bytes are not trusted: the bytes left limit every step, and MAX_DEPTH limits the nesting. A
 * definition may have a decoder of its own (see decoders/). If anything fails, the value is decoded
 * again by plan alone, so that an error is the same and has a path.
 */

import {
  BOOL_FALSE,
  BOOL_TRUE,
  checkDepth,
  NULL,
  TRUE as TRUE_ID,
  VECTOR as VECTOR_ID,
} from "./builtins.ts";
import {
  byteString,
  type Cursor,
  double,
  int,
  long,
  raw,
  string,
  tooShort,
  uint,
} from "./cursor.ts";
import {
  type BareType,
  type BoxedType,
  type Definition,
  type TlType,
  typeOf,
  type VectorType,
} from "./definition.ts";
import type { Definitions } from "./definitions.ts";
import {
  BARE,
  BOOL,
  BOXED,
  BYTES,
  DOUBLE,
  FLAGS,
  INT,
  INT128,
  INT256,
  LONG,
  OBJECT,
  STRING,
  TRUE,
  VECTOR,
} from "./ops.ts";
import { TlError } from "./tl_error.ts";
import type { TlObject } from "./tl_object.ts";

const ANY: TlType = typeOf("object");

/** Reads a value of the type. */
export function decodeValue(definitions: Definitions, cursor: Cursor, type: TlType): unknown {
  const { at } = cursor;
  const { op } = type;
  cursor.definitions = definitions;
  cursor.depth = 0;
  cursor.isByPlan = !definitions.hasDecoders;
  try {
    return readValue(cursor, type);
  } catch (error) {
    if (cursor.isByPlan) throw explained(cursor, error, op);
  }
  cursor.at = at;
  cursor.depth = 0;
  cursor.isByPlan = true;
  try {
    return readValue(cursor, type);
  } catch (error) {
    throw explained(cursor, error, op);
  }
}

/** Reads a value of the type. */
function readValue(cursor: Cursor, type: TlType): unknown {
  switch (type.op) {
    case INT:
      return int(cursor);
    case LONG:
      return long(cursor);
    case STRING:
      return string(cursor);
    case BOXED:
      return boxed(cursor, type as BoxedType);
    case TRUE:
      return true;
    case VECTOR: {
      const { boxed, element } = type as VectorType;
      if (boxed) expectVector(uint(cursor));
      return readVector(cursor, element);
    }
    case BYTES:
      return byteString(cursor);
    case BOOL:
      return bool(cursor);
    case DOUBLE:
      return double(cursor);
    case INT128:
      return raw(cursor, 16);
    case INT256:
      return raw(cursor, 32);
    case OBJECT:
      return readObject(cursor);
    case BARE:
      return readFields(cursor, schemaOf(cursor).bare((type as BareType).name));
    case FLAGS:
      return uint(cursor);
  }
}

/** Reads an object of the type. */
export function boxed(cursor: Cursor, type: BoxedType): TlObject {
  return constructor(cursor, type, int(cursor));
}

/** Reads an object of the type, after its id. */
export function constructor(cursor: Cursor, type: BoxedType, id: number): TlObject {
  let definition = type.last;
  if (definition === undefined || definition.id !== id) {
    definition = type.met.get(id);
    if (definition === undefined) {
      definition = constructorOf(cursor, type.name, id);
      type.met.set(id, definition);
    }
    type.last = definition;
  }
  return readConstructor(cursor, definition);
}

/** Returns the constructor of that type and id. */
function constructorOf(cursor: Cursor, type: string, id: number): Definition {
  const definitions = schemaOf(cursor);
  const definition = definitions.constructorOf(type, id);
  if (definition !== undefined) return definition;
  throw new TlError(
    "decode",
    `${nameId(id, definitions.nameOf(id))}, expected a constructor of ${type}`,
  );
}

function readConstructor(cursor: Cursor, definition: Definition): TlObject {
  return definition.read === undefined || cursor.isByPlan
    ? readFields(cursor, definition)
    : definition.read(cursor);
}

/** Reads any boxed value: also vectors, booleans and null, and methods, which a server receives. */
function readObject(cursor: Cursor): unknown {
  const id = uint(cursor);
  switch (id) {
    case VECTOR_ID:
      return readVector(cursor, ANY);
    case BOOL_TRUE:
    case TRUE_ID:
      return true;
    case BOOL_FALSE:
      return false;
    case NULL:
      return null;
  }
  const definition = schemaOf(cursor).byId(id);
  if (definition === undefined) {
    throw new TlError("decode", `${nameId(id)}, expected a constructor of the schema`);
  }
  return readConstructor(cursor, definition);
}

function readFields(cursor: Cursor, definition: Definition): TlObject {
  enter(cursor);
  const { view } = cursor;
  const object: { _: string; [field: string]: unknown } = { _: definition.name };
  let plan = definition.plan;
  let i = 0;
  try {
    for (;;) {
      const { fields } = plan;
      for (i = 0; i < fields.length; i++) {
        const field = fields[i];
        switch (field.op) {
          case INT:
            object[field.name] = view.getInt32(cursor.at, true);
            cursor.at += 4;
            break;
          case LONG:
            object[field.name] = view.getBigInt64(cursor.at, true);
            cursor.at += 8;
            break;
          case STRING:
            object[field.name] = string(cursor);
            break;
          case BOXED:
            object[field.name] = boxed(cursor, field.type as BoxedType);
            break;
          case TRUE:
            object[field.name] = true;
            break;
          default:
            object[field.name] = readValue(cursor, field.type);
        }
      }
      if (plan.flags === undefined) break;
      plan = plan.after(int(cursor));
    }
  } catch (error) {
    const { name, op } = plan.fields[i] ?? plan.flags;
    throw located(cursor, error, op, `.${name}`);
  }
  cursor.depth--;
  return object;
}

function readVector(cursor: Cursor, element: TlType): unknown[] {
  const count = enterVector(cursor);
  const elements: unknown[] = [];
  const { op } = element;
  try {
    while (elements.length < count) elements.push(readValue(cursor, element));
  } catch (error) {
    throw located(cursor, error, op, `[${elements.length}]`);
  }
  cursor.depth--;
  return elements;
}

/** Enters a vector. Returns the number of its elements. */
export function enterVector(cursor: Cursor): number {
  enter(cursor);
  const count = uint(cursor);
  const left = cursor.bytes.length - cursor.at;
  // An element of a vector takes at least four bytes.
  if (count <= left / 4) return count;
  throw new TlError(
    "decode",
    `a vector of ${count} elements in ${left} bytes, expected at most one element in 4 bytes`,
  );
}

/** Enters an object or a vector; leaving it is `cursor.depth--`. */
export function enter(cursor: Cursor): void {
  checkDepth("decode", cursor.depth++);
}

/** Reads a `Bool`. */
export function bool(cursor: Cursor): boolean {
  const id = uint(cursor);
  if (id === BOOL_TRUE) return true;
  if (id === BOOL_FALSE) return false;
  throw new TlError("decode", `${nameId(id)}, expected a Bool`);
}

/** Refuses another id in the place of that of a vector. */
export function expectVector(id: number): void {
  if (id !== VECTOR_ID) throw new TlError("decode", `${nameId(id)}, expected a vector`);
}

/** Returns the error to throw: a RangeError of the DataView means that the bytes end too early. */
function explained(cursor: Cursor, error: unknown, op: number): unknown {
  const size = op === LONG || op === DOUBLE ? 8 : 4;
  const isShort = error instanceof RangeError && cursor.at + size > cursor.bytes.length;
  return isShort ? tooShort(cursor, size) : error;
}

/** Returns the error to throw, with one more step in front of its path. */
function located(cursor: Cursor, error: unknown, op: number, step: string): unknown {
  const cause = explained(cursor, error, op);
  return cause instanceof TlError ? cause.within(step) : cause;
}

function schemaOf(cursor: Cursor): Definitions {
  return cursor.definitions as Definitions;
}

function nameId(id: number, name?: string): string {
  const hex = (id >>> 0).toString(16).padStart(8, "0");
  return name === undefined ? `id ${hex}` : `"${name}" (id ${hex})`;
}
