/**
 * Peers: the users, groups and channels that an account has seen, each with the access hash that
 * Telegram asks for in later calls. https://core.telegram.org/api/peers. Peers are a cache:
 * Telegram sends a lost one again.
 */

/** The kind of a peer: a person, a bot, a basic group, or a channel. A supergroup is a channel. */
export type PeerKind = "user" | "bot" | "chat" | "channel";

/** A user, a group or a channel, as far as the account knows it. */
export interface Peer {
  /**
   * The marked id, as other libraries and the Bot API use it: the id of a user as it is, that of a
   * basic group negative, that of a channel below -1,000,000,000,000. See
   * {@linkcode channelPeerId}.
   */
  readonly id: bigint;
  /** The kind of peer. */
  readonly kind: PeerKind;
  /** Proves to Telegram that this account has seen the peer. Basic groups have no access hash. */
  readonly accessHash?: bigint;
  /** The usernames without `@`. Telegram shows the first. */
  readonly usernames: readonly string[];
  /** The phone number without `+`, if the account may see it. */
  readonly phone?: string;
  /**
   * When Telegram last told of the peer, in Unix seconds. Names and numbers change their owners, so
   * the client asks about old ones again; and each time about those of a peer without a date.
   */
  readonly seenAt?: number;
}

/**
 * Where a session keeps peers. Usernames are passed without `@` and phone numbers without `+`;
 * usernames match in any case.
 */
export interface PeerStore {
  /**
   * Adds peers, and replaces those with a known id. A username or phone number that another peer
   * had is no longer its own.
   */
  put(peers: readonly Peer[]): void | Promise<void>;
  /** Finds a peer by its marked id. */
  byId(id: bigint): Peer | undefined | Promise<Peer | undefined>;
  /** Finds a peer by one of its usernames. */
  byUsername(username: string): Peer | undefined | Promise<Peer | undefined>;
  /** Finds a peer by its phone number. */
  byPhone(phone: string): Peer | undefined | Promise<Peer | undefined>;
  /**
   * Removes all peers. Called after signing out, as access hashes are valid for one account only.
   */
  clear(): void | Promise<void>;
  /** Returns all peers, for moving them to another store. */
  all(): Iterable<Peer> | AsyncIterable<Peer>;
}

const CHANNELS_BELOW = -1_000_000_000_000n;

/**
 * Turns the bare id of a channel or supergroup, as TL has it, into its marked id. The same function
 * turns the marked id back into the bare one.
 *
 * @param id a bare or a marked id
 * @returns the other of the two
 */
export function channelPeerId(id: bigint): bigint {
  return CHANNELS_BELOW - id;
}

/** The kind of a peer by its marked id, which does not tell bots from people. */
export function kindOfPeerId(id: bigint): "user" | "channel" | "chat" {
  return id > 0n ? "user" : id < CHANNELS_BELOW ? "channel" : "chat";
}

/** Returns a peer without the usernames and the phone number that another peer has taken over. */
export function withoutNames(peer: Peer, isTaken: (name: string) => boolean): Peer {
  const { usernames, phone } = peer;
  if (!namesOf(peer).some(isTaken)) return peer;
  const { phone: _, ...rest } = peer;
  return {
    ...rest,
    usernames: usernames.filter((name) => !isTaken(usernameKey(name))),
    ...(phone !== undefined && !isTaken(`+${phone}`) && { phone }),
  };
}

/** The keys that a peer is found by: its usernames, and its phone number after a `+`. */
export function namesOf({ usernames, phone }: Peer): string[] {
  const names = usernames.map(usernameKey);
  return phone === undefined ? names : [...names, `+${phone}`];
}

/** The form of a username that peers are looked up by. Telegram ignores the case of usernames. */
export function usernameKey(username: string): string {
  return username.toLowerCase();
}
