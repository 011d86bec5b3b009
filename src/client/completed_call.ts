/**
 * Calls that leave out parameters with a natural default: `hash`, `offsetId`, `randomId` and others
 * that tl/defaults/ lists. The code that completes them is loaded when the first such call is made.
 */
import { type Random, randomLong } from "../runtime/mod.ts";
import { TlError, type TlObject } from "../tl/mod.ts";

/**
 * Returns the request of a call that failed with this error, whole: the call was not sent, as its
 * request did not fit the schema. It is completed once, so that a `randomId` stays the same however
 * often the call is sent. Throws the error if it has another reason.
 */
export async function completed(
  request: TlObject,
  random: Random,
  error: unknown,
): Promise<TlObject> {
  if (!(error instanceof TlError)) throw error;
  const { withNaturalDefaults } = await import("../tl/defaults/mod.ts");
  const whole = withNaturalDefaults(request, () => randomLong(random));
  if (whole === undefined) throw error;
  return whole;
}
