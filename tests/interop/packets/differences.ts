/**
 * The decisions in which other libraries differ from ours, by the names of the histories, each with
 * the reason: a fault of theirs, or a request that is not needed. All other decisions are equal.
 */
import type { Choices, Recorded } from "./stage.ts";
import { factOf, type NamedUpdate, printFact, sequenceOf } from "./player.ts";

/** A difference that is expected. */
export interface Difference {
  readonly history: string;
  readonly reason: string;
  /** Returns what the library does instead of `ours`. */
  readonly theirs: (ours: Choices) => Choices;
}

const GROUP = "1500000001";
const SECOND = "1500000002";
const THIRD = "1500000003";

/** The same updates, and other calls. */
function asking(...asked: readonly string[]): Difference["theirs"] {
  return ({ got }) => ({ got, asked });
}

/** The same calls, and other updates in one sequence. */
function getting(
  sequence: string,
  change: (ours: readonly string[]) => readonly string[],
): Difference["theirs"] {
  return ({ got, asked }) => ({ got: { ...got, [sequence]: change(got[sequence] ?? []) }, asked });
}

function both(one: Difference["theirs"], other: Difference["theirs"]): Difference["theirs"] {
  return (ours) => other(one(ours));
}

function without(...lost: readonly string[]): (ours: readonly string[]) => readonly string[] {
  return (ours) => ours.filter((one) => !lost.includes(one));
}

const isGap = (fact: string): boolean => fact.startsWith("gap");

/** Both libraries stop after `differenceTooLong`, and tell nobody. */
const COMMON_TOO_LONG: Difference = {
  history: "the common difference is too long",
  reason: "The lost updates are not told of. What came since, also in channels, is not asked for " +
    "before the next gap.",
  theirs: both(
    getting("common", (ours) => ours.filter((one) => !isGap(one))),
    asking("getDifference pts 2 qts 0", "getDifference pts 2 qts 0"),
  ),
};

/** Neither compares the pts in `updateChannelTooLong` with the one that it has. */
const NEEDLESS: Difference = {
  history: "every fifth packet is lost",
  reason: "A channel is asked about as a difference names it, though its pts is known to be the " +
    "last one.",
  theirs: asking(
    "getDifference pts 2 qts 0",
    "getDifference pts 4 qts 0",
    `getChannelDifference ${GROUP} pts 11`,
    "getDifference pts 10 qts 0",
    `getChannelDifference ${GROUP} pts 17`,
  ),
};

/** Those of mtcute. */
export const OF_MTCUTE: readonly Difference[] = [
  COMMON_TOO_LONG,
  NEEDLESS,
  {
    history: "an edit and a deletion are lost among messages",
    reason: "All messages of a difference come before its other updates, so that an edit comes " +
      "after messages that are newer than it.",
    theirs: getting("common", (ours) => [
      ...ours.filter((one) => one.startsWith("updateNew")),
      ...ours.filter((one) => !one.startsWith("updateNew")),
    ]),
  },
  {
    history: "the difference of a channel is too long",
    reason:
      "The newest messages come in the wrong order, the newest first, and the lost ones are " +
      "not told of.",
    theirs: getting(GROUP, (ours) => {
      const messages = ours.filter((one) => !isGap(one));
      return [...messages.slice(0, -1).reverse(), ...messages.slice(-1)];
    }),
  },
  {
    history: "a stranger writes in a group, and is described in part",
    reason: "The message itself is the way to its sender (inputPeerUserFromMessage), so that " +
      "nothing needs to be asked for. In large groups these calls are a storm (grammers#226).",
    theirs: asking("getDifference pts 2 qts 0", `getChannelDifference ${GROUP} pts 5`),
  },
  {
    history: "a packet with a seq is lost",
    reason: "The packet after the gap is handed on though the difference brings it again, and a " +
      "new channel is asked about from its last pts, so that all before it is lost.",
    theirs: ({ got: { common, [GROUP]: group } }) => ({
      got: {
        common,
        [GROUP]: group,
        none: [GROUP, THIRD, GROUP, SECOND, THIRD].map((id) => `updateChannel ${id}`),
      },
      asked: [
        "getDifference pts 2 qts 0",
        "getDifference pts 2 qts 0",
        ...[GROUP, SECOND, THIRD].map((id) => `getChannelDifference ${id} pts 3`),
      ],
    }),
  },
  {
    history: "the first event of a bot",
    reason: "The qts before it, 0, is taken for none: it is not noted, and the event comes twice.",
    theirs: both(
      getting("common", (ours) => [ours[0], ...ours]),
      asking("getDifference pts 2 qts 0", "getDifference pts 2 qts 0"),
    ),
  },
];

/** Those of Telethon. */
export const OF_TELETHON: readonly Difference[] = [
  COMMON_TOO_LONG,
  NEEDLESS,
  {
    history: "an edit and a deletion are lost among messages",
    reason: "All other updates of a difference are skipped that are of the box that it is for.",
    theirs: getting("common", without('updateEditMessage 2 "edited"', "updateDeleteMessages 3")),
  },
  {
    history: "events of a bot are lost",
    reason: "The same, as the events of a bot are other updates.",
    theirs: getting("common", without("updateBotStopped 4", "updateBotStopped 5")),
  },
  {
    history: "the first event of a bot",
    reason: "The same.",
    theirs: getting("common", without("updateBotStopped 2", "updateBotStopped 3")),
  },
  {
    history: "the session is lost, and nothing comes afterwards",
    reason: "A new session is not noticed. What was lost with the old one comes after the next " +
      "gap, or after 15 minutes.",
    theirs: both(
      getting("common", without('updateNewMessage 3 "two"')),
      asking("getDifference pts 2 qts 0"),
    ),
  },
  {
    history: "the difference of a channel is too long",
    reason: "The newest messages are thrown away, the lost ones are not told of, and the channel " +
      "is asked about again.",
    theirs: both(
      getting(GROUP, (ours) => ours.slice(-1)),
      asking(
        "getDifference pts 2 qts 0",
        `getChannelDifference ${GROUP} pts 5`,
        `getChannelDifference ${GROUP} pts 111`,
      ),
    ),
  },
  {
    history: "a packet with a seq is lost",
    reason: "A channel without a known pts is not asked about: its messages are lost. One with a " +
      "known pts is, though the pts is the last one.",
    theirs: ({ got: { [SECOND]: _, ...got } }) => ({
      got: { ...got, [THIRD]: ["updateNewChannelMessage 2"] },
      asked: [
        "getDifference pts 2 qts 0",
        "getDifference pts 2 qts 0",
        `getChannelDifference ${GROUP} pts 3`,
      ],
    }),
  },
];

/** The histories in which GramJS and teleproto lose, double or misplace updates. */
export const WITHOUT_BOXES: Readonly<Record<string, string>> = {
  "the client was away": "It is lost: catchUp() is an empty function.",
  "the client was away, and the difference comes in slices": "It is lost.",
  "every fifth packet is lost": "They are lost.",
  "one packet is lost, and the next one shows it": "It is lost.",
  "five packets are lost in a row": "They are lost.",
  "an edit and a deletion are lost among messages": "They are lost.",
  "two packets come in the wrong order": "They are handed on in the wrong order.",
  "two packets of a channel come in the wrong order": "They are handed on in the wrong order.",
  "a packet comes long after it was given up": "It is handed on after later ones.",
  "packets come twice": "They are handed on twice.",
  "the session is lost with three packets": "They are lost.",
  "the session is lost, and nothing comes afterwards": "It is lost.",
  "a packet of a channel is lost": "It is lost.",
  "a gap in a channel does not hold up the account": "The lost packet is not asked for.",
  "the difference of a channel comes in parts": "They are lost.",
  "the difference of a channel is too long": "They are lost, and not told of.",
  "the common difference is too long": "They are lost, and not told of.",
  "a channel comes whose pts is not known": "The lost packet is not asked for.",
  "a packet with a seq is lost": "It is lost.",
  "events of a bot are lost": "They are lost.",
  "the first event of a bot": "The lost one is not asked for.",
};

/** Returns what a library without boxes does: it hands on what comes, as it comes. */
export function asTheyCome(record: readonly Recorded[]): Choices {
  const got: Record<string, string[]> = {};
  for (const { packet } of record) {
    if (packet === undefined) continue;
    const short = { _: "updateNewMessage", message: packet as unknown as NamedUpdate };
    const updates = "updates" in packet
      ? packet.updates
      : "update" in packet
      ? [packet.update]
      : [short];
    for (const update of updates) {
      const fact = factOf(update as unknown as NamedUpdate);
      (got[sequenceOf(fact)] ??= []).push(printFact(fact));
    }
  }
  return { got, asked: [] };
}
