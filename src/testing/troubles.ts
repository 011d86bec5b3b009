/**
 * Troubles that a data center of the offline Telegram makes on demand. Telegram itself makes each
 * of them now and then. https://core.telegram.org/mtproto/service_messages_about_messages
 *
 * A trouble waits for the next occasion, and is made once. dc_server.ts makes those of connections,
 * server_session.ts those of messages. Salts, sessions and keys have methods of `DcServer`, and
 * errors of methods have `OfflineApi.failNext`.
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
  /** Withholds the next answers, and announces them by `msg_detailed_info`. */
  | { readonly kind: "answerWhenAsked" }
  /** Refuses the next message with `bad_msg_notification`, and does not carry it out. */
  | { readonly kind: "refuseMessage"; readonly errorCode: number };

/** The kind of a trouble. */
export type TroubleKind = Trouble["kind"];

/** The troubles that wait for their occasion. */
export class Troubles {
  readonly #waiting: Trouble[] = [];
  readonly #onMade: (trouble: Trouble) => void;

  /** `onMade` is called with each trouble when it is made. */
  constructor(onMade: (trouble: Trouble) => void = () => {}) {
    this.#onMade = onMade;
  }

  /** Adds a trouble. */
  add(trouble: Trouble): void {
    this.#waiting.push(trouble);
  }

  /** Forgets all troubles that were not made. */
  clear(): void {
    this.#waiting.length = 0;
  }

  /** Returns the oldest trouble of a kind, which the caller makes now; undefined without one. */
  take<Kind extends TroubleKind>(kind: Kind): Extract<Trouble, { kind: Kind }> | undefined {
    const index = this.#waiting.findIndex((trouble) => trouble.kind === kind);
    if (index < 0) return undefined;
    const [trouble] = this.#waiting.splice(index, 1);
    this.#onMade(trouble);
    return trouble as Extract<Trouble, { kind: Kind }>;
  }
}
