/**
 * Where an account stands in the sequences of its updates, and the text in which a session keeps
 * it. https://core.telegram.org/api/updates#update-handling
 */

/** Where the sequence of a channel stands. */
export interface ChannelPosition {
  /** The pts of the last update; 0 of a channel behind of which no update is known. */
  readonly pts: number;
  /** Whether the channel has updates that have not come yet: its difference must be fetched. */
  readonly behind: boolean;
  /** The id of the newest message that was delivered, if one was: a positive int. */
  readonly newest?: number;
}

/** Where all sequences of an account stand. */
export interface UpdatesState {
  /** The last event of private chats and basic groups. */
  readonly pts: number;
  /** The last event of secret chats and bots. */
  readonly qts: number;
  /** The date of the last updates, in Unix seconds. */
  readonly date: number;
  /** The number of the last packet. */
  readonly seq: number;
  /** The channels and supergroups, by their bare id. */
  readonly channels: ReadonlyMap<bigint, ChannelPosition>;
}

/** What changes in an {@linkcode UpdatesState}. A channel without a position is forgotten. */
export interface StateChange {
  pts?: number;
  qts?: number;
  date?: number;
  seq?: number;
  channels?: Map<bigint, ChannelPosition | undefined>;
}

/** Adds a change to an earlier one. */
export function mergeChange(into: StateChange, change: Readonly<StateChange>): void {
  const { pts, qts, date, seq, channels } = change;
  if (pts !== undefined) into.pts = pts;
  if (qts !== undefined) into.qts = qts;
  if (date !== undefined) into.date = date;
  if (seq !== undefined) into.seq = seq;
  if (channels === undefined) return;
  into.channels ??= new Map();
  for (const [id, position] of channels) into.channels.set(id, position);
}

/** The version of the text. */
const VERSION = 1;
const MAX_INT = 2 ** 31 - 1;
const MAX_ID = 2n ** 63n - 1n;
/** More channels than an account can be in. */
export const MAX_CHANNELS = 100_000;

/**
 * Writes a state as text.
 *
 * @param state The state.
 * @param self The id of the account, which the text belongs to.
 * @returns The text, which {@linkcode parseUpdatesState} reads.
 */
export function formatUpdatesState(state: UpdatesState, self: bigint): string {
  const { pts, qts, date, seq } = state;
  const channels = Array.from(
    state.channels,
    ([id, { pts, behind, newest }]) => [`${id}`, pts, behind ? 1 : 0, ...(newest ? [newest] : [])],
  );
  return JSON.stringify({ version: VERSION, self: `${self}`, pts, qts, date, seq, channels });
}

/** A state, or why its text is refused. */
export type ParsedUpdatesState = { readonly state: UpdatesState } | { readonly refused: string };

/**
 * Reads the text of a state. Refuses text that is damaged or of another account: the account then
 * starts from now.
 *
 * @param text The text.
 * @param self The id of the account.
 * @returns The state, or the reason of the refusal. Nothing of the text is in the reason.
 */
export function parseUpdatesState(text: string, self: bigint): ParsedUpdatesState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { refused: "it is not JSON" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { refused: "it is not an object" };
  }
  const fields = value as Readonly<Record<string, unknown>>;
  if (fields.version !== VERSION) return { refused: `its version is not ${VERSION}` };
  if (fields.self !== `${self}`) return { refused: "it belongs to another account" };
  const { pts, qts, date, seq } = fields;
  for (const [name, number] of Object.entries({ pts, qts, date, seq })) {
    if (!isPosition(number)) return { refused: `its ${name} is not a number from 0 to 2^31 - 1` };
  }
  const channels = parseChannels(fields.channels);
  if (channels === undefined) return { refused: "its list of channels is damaged" };
  const numbers = { pts, qts, date, seq } as Record<"pts" | "qts" | "date" | "seq", number>;
  return { state: { ...numbers, channels } };
}

/** Returns whether a value can be a pts, qts, seq or date: an int that is not negative. */
export function isPosition(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_INT;
}

function parseChannels(list: unknown): Map<bigint, ChannelPosition> | undefined {
  if (!Array.isArray(list) || list.length > MAX_CHANNELS) return undefined;
  const channels = new Map<bigint, ChannelPosition>();
  for (const entry of list) {
    if (!Array.isArray(entry) || entry.length < 3 || entry.length > 4) return undefined;
    const [text, pts, behind, newest = 0] = entry;
    if (typeof text !== "string" || !/^[1-9]\d{0,18}$/.test(text)) return undefined;
    const id = BigInt(text);
    if (id > MAX_ID || channels.has(id) || !isPosition(pts) || !isPosition(newest)) {
      return undefined;
    }
    if (behind !== 0 && behind !== 1) return undefined;
    channels.set(id, { pts, behind: behind === 1, ...(newest > 0 && { newest }) });
  }
  return channels;
}
