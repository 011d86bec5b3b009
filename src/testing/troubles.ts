/**
 * Troubles that a data center of the offline Telegram makes on demand. Telegram itself makes each
 * of them now and then. https://core.telegram.org/mtproto/service_messages_about_messages
 *
 * A trouble waits for the next occasion, and is made once. dc_server.ts makes those of connections,
 * server_session.ts those of messages, and update_troubles.ts those of updates. Salts, sessions and
 * keys have methods of `DcServer`, and errors of methods have `OfflineApi.failNext`.
 */

/** A trouble, for {@linkcode DcServer.makeTrouble}. */
export type Trouble =
  /** Answers the next packet with a transport error, such as -404 or -429, and hangs up. */
  | { readonly kind: "transportError"; readonly code: number }
  /** Hangs up at the next packet, which is lost. */
  | { readonly kind: "hangUp" }
  /** Carries out the next packet, and hangs up before it answers. */
  | { readonly kind: "hangUpBeforeAnswer" }
  /** Answers the next packet so many milliseconds later, together with what comes meanwhile. */
  | { readonly kind: "answerLate"; readonly ms: number }
  /** Sends the answers to the next packet twice. */
  | { readonly kind: "answerTwice" }
  /** Sends each answer to the next packet in a packet of its own. */
  | { readonly kind: "splitAnswers" }
  /**
   * From the next packet on, holds back all that goes to its session for so many milliseconds:
   * answers and updates, which then leave together. Not over HTTP.
   */
  | { readonly kind: "mergeAnswers"; readonly ms: number }
  /** Withholds the next answers, and announces them by `msg_detailed_info`. */
  | { readonly kind: "answerWhenAsked" }
  /** Refuses the next message with `bad_msg_notification`, and does not carry it out. */
  | { readonly kind: "refuseMessage"; readonly errorCode: number }
  /** Refuses to bind the next temporary key, with ENCRYPTED_MESSAGE_INVALID. */
  | { readonly kind: "refuseBinding" }
  /** Loses the n-th packet of updates to a session; the next one by default. */
  | { readonly kind: "dropUpdate"; readonly nth?: number }
  /** Sends the n-th packet of updates so many milliseconds later. */
  | { readonly kind: "delayUpdate"; readonly ms: number; readonly nth?: number }
  /** Sends the n-th packet of updates after the one that follows it. */
  | { readonly kind: "reorderUpdate"; readonly nth?: number }
  /** Sends the n-th packet of updates twice, as two messages. */
  | { readonly kind: "duplicateUpdate"; readonly nth?: number }
  /** Loses the session instead of sending the n-th packet of updates to it. */
  | { readonly kind: "loseSession"; readonly nth?: number }
  /**
   * Does all of this to packets of updates, by these probabilities and with this seed, until
   * `endTroubles()`.
   */
  | {
    readonly kind: "badUpdates";
    readonly seed: number;
    readonly drop?: number;
    readonly delay?: number;
    readonly reorder?: number;
    readonly duplicate?: number;
    readonly loseSession?: number;
    /** How long a delay is at most, in milliseconds; 1,000 by default. */
    readonly ms?: number;
  };

/** The kind of a trouble. */
export type TroubleKind = Trouble["kind"];

/** The troubles that wait for their occasion. */
export class Troubles {
  readonly #waiting: { readonly trouble: Trouble; occasions: number }[] = [];
  readonly #onMade: (trouble: Trouble) => void;

  /** `onMade` is called with each trouble when it is made. */
  constructor(onMade: (trouble: Trouble) => void = () => {}) {
    this.#onMade = onMade;
  }

  /** Adds a trouble. */
  add(trouble: Trouble): void {
    const occasions = "nth" in trouble ? trouble.nth ?? 1 : 1;
    this.#waiting.push({ trouble, occasions });
  }

  /** Forgets all troubles that were not made. */
  clear(): void {
    this.#waiting.length = 0;
  }

  /**
   * Returns the oldest trouble of a kind whose occasion this is, which the caller makes now;
   * undefined without one. A lasting trouble is never taken: see {@linkcode lasting}.
   */
  take<Kind extends TroubleKind>(kind: Kind): Extract<Trouble, { kind: Kind }> | undefined {
    let taken: Trouble | undefined;
    for (const waiting of this.#waiting.filter(({ trouble }) => trouble.kind === kind)) {
      if (waiting.occasions > 1) waiting.occasions--;
      else taken ??= waiting.trouble;
    }
    if (taken === undefined) return undefined;
    this.#waiting.splice(this.#waiting.findIndex(({ trouble }) => trouble === taken), 1);
    this.#onMade(taken);
    return taken as Extract<Trouble, { kind: Kind }>;
  }

  /** Returns the newest trouble of a kind, which goes on. */
  lasting<Kind extends TroubleKind>(kind: Kind): Extract<Trouble, { kind: Kind }> | undefined {
    const found = this.#waiting.findLast(({ trouble }) => trouble.kind === kind);
    return found?.trouble as Extract<Trouble, { kind: Kind }> | undefined;
  }
}
