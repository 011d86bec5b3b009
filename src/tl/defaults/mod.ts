/**
 * Completes a call that leaves out parameters with a natural default. Loaded when a call does not
 * fit the schema as it is: a call with all of its parameters never needs it.
 */
import type { Field } from "../definition.ts";
import { definitionsOf } from "../schema.ts";
import { apiSchema } from "../schemas.ts";
import type { TlObject } from "../tl_object.ts";
import { type NaturalDefault, naturalDefault } from "./natural_default.ts";

/**
 * Returns the call with a value for each missing parameter that has a natural default; undefined if
 * there is none.
 *
 * @param request the call
 * @param randomLong returns a random 64-bit number, other than 0
 */
export function withNaturalDefaults(
  request: TlObject,
  randomLong: () => bigint,
): TlObject | undefined {
  const method = definitionsOf(apiSchema()).byName(request._);
  if (!method?.isMethod) return undefined;
  const values = request as Readonly<Record<string, unknown>>;
  const defaults = method.fields.flatMap((field) => {
    const natural = values[field.name] === undefined
      ? naturalDefault(method.name, field)
      : undefined;
    const value = natural && valueOf(natural, field, values, randomLong);
    return value === undefined ? [] : [[field.name, value]];
  });
  return defaults.length === 0 ? undefined : { ...request, ...Object.fromEntries(defaults) };
}

function valueOf(
  natural: NaturalDefault,
  { type }: Field,
  request: Readonly<Record<string, unknown>>,
  randomLong: () => bigint,
): unknown {
  if (natural === "nobody") return { _: "inputPeerEmpty" };
  if (natural === "zero") return type.kind === "long" ? 0n : 0;
  if (type.kind === "long") return randomLong();
  if (type.kind === "int") return Number(BigInt.asIntN(32, randomLong())) || 1;
  // As many as the call has messages: forwarding several has an id for each.
  return Array.isArray(request.id) ? request.id.map(() => randomLong()) : undefined;
}
