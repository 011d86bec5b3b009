/**
 * A definition of TL: its fields, and the plan by which the codec reads and writes them.
 * https://core.telegram.org/mtproto/TL-combinators#conditional-fields
 *
 * Most fields of large objects are conditional, and most of them absent. The plan computes once,
 * for each value of a `#`, which fields are present. So an object costs the fields that it has, not
 * those that it could have.
 */

import type { Cursor } from "./cursor.ts";
import { FLAGS, OPS, TRUE } from "./ops.ts";
import type { TlObject } from "./tl_object.ts";

/** The type of a field. */
export type TlType =
  | TypeOf<Primitive>
  /** `Object`, `!X`: any boxed value, also a method. */
  | TypeOf<"object">
  /** `Vector<T>` (boxed, with its id) and `vector<T>` (bare). */
  | VectorType
  /** A TL type such as `User`: an id, then the fields of that constructor. */
  | BoxedType
  /** `%Message` or `future_salt`: the fields without an id. */
  | BareType;

interface TypeOf<Kind> {
  readonly kind: Kind;
  /** The kind as a number of ops.ts. */
  readonly op: number;
}

/** `Vector<T>`; see {@linkcode TlType}. */
export interface VectorType extends TypeOf<"vector"> {
  readonly boxed: boolean;
  readonly element: TlType;
}

/** `future_salt`; see {@linkcode TlType}. */
export interface BareType extends TypeOf<"bare"> {
  readonly name: string;
}

/** A TL type such as `User`; see {@linkcode TlType}. */
export interface BoxedType extends TypeOf<"boxed"> {
  readonly name: string;
  /**
   * The constructors read in this place so far, by id, and those written, by name: a cache of
   * look-ups in the schema.
   */
  readonly met: Map<number | string | undefined, Definition>;
  /** The constructor read in this place last. */
  last: Definition | undefined;
  /** The constructor written in this place last. */
  lastWritten: Definition | undefined;
}

/** A type that the codec knows without a schema. */
export type Primitive =
  | "#"
  | "int"
  | "long"
  | "double"
  | "string"
  | "bytes"
  | "int128"
  | "int256"
  | "Bool"
  | "true";

/**
 * Makes a type. All have the same properties: engines read those of objects of one shape much
 * faster.
 */
export function typeOf<Kind extends TlType["kind"]>(
  kind: Kind,
  name = "",
  element?: TlType,
  boxed = false,
): TlType & TypeOf<Kind> {
  const type: unknown = {
    kind,
    op: OPS[kind],
    name,
    element,
    boxed,
    met: kind === "boxed" ? new Map() : undefined,
    last: undefined,
    lastWritten: undefined,
  };
  return type as TlType & TypeOf<Kind>;
}

/** One field of a definition. */
export interface Field {
  /** In camelCase, as in JavaScript objects. */
  readonly name: string;
  readonly type: TlType;
  /** The kind of the type, as a number of ops.ts. */
  readonly op: number;
  /** The `#` that tells whether the field is present; undefined if it always is. */
  readonly flags: Field | undefined;
  /** The bit in that `#`, as a mask; 0 if the field is always there. */
  readonly mask: number;
  /** The fields that came next in objects so far: comparing a few is faster than a look-up. */
  readonly next: Field[];
}

/** A constructor or a method. */
export interface Definition {
  readonly name: string;
  /** A signed 32-bit number. */
  readonly id: number;
  readonly fields: readonly Field[];
  /** The fields in the order of the codec's steps. */
  readonly plan: Plan;
  /**
   * The fields by name; undefined if there is no `#` or if there are more than two, so that the
   * encoder looks for each field in an object.
   */
  readonly names: ReadonlyMap<string, Field> | undefined;
  /** The fields that came first in objects so far; see {@linkcode Field.next}. */
  readonly first: Field[];
  /** The TL type of a constructor; the result type of a method. */
  readonly type: string;
  readonly isMethod: boolean;
  /** Reads the fields, if there is generated code for it. */
  read: Decoder | undefined;
}

/** Reads the fields of one constructor: the same as its plan, but faster. */
export type Decoder = (cursor: Cursor) => TlObject;

/**
 * How many values of one `#` are cached: more than a page of messages has. The limit keeps hostile
 * bytes from filling the memory.
 */
const MAX_CACHED = 64;

/** One step of the codec: the fields of an object up to the next `#`, or to the end. */
export class Plan {
  /** The fields before the `#`, all present. */
  readonly fields: readonly Field[];
  /** The `#` after these fields; undefined at the end. */
  readonly flags: Field | undefined;
  readonly #rest: readonly Field[];
  readonly #after = new Map<number, Plan>();
  #written: readonly Field[] | undefined;
  #lastValue = 0;
  #last: Plan | undefined;

  constructor(fields: readonly Field[]) {
    const index = fields.findIndex(({ op, flags }) => op === FLAGS && !flags);
    const end = index < 0 ? fields.length : index;
    this.fields = fields.slice(0, end);
    this.flags = fields[end];
    this.#rest = fields.slice(end + 1);
  }

  /** The fields before the `#` that have bytes. */
  get written(): readonly Field[] {
    return this.#written ??= this.fields.filter(({ op }) => op !== TRUE);
  }

  /** Returns the plan for the fields after the `#`, if it has this value (32 bits). */
  after(value: number): Plan {
    if (this.#last !== undefined && this.#lastValue === value) return this.#last;
    let plan = this.#after.get(value);
    if (plan === undefined) {
      plan = new Plan(
        this.#rest.filter(({ flags, mask }) => flags !== this.flags || (value & mask) !== 0),
      );
      if (this.#after.size === MAX_CACHED) this.#after.clear();
      this.#after.set(value, plan);
    }
    this.#lastValue = value;
    return this.#last = plan;
  }
}
