/**
 * Floor 8, updates: the message boxes. Packets and time in; updates in order, requests for missed
 * ones, and the state to keep out.
 */
export { ConsumedState } from "./consumed_state.ts";
export type { Delivery, DeliveryMark, GapReason, GapUpdate } from "./delivery.ts";
export { NO_ACCESS_HASH, type WantFailure } from "./failure.ts";
export { MessageBoxes, type MessageBoxesOptions, type ReceiveOptions } from "./message_boxes.ts";
export type { Self } from "./packet.ts";
export {
  type ChannelPosition,
  formatUpdatesState,
  type ParsedUpdatesState,
  parseUpdatesState,
  type StateChange,
  type UpdatesState,
} from "./updates_state.ts";
export type {
  Want,
  WantedChannelDifference,
  WantedDifference,
  WantedState,
  WantedWait,
} from "./want.ts";
