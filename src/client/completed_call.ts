/**
 * Calls that leave out parameters with a natural default: `hash`, `offsetId`, `randomId` and others
 * that tl/defaults/ lists. The code that completes them is loaded when the first such call is made.
 */
import { type Random, randomLong } from "../runtime/mod.ts";
import { TlError, type TlObject } from "../tl/mod.ts";

/**
 * Makes a call as it is. If it does not fit the schema, nothing was sent: it is completed, once, so
 * that a `randomId` stays the same however often the call is sent.
 */
export async function completing<T>(
  request: TlObject,
  random: Random,
  call: (request: TlObject) => Promise<T>,
): Promise<T> {
  try {
    return await call(request);
  } catch (error) {
    if (!(error instanceof TlError)) throw error;
    const { withNaturalDefaults } = await import("../tl/defaults/mod.ts");
    const whole = withNaturalDefaults(request, () => randomLong(random));
    if (whole === undefined) throw error;
    return await call(whole);
  }
}
