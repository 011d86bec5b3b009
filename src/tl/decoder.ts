/**
 * Decodes bytes to objects, by the plan of their definitions.
 * https://core.telegram.org/mtproto/serialize
 *
 * The bytes are not trusted: the bytes left limit every step, and MAX_DEPTH limits the nesting.
 */

import { BOOL_FALSE, BOOL_TRUE, MAX_DEPTH, NULL, TRUE, VECTOR } from "./builtins.ts";
import type { BoxedType, Definition, TlType } from "./definition.ts";
import type { Definitions } from "./definitions.ts";
import type { TlReader } from "./reader.ts";
import { TlError } from "./tl_error.ts";
import type { TlObject } from "./tl_object.ts";

const OBJECT: TlType = { kind: "object" };

/** Reads a value of the type. */
export function readValue(
  definitions: Definitions,
  reader: TlReader,
  type: TlType,
  depth: number,
): unknown {
  switch (type.kind) {
    case "int":
      return reader.int32();
    case "true":
      return true;
    case "long":
      return reader.int64();
    case "string":
      return reader.string();
    case "boxed":
      return readBoxed(definitions, reader, type, depth);
    case "vector":
      if (type.boxed) expectVector(reader.uint32());
      return readVector(definitions, reader, type.element, depth);
    case "bytes":
      return reader.bytes();
    case "Bool":
      return readBool(reader.uint32());
    case "double":
      return reader.double();
    case "int128":
      return reader.raw(16);
    case "int256":
      return reader.raw(32);
    case "object":
      return readObject(definitions, reader, depth);
    case "bare":
      return readFields(definitions, reader, definitions.bare(type.name), depth);
    case "#":
      return reader.uint32();
  }
}

function readBoxed(
  definitions: Definitions,
  reader: TlReader,
  type: BoxedType,
  depth: number,
): TlObject {
  const id = reader.int32();
  let definition = type.met.get(id);
  if (definition === undefined) {
    definition = definitions.constructorOf(type.name, id);
    if (definition === undefined) {
      const expected = `expected a constructor of ${type.name}`;
      throw new TlError("decode", `${nameId(id, definitions.nameOf(id))}, ${expected}`);
    }
    type.met.set(id, definition);
  }
  return readFields(definitions, reader, definition, depth);
}

/** Reads any boxed value: also vectors, booleans and null, and methods, which a server receives. */
function readObject(definitions: Definitions, reader: TlReader, depth: number): unknown {
  const id = reader.uint32();
  switch (id) {
    case VECTOR:
      return readVector(definitions, reader, OBJECT, depth);
    case BOOL_TRUE:
    case TRUE:
      return true;
    case BOOL_FALSE:
      return false;
    case NULL:
      return null;
  }
  const definition = definitions.byId(id);
  if (definition === undefined) {
    throw new TlError("decode", `${nameId(id)}, expected a constructor of the schema`);
  }
  return readFields(definitions, reader, definition, depth);
}

function readFields(
  definitions: Definitions,
  reader: TlReader,
  definition: Definition,
  depth: number,
): TlObject {
  if (depth >= MAX_DEPTH) {
    throw new TlError("decode", `nested too deeply, expected at most ${MAX_DEPTH} levels`);
  }
  const object: { _: string; [field: string]: unknown } = { _: definition.name };
  let plan = definition.plan;
  let i = 0;
  try {
    for (;;) {
      const fields = plan.fields;
      for (i = 0; i < fields.length; i++) {
        const { name, type } = fields[i];
        object[name] = readValue(definitions, reader, type, depth + 1);
      }
      if (plan.flags === undefined) return object;
      plan = plan.after(reader.int32());
    }
  } catch (error) {
    const field = plan.fields[i] ?? plan.flags;
    throw error instanceof TlError ? error.within(`.${field.name}`) : error;
  }
}

function readVector(
  definitions: Definitions,
  reader: TlReader,
  element: TlType,
  depth: number,
): unknown[] {
  if (depth >= MAX_DEPTH) {
    throw new TlError("decode", `nested too deeply, expected at most ${MAX_DEPTH} levels`);
  }
  const count = reader.uint32();
  // An element of a vector takes at least four bytes.
  if (count > reader.remaining / 4) {
    throw new TlError(
      "decode",
      `a vector of ${count} elements in ${reader.remaining} bytes, ` +
        "expected at most one element in 4 bytes",
    );
  }
  const elements: unknown[] = [];
  try {
    while (elements.length < count) {
      elements.push(readValue(definitions, reader, element, depth + 1));
    }
  } catch (error) {
    throw error instanceof TlError ? error.within(`[${elements.length}]`) : error;
  }
  return elements;
}

function expectVector(id: number): void {
  if (id !== VECTOR) throw new TlError("decode", `${nameId(id)}, expected a vector`);
}

function readBool(id: number): boolean {
  if (id === BOOL_TRUE) return true;
  if (id === BOOL_FALSE) return false;
  throw new TlError("decode", `${nameId(id)}, expected a Bool`);
}

function nameId(id: number, name?: string): string {
  const hex = (id >>> 0).toString(16).padStart(8, "0");
  return name === undefined ? `id ${hex}` : `"${name}" (id ${hex})`;
}
