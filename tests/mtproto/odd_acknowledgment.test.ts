/**
 * A rule for one direction only: a client may send `msgs_ack` with an odd seq_no.
 * https://core.telegram.org/mtproto/description#message-sequence-number-msg-seqno
 */

import { AuthKey, EncryptedSession, type Message, SecurityError } from "../../src/mtproto/mod.ts";
import { mtprotoSchema } from "../../src/tl/mod.ts";
import type { Side } from "../../src/crypto/mod.ts";
import { assertEquals, assertThrows } from "../helpers/assert.ts";

const NOW = 1_750_000_000_000;

function session(role: Side): EncryptedSession {
  const authKey = new AuthKey(new Uint8Array(256).fill(7));
  return new EncryptedSession({
    authKey,
    role,
    random: (length) => new Uint8Array(length),
    sessionId: 1n,
  });
}

/** Sends a content-related acknowledgment from `role` to the other side. */
function receiveOddAcknowledgment(role: Side): readonly Message[] {
  const [sender, receiver] = [session(role), session(role === "client" ? "server" : "client")];
  const body = mtprotoSchema().encode({ _: "msgs_ack", msgIds: [5n] });
  const kind = role === "server" ? "response" : undefined;
  const message = sender.compose(body, { now: NOW, contentRelated: true, kind });
  return receiver.examine(receiver.open(sender.seal(message)), NOW).messages;
}

Deno.test("examine() of a client refuses an acknowledgment with an odd seq_no", () => {
  assertThrows(() => receiveOddAcknowledgment("server"), SecurityError, "odd");
});

Deno.test("examine() of a server takes an acknowledgment with an odd seq_no", () => {
  assertEquals(receiveOddAcknowledgment("client").map(({ seqNo }) => seqNo), [1]);
});
