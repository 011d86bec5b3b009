/**
 * Mutants: the library with one rule taken out. The simulation must notice each of them, or it
 * proves nothing. A text to find occurs once in its file.
 */

/** A change of one place of the source. */
export interface Mutant {
  /** The rule that is taken out. */
  readonly without: string;
  /** The file, from the root of the project. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** All mutants. */
export const MUTANTS: readonly Mutant[] = [
  {
    without: "sending calls again in a new session of the server",
    file: "src/mtproto/outbox.ts",
    find: "if (isBefore) this.#calls.requeue(call);",
    replace: "",
  },
  {
    without: "sending calls again that the server lacks",
    file: "src/mtproto/message_state.ts",
    find: "outbox.resend(asked.filter((msgId, index) => !isReceived(msgId, index)));",
    replace: "",
  },
  {
    without: "acknowledgments",
    file: "src/mtproto/client_session.ts",
    find: "if (part.seqNo % 2 === 1) this.#outbox.acknowledge(part.msgId);",
    replace: "",
  },
  {
    without: "the memory of received messages",
    file: "src/mtproto/received_ids.ts",
    find: 'if (this.#ids[index] === msgId) return "seen";',
    replace: "",
  },
  {
    without: "the salt of bad_server_salt",
    file: "src/mtproto/client_session.ts",
    find: "this.#session.serverSalt = object.newServerSalt as bigint;",
    replace: "",
  },
  {
    without: "hanging up when a ping has no answer",
    file: "src/connection/link.ts",
    find: 'logger.debug("The connection does not answer");\n        return this.close();',
    replace: "return;",
  },
  {
    without: "asking for an answer that is announced",
    file: "src/mtproto/message_state.ts",
    find: 'else outbox.push({ _: "msg_resend_req", msgIds: [asLong(answerMsgId)] });',
    replace: "",
  },
  {
    without: "waiting longer each time before a connection is tried again",
    file: "src/connection/recovery.ts",
    find: "this.#retryDelay * 2 ** (failures - 1)",
    replace: "this.#retryDelay",
  },
  {
    without: "making a call again that Telegram failed to carry out",
    file: "src/connection/retries.ts",
    find: "if (delay === undefined || retries >= requestRetries) throw",
    replace: "throw",
  },
  {
    without: "saving the salt",
    file: "src/connection/dc_key.ts",
    find: "    this.#state = state;\n    this.#onChange(state);\n  }\n\n  /** Takes note of a call",
    replace: "    this.#state = state;\n  }\n\n  /** Takes note of a call",
  },
  {
    without: "asking for the calls in flight after a reconnection",
    file: "src/mtproto/client_session.ts",
    find: "this.#outbox.askAboutCalls();",
    replace: "",
  },
  {
    without: "ending the sleep before a retry with the client",
    file: "src/connection/dc_connection.ts",
    find: "noticingSleep(clock, delay, signal)",
    replace: "noticingSleep(clock, delay)",
  },
];
