/**
 * The API layers that the offline Telegram speaks: the schema of each, and answers fitted to old ones.
 *
 * @module
 */
export { canRead, fitAnswer } from "./answer.ts";
export {
  anyLayerSchema,
  layerSchema,
  NEWEST_LAYER,
  OLDEST_LAYER,
  spokenLayer,
} from "./layer_schema.ts";
