/** What the message boxes want from the driver: a request, or to be asked again later. */

/** Asks where Telegram stands. */
export interface WantedState {
  readonly kind: "getState";
  readonly request: { readonly _: "updates.getState" };
}

/** Asks for the missed updates of the account. */
export interface WantedDifference {
  readonly kind: "getDifference";
  readonly request: {
    readonly _: "updates.getDifference";
    readonly pts: number;
    readonly date: number;
    readonly qts: number;
  };
}

/** Asks for the missed updates of a channel. The driver adds its access hash. */
export interface WantedChannelDifference {
  readonly kind: "getChannelDifference";
  /** The bare id of the channel. */
  readonly channelId: bigint;
  readonly pts: number;
  readonly limit: number;
  /** Always false: true lets Telegram leave out updates that it thinks are not needed. */
  readonly force: boolean;
}

/** Nothing to do before a time. */
export interface WantedWait {
  readonly kind: "wait";
  /** In milliseconds of the clock. */
  readonly until: number;
}

/** A request that the boxes want, or a wait. */
export type Want = WantedState | WantedDifference | WantedChannelDifference | WantedWait;
