/**
 * The checks of msg_id and seq_no against Telegram: numbers of packets that others received from
 * it.
 */
import { type Message, timeOfMsgId } from "../../src/mtproto/mod.ts";
import type { TlObject } from "../../src/tl/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import { readVectors } from "../helpers/vectors.ts";
import { clientSession, containerByHand, encode, sealByHand } from "../helpers/hand_sealed.ts";

/** A packet: a container or a single message. */
interface Packet {
  readonly msgId: string;
  readonly seqNo: number;
  readonly parts: readonly {
    readonly msgId: string;
    readonly seqNo: number;
    readonly name: string;
  }[];
}

/** Objects with these constructors and no meaningful fields. */
const OBJECTS: Readonly<Record<string, TlObject>> = {
  new_session_created: { _: "new_session_created", firstMsgId: 4n, uniqueId: 1n, serverSalt: 2n },
  rpc_result: { _: "rpc_result", reqMsgId: 4n, result: { _: "rpc_answer_unknown" } },
  msgs_ack: { _: "msgs_ack", msgIds: [4n] },
};

for (const { msgId, seqNo, parts } of readVectors<Packet>("telegram_numbers.json")) {
  const names = parts.map(({ name }) => name).join(" and ");
  Deno.test(`ClientSession.receive() takes ${names} with Telegram's numbers, ${seqNo}`, () => {
    const session = clientSession();
    const messages: Message[] = parts.map((part) => ({
      msgId: BigInt(part.msgId),
      seqNo: part.seqNo,
      body: encode(OBJECTS[part.name]),
    }));
    const isAlone = parts[0].msgId === msgId;
    const packet = sealByHand({
      sessionId: session.sessionId,
      msgId: BigInt(msgId),
      seqNo,
      body: isAlone ? messages[0].body : containerByHand(messages),
    });
    session.receive(packet, timeOfMsgId(BigInt(msgId)));
    assertEquals(session.ackCount, messages.filter(({ seqNo }) => seqNo % 2 === 1).length);
  });
}
