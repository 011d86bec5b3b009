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
    find: "if (isBefore) this.#calls.sendAnew(call, mayOvertake);",
    replace: "",
  },
  {
    without: "sending calls again that the server lacks",
    file: "src/mtproto/message_state.ts",
    find: "outbox.resend(lacks);",
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
    find: 'if (this.#ids.at(index) === msgId) return "seen";',
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
    find: "if (delay === undefined || retries >= requestRetries) {",
    replace: "{",
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
  {
    without: "the state at the end of a difference",
    file: "src/updates/account_box.ts",
    find: "return this.#set({ ...state, pts: common.position, qts: secondary.position });",
    replace: "return this.#set({ ...state, pts: undefined, qts: secondary.position });",
  },
  {
    without: "the answers to its own calls in the updates",
    file: "src/client/updates/own_messages.ts",
    find: "return UPDATES.includes((Object(answer) as { _: string })._);",
    replace: "return false;",
  },
  {
    without: "the order to keep the state after the consumption",
    file: "src/updates/consumed_state.ts",
    find: "if (this.#consumed === this.#boxes.issued) this.#begin(this.#boxes.state);",
    replace: "this.#begin(this.#boxes.state);",
  },
  {
    without: "the other parts of a channel's difference",
    file: "src/updates/channel_box.ts",
    find: "else if (final) this.#finish(now, hasMoved);",
    replace: "else if (final || hasMoved) this.#finish(now, hasMoved);",
  },
  {
    without: "the other parts of the account's difference",
    file: "src/updates/account_box.ts",
    find: "return this.#goOn(now, this.#apply(difference, difference.intermediateState, now));",
    replace:
      "return this.#finish(now, this.#apply(difference, difference.intermediateState, now));",
  },
  {
    without: "the difference after a new session of the server",
    file: "src/client/account.ts",
    find: 'onMissedUpdates: () => this.#tell({ _: "updatesTooLong" }),',
    replace: "onMissedUpdates: () => {},",
  },
  {
    without: "the news that a channel has more",
    file: "src/updates/message_boxes.ts",
    find: "this.#channels.use(update.channelId, (box) => box.tell(update.pts, now));",
    replace: "",
  },
  {
    without: "the news that a difference is too long",
    file: "src/updates/account_box.ts",
    find: 'this.#gap("pts", from, difference.pts, "too long");',
    replace: "",
  },
  {
    without: "the addresses that Telegram names",
    file: "src/session/dc_book.ts",
    find: "if (known !== undefined) Object.assign(known, { addresses, addressesDate: date });",
    replace: "if (known !== undefined) continue;",
  },
  {
    without: "the addresses that an update names",
    file: "src/connection/dc_refresh.ts",
    find: "const options = dcOptionsIn(updates as Api.Updates);",
    replace: "const options = undefined as readonly Api.DcOption[] | undefined;",
  },
  {
    without: "saving the addresses that Telegram names",
    file: "src/session/dc_book.ts",
    find: "if (learned.length > 0) this.#onChange();",
    replace: "",
  },
  {
    without: "another attempt to load the state of the updates",
    file: "src/client/updates/kept_state.ts",
    find: "await clock.sleep(pause, signal);",
    replace: "return undefined;",
  },
  {
    without: "the state of the updates while a program is slow",
    file: "src/client/updates/driver.ts",
    find: "if (!signal.aborted) this.#saveSoon();",
    replace: "",
  },
  {
    without: "the place of the state of the updates in its store",
    file: "src/client/updates/receiver.ts",
    find: "const place = (): UpdatesPlace => host.session.updates ?? memory;",
    replace: "const place = (): UpdatesPlace => memory;",
  },
  {
    without: "the end of a temporary key that Telegram has forgotten",
    file: "src/connection/forward_secrecy/key_slot.ts",
    find: "if (this.#state?.authKey === authKey) this.#set(undefined);",
    replace: "",
  },
  {
    without: "temporary keys, though they were asked for",
    file: "src/connection/dc_pool.ts",
    find: "const key = temporaryKeys === undefined",
    replace: "const key = true",
  },
  {
    without: "making a call again whose key is to blame",
    file: "src/connection/dc_connection.ts",
    find: "if (key.takesBlame?.(event, this.#session.current, invocations)) return",
    replace: "if (false) return",
  },
];
