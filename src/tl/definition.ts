/**
 * A definition of TL: its fields, and the plan by which the codec reads and writes them.
 * https://core.telegram.org/mtproto/TL-combinators#conditional-fields
 *
 * Most fields of large objects are conditional, and most of them absent. The plan computes once,
 * for each value of a `#`, which fields are present. So an object costs the fields that it has, not
 * those that it could have.
 */

/** The type of a field. */
export type TlType =
  | { readonly kind: Primitive }
  /** `Object`, `!X`: any boxed value, also a method. */
  | { readonly kind: "object" }
  /** `Vector<T>` (boxed, with its id) and `vector<T>` (bare). */
  | { readonly kind: "vector"; readonly boxed: boolean; readonly element: TlType }
  /** A TL type such as `User`: an id, then the fields of that constructor. */
  | BoxedType
  /** `%Message` or `future_salt`: the fields without an id. */
  | { readonly kind: "bare"; readonly name: string };

/** A TL type such as `User`; see {@linkcode TlType}. */
export interface BoxedType {
  readonly kind: "boxed";
  readonly name: string;
  /** The constructors read in this place so far, by id: a cache of look-ups in the schema. */
  readonly met: Map<number, Definition>;
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

/** One field of a definition. */
export interface Field {
  /** In camelCase, as in JavaScript objects. */
  readonly name: string;
  readonly type: TlType;
  /** The `#` that tells whether the field is present; undefined if it always is. */
  readonly flags: Field | undefined;
  /** The bit in that `#`, as a mask. */
  readonly mask: number;
}

/** A constructor or a method. */
export interface Definition {
  readonly name: string;
  /** A signed 32-bit number. */
  readonly id: number;
  readonly fields: readonly Field[];
  /** The fields in the order of the codec's steps. */
  readonly plan: Plan;
  /** The TL type of a constructor; the result type of a method. */
  readonly type: string;
  readonly isMethod: boolean;
}

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
  /** The fields that are present only if that `#` has their bit. */
  readonly conditional: readonly Field[];
  readonly #rest: readonly Field[];
  readonly #after = new Map<number, Plan>();

  constructor(fields: readonly Field[]) {
    const index = fields.findIndex(({ type, flags }) => type.kind === "#" && !flags);
    const end = index < 0 ? fields.length : index;
    this.fields = fields.slice(0, end);
    this.flags = fields[end];
    this.#rest = fields.slice(end + 1);
    this.conditional = this.#rest.filter(({ flags }) => flags === this.flags);
  }

  /** Returns the plan for the fields after the `#`, if it has this value (32 bits). */
  after(value: number): Plan {
    let plan = this.#after.get(value);
    if (plan === undefined) {
      plan = new Plan(
        this.#rest.filter(({ flags, mask }) => flags !== this.flags || (value & mask) !== 0),
      );
      if (this.#after.size === MAX_CACHED) this.#after.clear();
      this.#after.set(value, plan);
    }
    return plan;
  }
}
