/**
 * Encodes objects to bytes, by the plan of their definitions.
 * https://core.telegram.org/mtproto/serialize
 *
 * A value that the schema does not allow is an error with the path of the field. The encoder never
 * converts or guesses a value.
 *
 * Most fields of large objects are conditional, and most of them absent. So the encoder looks at
 * the properties that the object has, and not at each field that it could have.
 */

import { BOOL_FALSE, BOOL_TRUE, checkDepth, VECTOR as VECTOR_ID } from "./builtins.ts";
import type { BareType, BoxedType, Definition, Field, TlType, VectorType } from "./definition.ts";
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
import {
  type Output,
  unfit,
  writeBytes,
  writeDouble,
  writeInt,
  writeLong,
  writeRaw,
  writeString,
  writeUint,
} from "./output.ts";
import { TlError } from "./tl_error.ts";
import type { TlObject } from "./tl_object.ts";

/** Writes a value of the type. */
export function writeValue(
  definitions: Definitions,
  output: Output,
  value: unknown,
  type: TlType,
  depth: number,
): void {
  switch (type.op) {
    case INT:
      return writeInt(output, value);
    case LONG:
      return writeLong(output, value);
    case STRING:
      return writeString(output, value);
    case BOXED:
      return writeBoxed(definitions, output, value, type as BoxedType, depth);
    case VECTOR:
      return writeVector(definitions, output, value, type as VectorType, depth);
    case BYTES:
      return writeBytes(output, value);
    case BOOL:
      if (typeof value !== "boolean") throw unfit(value, "a boolean");
      return writeUint(output, value ? BOOL_TRUE : BOOL_FALSE);
    case DOUBLE:
      return writeDouble(output, value);
    case INT128:
      return writeExactly(output, value, 16);
    case INT256:
      return writeExactly(output, value, 32);
    case OBJECT: {
      if (value instanceof Uint8Array) return writeRaw(output, value);
      const definition = definitionOf(definitions, value, "an object");
      writeInt(output, definition.id);
      return writeFields(definitions, output, value as TlObject, definition, depth);
    }
    case BARE: {
      const definition = definitions.bare((type as BareType).name);
      if (nameOf(value) !== definition.name) throw unfit(value, `an object "${definition.name}"`);
      return writeFields(definitions, output, value as TlObject, definition, depth);
    }
    case FLAGS:
      return writeUint(output, value);
    case TRUE:
      // The flag is the value. A missing value here shares its flag with a field that is present.
      if (value === true || value === undefined || value === null) return;
      throw unfit(value, "true");
  }
}

function writeBoxed(
  definitions: Definitions,
  output: Output,
  value: unknown,
  type: BoxedType,
  depth: number,
): void {
  const name = nameOf(value);
  let definition = type.lastWritten;
  if (definition === undefined || definition.name !== name) {
    definition = type.met.get(name);
    if (definition === undefined) {
      definition = definitionOf(definitions, value, type.name);
      if (definition.type !== type.name || definition.isMethod) {
        throw unfit(value, `a constructor of ${type.name}`);
      }
      type.met.set(name, definition);
    }
    type.lastWritten = definition;
  }
  writeInt(output, definition.id);
  writeFields(definitions, output, value as TlObject, definition, depth);
}

function writeFields(
  definitions: Definitions,
  output: Output,
  object: TlObject,
  definition: Definition,
  depth: number,
): void {
  checkDepth("encode", depth);
  const { names } = definition;
  let plan = definition.plan;
  let fields = plan.written;
  let i = 0;
  try {
    const firstFlags = plan.flags;
    // The numbers for the first `#` and the second: one bit for each present field.
    let first = 0;
    let second = 0;
    const isByField = names === undefined || !isPlain(object);
    let isOdd = isByField;
    if (!isByField) {
      let guesses = definition.first;
      for (const name in object) {
        if (name === "_") continue;
        let j = 0;
        while (j < guesses.length && guesses[j].name !== name) j++;
        if (j === guesses.length) {
          const field = names.get(name);
          if (field === undefined) continue;
          guesses.push(field);
        }
        const { op, flags, mask, next } = guesses[j];
        guesses = next;
        if (mask === 0) continue;
        const value = object[name];
        if (value === undefined || value === null) continue;
        if (op === TRUE && value !== true) {
          isOdd = true;
          if (value === false) continue;
        }
        if (flags === firstFlags) first |= mask;
        else second |= mask;
      }
    }
    for (;;) {
      // A flag that is `true` has no bytes; one that is something else has an error.
      fields = isOdd ? plan.fields : plan.written;
      for (i = 0; i < fields.length; i++) {
        const field = fields[i];
        const value = object[field.name];
        switch (field.op) {
          case INT:
            writeInt(output, value);
            break;
          case LONG:
            writeLong(output, value);
            break;
          case STRING:
            writeString(output, value);
            break;
          case BOXED:
            writeBoxed(definitions, output, value, field.type as BoxedType, depth + 1);
            break;
          case BYTES:
            writeBytes(output, value);
            break;
          default:
            writeValue(definitions, output, value, field.type, depth + 1);
        }
      }
      if (plan.flags === undefined) return;
      const flags = isByField
        ? flagsOf(object, definition, plan.flags)
        : plan.flags === firstFlags
        ? first
        : second;
      writeInt(output, flags);
      plan = plan.after(flags);
    }
  } catch (error) {
    const field = fields[i] ?? plan.flags;
    throw error instanceof TlError ? error.within(`.${field.name}`) : error;
  }
}

function writeVector(
  definitions: Definitions,
  output: Output,
  value: unknown,
  { boxed, element }: VectorType,
  depth: number,
): void {
  if (!Array.isArray(value)) throw unfit(value, "an array");
  checkDepth("encode", depth);
  if (boxed) writeUint(output, VECTOR_ID);
  writeUint(output, value.length);
  let i = 0;
  try {
    const { length } = value;
    if (element.op === BOXED) {
      for (; i < length; i++) {
        writeBoxed(definitions, output, value[i], element as BoxedType, depth + 1);
      }
    } else {
      for (; i < length; i++) writeValue(definitions, output, value[i], element, depth + 1);
    }
  } catch (error) {
    throw error instanceof TlError ? error.within(`[${i}]`) : error;
  }
}

function writeExactly(output: Output, value: unknown, length: number): void {
  if (!(value instanceof Uint8Array) || value.length !== length) {
    throw unfit(value, `${length} bytes`);
  }
  writeRaw(output, value);
}

/** Returns whether all properties of an object are its own. Those of a class may not be. */
function isPlain(object: TlObject): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Returns the number for a `#`: one bit for each present field. Fields may share a bit; if one of
 * them is present and another is not, writing the other one throws.
 */
function flagsOf(object: TlObject, { fields }: Definition, place: Field): number {
  let present = 0;
  for (const { name, op, flags, mask } of fields) {
    if (flags !== place) continue;
    const value = object[name];
    // For the type `true`, false means absent.
    const isAbsent = value === undefined || value === null || op === TRUE && value === false;
    if (!isAbsent) present |= mask;
  }
  return present;
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
