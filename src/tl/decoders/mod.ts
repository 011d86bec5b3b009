/**
 * The decoders generated for the most frequent objects of the API. Loaded by what receives many of
 * them, updates and pages of a history; a bot that only sends never needs them.
 */
import { DECODERS } from "../generated/decoders.ts";
import { useDecoders } from "../schema.ts";
import { apiSchema } from "../schemas.ts";

/**
 * Makes the API's schema read the most frequent objects by generated code. They are those of its
 * layer: a schema that extends it reads all objects by plan.
 */
export function useGeneratedDecoders(): void {
  useDecoders(apiSchema(), DECODERS);
}
