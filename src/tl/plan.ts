// Which fields of a definition are there, once its flags are known: https://core.telegram.org/mtproto/TL-combinators#conditional-fields
// Most fields of large objects are conditional, and most of those absent. Which are there is worked out once for each value of a
// `#` and remembered, so that an object costs what it has and not what it could have.

import type { Field } from "./definition.ts";

/** How many values of one `#` are remembered: more than a page of messages has. Whoever sends others cannot fill the memory. */
const MAX_REMEMBERED = 64;

/** The next fields of an object: up to a `#`, or to the end. */
export class Plan {
  /** Those before the `#`: all of them are there. */
  readonly fields: readonly Field[];
  /** The `#` after them; undefined at the end. */
  readonly flags: Field | undefined;
  /** Those that are there only if that `#` says so. */
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

  /** What comes after the `#`, if it has this value (32 bits). */
  after(value: number): Plan {
    let plan = this.#after.get(value);
    if (plan === undefined) {
      plan = new Plan(
        this.#rest.filter(({ flags, mask }) => flags !== this.flags || (value & mask) !== 0),
      );
      if (this.#after.size === MAX_REMEMBERED) this.#after.clear();
      this.#after.set(value, plan);
    }
    return plan;
  }
}
