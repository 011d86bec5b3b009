/**
 * The accounts that an InputUser or InputPeer of a request means.
 */
import type { Api } from "../../../tl/mod.ts";
import { badRequest } from "../failure.ts";
import type { Account } from "../state/account.ts";
import type { SignedInCall } from "./method.ts";

/**
 * Returns an InputUser or InputPeer: Telegram accepts both where the schema has InputUser. The
 * schema of requests reads any object there; other objects are refused here.
 */
export function inputUser(value: unknown): Api.InputUser | Api.InputPeer {
  const input = value as Api.InputUser | Api.InputPeer | null;
  if (/^input(User|Peer)/.test(input?._ ?? "")) return input as Api.InputUser | Api.InputPeer;
  throw badRequest("INPUT_FETCH_ERROR");
}

/** Returns the account that a peer means; undefined for a wrong id or access hash. */
export function findUser(
  input: Api.InputUser | Api.InputPeer,
  { state, account: self }: SignedInCall,
): Account | undefined {
  switch (input._) {
    case "inputUserSelf":
    case "inputPeerSelf":
      return self;
    case "inputUser":
    case "inputPeerUser": {
      const account = state.directory.byId(input.userId);
      // A bot may leave the access hash out; a user must have received it before.
      const isKnown = account === self || account?.accessHash === input.accessHash ||
        (self.isBot && input.accessHash === 0n);
      return isKnown ? account : undefined;
    }
    default:
      return undefined;
  }
}

/** Returns the account that a peer means; refuses a wrong id or access hash. */
export function userOfPeer(input: Api.InputPeer, call: SignedInCall): Account {
  const account = findUser(input, call);
  if (account === undefined) throw badRequest("PEER_ID_INVALID");
  return account;
}
