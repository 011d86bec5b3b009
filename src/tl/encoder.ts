/**
 * Encodes objects to bytes, by the plan of their definitions.
 * https://core.telegram.org/mtproto/serialize
 *
 * A value that the schema does not allow is an error with the path of the field. The encoder never
 * converts or guesses a value.
 */

import type { Definition, Field, TlType } from "./definition.ts";
import type { Definitions } from "./definitions.ts";
import { describe, TlError } from "./tl_error.ts";
import type { TlObject } from "./tl_object.ts";
import type { TlWriter } from "./writer.ts";
import { BOOL_FALSE, BOOL_TRUE, MAX_DEPTH, VECTOR } from "./builtins.ts";

/** Writes a value of the type. */
export function writeValue(
  definitions: Definitions,
  writer: TlWriter,
  value: unknown,
  type: TlType,
  depth: number,
): void {
  switch (type.kind) {
    case "int":
      return writer.int32(value as number);
    case "long":
      return writer.int64(value as bigint);
    case "string":
      return writer.string(value as string);
    case "boxed": {
      const definition = definitionOf(definitions, value, type.name);
      if (definition.type !== type.name || definition.isMethod) {
        throw unfit(value, `a constructor of ${type.name}`);
      }
      writer.int32(definition.id);
      return writeFields(definitions, writer, value as TlObject, definition, depth);
    }
    case "vector":
      return writeVector(definitions, writer, value, type, depth);
    case "bytes":
      return writer.bytes(value as Uint8Array);
    case "Bool":
      if (typeof value !== "boolean") throw unfit(value, "a boolean");
      return writer.uint32(value ? BOOL_TRUE : BOOL_FALSE);
    case "double":
      return writer.double(value as number);
    case "int128":
      return writeRaw(writer, value, 16);
    case "int256":
      return writeRaw(writer, value, 32);
    case "object": {
      if (value instanceof Uint8Array) return writer.raw(value);
      const definition = definitionOf(definitions, value, "an object");
      writer.int32(definition.id);
      return writeFields(definitions, writer, value as TlObject, definition, depth);
    }
    case "bare": {
      const definition = definitions.bare(type.name);
      if (nameOf(value) !== definition.name) throw unfit(value, `an object "${definition.name}"`);
      return writeFields(definitions, writer, value as TlObject, definition, depth);
    }
    case "#":
      return writer.uint32(value as number);
    case "true":
      // The flag is the value. A missing value here shares its flag with a field that is present.
      if (value === true || value === undefined || value === null) return;
      throw unfit(value, "true");
  }
}

function writeFields(
  definitions: Definitions,
  writer: TlWriter,
  object: TlObject,
  definition: Definition,
  depth: number,
): void {
  if (depth >= MAX_DEPTH) {
    throw new TlError("encode", `nested too deeply, expected at most ${MAX_DEPTH} levels`);
  }
  let plan = definition.plan;
  let i = 0;
  try {
    for (;;) {
      const fields = plan.fields;
      for (i = 0; i < fields.length; i++) {
        const { name, type } = fields[i];
        writeValue(definitions, writer, object[name], type, depth + 1);
      }
      if (plan.flags === undefined) return;
      const flags = flagsOf(object, plan.conditional);
      writer.int32(flags);
      plan = plan.after(flags);
    }
  } catch (error) {
    const field = plan.fields[i] ?? plan.flags;
    throw error instanceof TlError ? error.within(`.${field.name}`) : error;
  }
}

function writeVector(
  definitions: Definitions,
  writer: TlWriter,
  value: unknown,
  type: TlType & { kind: "vector" },
  depth: number,
): void {
  if (!Array.isArray(value)) throw unfit(value, "an array");
  if (depth >= MAX_DEPTH) {
    throw new TlError("encode", `nested too deeply, expected at most ${MAX_DEPTH} levels`);
  }
  if (type.boxed) writer.uint32(VECTOR);
  writer.uint32(value.length);
  let i = 0;
  try {
    for (; i < value.length; i++) {
      writeValue(definitions, writer, value[i], type.element, depth + 1);
    }
  } catch (error) {
    throw error instanceof TlError ? error.within(`[${i}]`) : error;
  }
}

function writeRaw(writer: TlWriter, value: unknown, length: number): void {
  if (!(value instanceof Uint8Array) || value.length !== length) {
    throw unfit(value, `${length} bytes`);
  }
  writer.raw(value);
}

/**
 * Returns the number for a `#`: one bit for each present field. Fields may share a bit; if one of
 * them is present and another is not, writing the other one throws.
 */
function flagsOf(object: TlObject, fields: readonly Field[]): number {
  let flags = 0;
  for (const field of fields) {
    if (isPresent(object[field.name], field)) flags |= field.mask;
  }
  return flags;
}

/** Returns whether a conditional field is present. For the type `true`, false means absent. */
function isPresent(value: unknown, field: Field): boolean {
  if (value === undefined || value === null) return false;
  return value !== false || field.type.kind !== "true";
}

function definitionOf(definitions: Definitions, value: unknown, expected: string): Definition {
  const name = nameOf(value);
  if (name === undefined) throw unfit(value, expected);
  const definition = definitions.byName(name);
  if (definition === undefined) {
    throw new TlError("encode", `unknown "${name.slice(0, 80)}", expected ${expected}`);
  }
  return definition;
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const name = (value as { _?: unknown })._;
  return typeof name === "string" ? name : undefined;
}

function unfit(value: unknown, expected: string): TlError {
  return new TlError("encode", `${describe(value)}, expected ${expected}`);
}
