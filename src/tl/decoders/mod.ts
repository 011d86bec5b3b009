/**
 * The decoders generated for the most frequent objects of the API. Loaded by what receives many of
 * them, updates and pages of a history; a bot that only sends never needs them.
 */
import { engineLimits, nativeUtf8Decoder } from "../../runtime/engine/mod.ts";
import { useEngine } from "../cursor.ts";
import { DECODERS } from "../generated/decoders.ts";
import { useDecoders } from "../schema.ts";
import { apiSchema } from "../schemas.ts";

let isUsed = false;

/**
 * Makes the API's schema read the most frequent objects by generated code. They are those of its
 * layer: a schema that extends it reads all objects by plan. Also makes all schemas read texts by a
 * function of the runtime.
 */
export function useGeneratedDecoders(): void {
  if (isUsed) return;
  isUsed = true;
  useEngine(engineLimits(), nativeUtf8Decoder());
  useDecoders(apiSchema(), DECODERS);
}
