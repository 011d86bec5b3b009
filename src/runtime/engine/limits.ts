/** What is fast in which runtime, as measured in Deno 2.9, Node 24 and Bun 1.4. */

import { runtimeName } from "../process.ts";

/** Lengths, in bytes. */
export interface EngineLimits {
  /** The longest ASCII text that is read faster byte by byte than by a function of the runtime. */
  readonly shortText: number;
  /** The longest array that is made without a buffer of its own, which takes much longer. */
  readonly smallArray: number;
}

/** Returns the limits of this runtime. */
export function engineLimits(): EngineLimits {
  const [name] = runtimeName().split("/", 1);
  if (name === "Bun") return { shortText: 4, smallArray: 256 };
  return { shortText: 16, smallArray: name === "Deno" ? 0 : 64 };
}
