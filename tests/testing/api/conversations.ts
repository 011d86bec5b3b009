/**
 * What the tests of messages share: two accounts, and the requests that read their messages.
 */
import type { OfflineApi } from "../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../src/tl/mod.ts";
import { ask, caller, PHONE, START } from "./fixture.ts";

export const SELF = { _: "inputPeerSelf" };
/** Ada and Charles. */
export const ACCOUNTS = {
  accounts: [
    { phone: PHONE, id: 11, username: "ada_l" },
    {
      phone: "+9996633333",
      id: 22,
      firstName: "Charles",
      lastName: "Babbage",
      username: "Charles_B",
    },
  ],
};
export const OTHER = caller({ authKeyId: "b2" });

/** Reads the messages with a peer, by default those to oneself. */
export function history(api: OfflineApi, range: Partial<TlObject> = {}, by = caller()): TlObject {
  const all = {
    offsetId: 0,
    offsetDate: 0,
    addOffset: 0,
    limit: 100,
    maxId: 0,
    minId: 0,
    hash: 0n,
  };
  return ask(api, { _: "messages.getHistory", peer: SELF, ...all, ...range }, by);
}

/** Returns the texts of the messages in an answer. */
export function texts(answer: TlObject): unknown[] {
  return (answer.messages as TlObject[]).map(({ message }) => message);
}

/** Returns the InputPeer of a username. */
export function peerOf(api: OfflineApi, username: string, by = caller()): TlObject {
  const { users } = ask(api, { _: "contacts.resolveUsername", username }, by);
  const [{ id, accessHash }] = users as TlObject[];
  return { _: "inputPeerUser", userId: id, accessHash };
}

/** Asks for the updates after a pts. */
export function difference(api: OfflineApi, pts: number, date = START, by = caller()): TlObject {
  return ask(api, { _: "updates.getDifference", pts, date, qts: 0 }, by);
}
