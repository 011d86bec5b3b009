/**
 * The API layers that the offline Telegram supports: their schemas, and answers for old layers.
 *
 * @module
 */
export { canRead, fitAnswer } from "./answer.ts";
export { withOlderButtons } from "./buttons.ts";
export {
  anyLayerSchema,
  layerSchema,
  NEWEST_LAYER,
  OLDEST_LAYER,
  spokenLayer,
} from "./layer_schema.ts";
