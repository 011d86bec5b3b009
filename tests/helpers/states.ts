// States for the tests of stores: whole, with every field, and such that a mix of two is noticed.
import { channelPeerId, findDc, type Peer, type SessionState } from "../../src/session/mod.ts";

function keyOf(n: number, dcId: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, i) => (n * 31 + dcId * 7 + i * 3 + (n >> 8)) & 0xff);
}

/** The state number `n`: every part of it depends on `n`. */
export function stateOf(n: number): SessionState {
  return {
    dcId: 1 + n % 5,
    dcs: [1, 2, 3, 4, 5].map((id) => ({
      id,
      host: `149.154.167.${n % 256}`,
      port: 443 + n % 1000,
      addresses: [
        { host: `149.154.167.${n % 251}`, port: 1 + n % 65_535 },
        { host: "2001:67c:4e8:f002::b", port: 443, mediaOnly: true, thisPortOnly: true },
        { host: `dc${n}.example`, port: 5222, tcpoOnly: true },
      ],
      addressesDate: 1_700_000_000 + n,
      authKey: keyOf(n, id),
      serverSalt: BigInt(n) * -4_611_686_018_427n,
      timeOffset: n * 125,
    })),
    user: { id: 777_000_000_000n + BigInt(n), isBot: n % 2 === 0, username: `user_${n}`, dcId: 2 },
    testMode: false,
    updates: { pts: n, qts: n, date: 1_700_000_000 + n, seq: n },
    futureAuthTokens: [keyOf(n, 9).subarray(0, 40)],
  };
}

/** The number of a state, if it is whole. */
export function numberOf(state: SessionState): number | undefined {
  const n = state.updates?.pts;
  if (n === undefined) return undefined;
  const same = JSON.stringify(plain(state)) === JSON.stringify(plain(stateOf(n)));
  return same && findDc(state)?.authKey !== undefined ? n : undefined;
}

/** The text number `n` of how far the updates were received: 2,000 channels, 40 kB. */
export function updatesOf(n: number): string {
  const channels = Array.from({ length: 2000 }, (_, i) => [1_000_000_000 + i, n + i]);
  return JSON.stringify({ pts: n, channels });
}

/** A state without what hides it when it is printed. */
export function plain(state: SessionState): unknown {
  const { dcId, dcs, user, testMode, updates, futureAuthTokens } = state;
  return {
    dcId,
    dcs: dcs.map((dc) => ({
      ...dc,
      authKey: dc.authKey && [...dc.authKey],
      serverSalt: String(dc.serverSalt),
    })),
    user: user && { ...user, id: String(user.id) },
    testMode,
    updates: updates && { ...updates },
    futureAuthTokens: futureAuthTokens?.map((token) => [...token]),
  };
}

/** One peer of each kind, at the edges of what they can hold. */
export const PEERS: readonly Peer[] = [
  {
    id: 777000n,
    kind: "user",
    accessHash: -9223372036854775808n,
    usernames: ["Telegram"],
    phone: "42777",
  },
  {
    id: 8_999_999_999n,
    kind: "bot",
    accessHash: 9223372036854775807n,
    usernames: ["one_bot", "Other_Bot"],
  },
  { id: -4_123n, kind: "chat", usernames: [] },
  { id: channelPeerId(1_234_567_890n), kind: "channel", accessHash: 1n, usernames: ["News"] },
  { id: 5n, kind: "user", accessHash: 0n, usernames: ["__proto__", "constructor"], phone: "0" },
];
