/**
 * Which data centers a client knows: whose word counts for their addresses, and when a key is
 * another one.
 */
import { type KnownAddresses, SessionDcBook } from "../../src/session/dc_book.ts";
import { ConnectionError } from "../../mod.ts";
import type { DataCenter } from "../../src/connection/mod.ts";
import { AuthKey } from "../../src/mtproto/mod.ts";
import { findDc, MemorySession } from "../../src/session/mod.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "../helpers/assert.ts";

const KEY = new Uint8Array(256).fill(7);
const OTHER_KEY = new Uint8Array(256).fill(8);
const dcAt = (host: string, id = 2): DataCenter => ({ id, host, port: 443 });
const nobody = (): Promise<never> => Promise.reject(new Error("nobody was to be asked"));

function knowing(session: MemorySession, settings: Partial<KnownAddresses>): SessionDcBook {
  return new SessionDcBook(session, { givenDcs: [], knownDcs: [], isTcp: true, ...settings });
}

/** The hosts of a data center, in the order in which a connection tries them. */
async function hostsOf(
  book: SessionDcBook,
  dcId = 2,
  ask: () => Promise<Api.config | undefined> = nobody,
): Promise<string[]> {
  const addresses = await book.find(dcId, ask);
  return addresses.candidates(0).map(({ host }) => host);
}

function option(ipAddress: string, more: Partial<Api.dcOption> = {}): Api.dcOption {
  return { _: "dcOption", id: 2, ipAddress, port: 443, ...more };
}

Deno.test("SessionDcBook tries the last good address, then the defaults", async () => {
  const [given, stored, known] = [dcAt("127.0.0.1"), dcAt("127.0.0.2"), dcAt("127.0.0.3")];
  const find = async (dcs: DataCenter[], settings: Partial<KnownAddresses>): Promise<string[]> => {
    const session = new MemorySession({ dcId: 2, dcs });
    const found = await hostsOf(knowing(session, settings));
    assertEquals(findDc(session.state)?.host, found[0], "it is noted in the session");
    return found;
  };
  assertEquals(await find([stored], { knownDcs: [known] }), [stored.host, known.host]);
  assertEquals(await find([], { knownDcs: [known] }), [known.host]);
  assertEquals(await find([stored], { givenDcs: [given], knownDcs: [known] }), [given.host]);
  // A session of a browser has a name at which TCP finds nobody.
  const ofBrowser = dcAt("venus.web.telegram.org");
  assertEquals(await find([ofBrowser], { knownDcs: [known] }), [known.host]);
  const byName = await find([ofBrowser], { knownDcs: [known], isTcp: false });
  assertEquals(byName, [ofBrowser.host, known.host]);
});

Deno.test("SessionDcBook takes all addresses of the caller, the last good one first", async () => {
  const givenDcs = [dcAt("127.0.0.1"), dcAt("127.0.0.2"), dcAt("127.0.0.9", 4)];
  const session = new MemorySession({ dcId: 2, dcs: [dcAt("127.0.0.2")] });
  const book = knowing(session, { givenDcs, knownDcs: [dcAt("127.0.0.3")] });
  assertEquals(await hostsOf(book), ["127.0.0.2", "127.0.0.1"]);
  book.learn([option("10.0.0.1")], 1);
  assertEquals(await hostsOf(book), ["127.0.0.2", "127.0.0.1"], "Telegram does not change them");
  assertEquals(findDc(session.state)?.addresses, undefined);
});

Deno.test("SessionDcBook keeps the key of a data center whose address has changed", async () => {
  const session = new MemorySession({ dcId: 2, dcs: [{ ...dcAt("127.0.0.2"), authKey: KEY }] });
  await hostsOf(knowing(session, { givenDcs: [dcAt("127.0.0.1")] }));
  assertEquals({ ...findDc(session.state) }, { ...dcAt("127.0.0.1"), authKey: KEY } as never);
});

Deno.test("SessionDcBook asks for unknown data centers, and takes usable addresses", async () => {
  const dcOptions = [
    option("10.0.0.1", { id: 3 }),
    option("10.0.0.2", { mediaOnly: true }),
    option("10.0.0.3", { cdn: true }),
    option("10.0.0.4", { tcpoOnly: true }),
    option("10.0.0.5", { secret: new Uint8Array(16) }),
    option("2001:0db8:0000:0000:0000:0000:0000:0001", { ipv6: true }),
    option("10.0.0.6"),
    option("10.0.0.7"),
  ];
  const asking = (count: number) => () =>
    Promise.resolve({ _: "config", dcOptions: dcOptions.slice(0, count), date: 7 } as Api.config);
  const given = { givenDcs: [dcAt("127.0.0.1", 1)], knownDcs: [dcAt("127.0.0.3")] };
  const asked = (settings: Partial<KnownAddresses>, count = 8): Promise<string[]> =>
    hostsOf(knowing(new MemorySession(), { ...given, ...settings }), 2, asking(count));
  assertEquals(await asked({}), ["10.0.0.6", "2001:db8::1", "10.0.0.7"]);
  assertEquals(await asked({ ipVersion: "prefer6" }), ["2001:db8::1", "10.0.0.6", "10.0.0.7"]);
  assertEquals(await asked({ ipVersion: "only6" }), ["2001:db8::1"]);
  assertEquals(await asked({ isObfuscated: true, ipVersion: "only4" }), [
    "10.0.0.4",
    "10.0.0.6",
    "10.0.0.7",
  ]);
  assertEquals(await asked({}, 6), ["2001:db8::1"], "a network with IPv6 only works");
  const text = 'Cannot connect to data center "2": its address is unknown';
  await assertRejects(() => asked({}, 5), ConnectionError, text);
  const silent = knowing(new MemorySession(), given);
  const found = silent.find(2, () => Promise.resolve(undefined));
  await assertRejects(() => found, ConnectionError, text);
});

Deno.test("SessionDcBook names the option that no address fits", async () => {
  const settings: Partial<KnownAddresses> = { givenDcs: [dcAt("127.0.0.1")], ipVersion: "only6" };
  const found = knowing(new MemorySession(), settings).find(2, () => Promise.resolve(undefined));
  await assertRejects(() => found, ConnectionError, 'fits ipVersion "only6"');
});

Deno.test("SessionDcBook.learn() keeps the addresses of every DC with their date", async () => {
  const session = new MemorySession({ dcId: 2, dcs: [{ ...dcAt("127.0.0.2"), authKey: KEY }] });
  let changes = 0;
  const known = { givenDcs: [], knownDcs: [dcAt("127.0.0.3")], isTcp: true };
  const book = new SessionDcBook(session, known, () => changes++);
  book.learn([
    option("10.0.0.1"),
    option("10.0.0.2", { mediaOnly: true }),
    option("10.0.0.3", { thisPortOnly: true }),
    option("10.0.0.4", { id: 4 }),
  ], 1_700_000_000);
  assertEquals([changes, book.learnedAt], [1, 1_700_000_000]);
  assertEquals(await hostsOf(book), ["127.0.0.2", "10.0.0.1", "10.0.0.3", "127.0.0.3"]);
  assertEquals(await hostsOf(book, 4), ["10.0.0.4"]);
  const { authKey, addresses } = findDc(session.state) ?? {};
  assertEquals([authKey, addresses?.[1]], [KEY, {
    host: "10.0.0.2",
    port: 443,
    mediaOnly: true,
  }]);
  book.learn([option("10.0.0.5", { id: 4 })], 1_700_000_100);
  assertEquals(await hostsOf(book, 4), ["10.0.0.4", "10.0.0.5"], "the last good one stays");
  assertEquals(book.learnedAt, 1_700_000_000, "DC 2 was not named");
});

Deno.test("SessionDcBook.learn() limits what a server can make it keep", () => {
  const session = new MemorySession();
  const book = knowing(session, {});
  const many = (count: number, at: (index: number) => Api.dcOption): Api.dcOption[] =>
    Array.from({ length: count }, (_, index) => at(index));
  book.learn(many(1000, (index) => option(`10.0.${index >> 8}.${index & 255}`)), 1);
  assertEquals(findDc(session.state)?.addresses?.length, 32);
  book.learn(many(1000, (index) => option("10.0.0.1", { id: index + 1 })), 1);
  assertEquals(session.state.dcs.length, 32);
  const bad = [
    option("x".repeat(256)),
    option(""),
    option("a b"),
    option("10.0.0.1", { port: 0 }),
    option("10.0.0.1", { port: 65_536 }),
    option("10.0.0.1", { port: -1 }),
  ];
  book.learn(bad, 2);
  assertEquals(book.learnedAt, 1, "none of them is an address");
});

Deno.test("SessionDcBook notes the address that worked, and has it saved", async () => {
  const session = new MemorySession({ dcId: 2, dcs: [dcAt("127.0.0.2")] });
  let changes = 0;
  const known = { givenDcs: [], knownDcs: [dcAt("127.0.0.3")], isTcp: true };
  const book = new SessionDcBook(session, known, () => changes++);
  const addresses = await book.find(2, nobody);
  const [first, second] = addresses.candidates(0);
  addresses.worked(first);
  assertEquals([findDc(session.state)?.host, changes], ["127.0.0.2", 0]);
  addresses.worked(second);
  assertEquals([findDc(session.state)?.host, changes], ["127.0.0.3", 1]);
  assertEquals(await hostsOf(book), ["127.0.0.3"]);
});

Deno.test("SessionDcBook.keep() stores the key, salt and time of a known DC", () => {
  const session = new MemorySession({ dcId: 2, dcs: [dcAt("127.0.0.1")] });
  let changes = 0;
  const known = { givenDcs: [], knownDcs: [], isTcp: true };
  const dcs = new SessionDcBook(session, known, () => changes++);
  assertEquals(dcs.keyState(2), undefined);
  for (const [key, serverSalt] of [[KEY, 1n], [KEY, 2n], [OTHER_KEY, 3n]] as const) {
    dcs.keep(2, { authKey: new AuthKey(key), serverSalt, timeOffset: 1500 });
  }
  const state = dcs.keyState(2);
  assertEquals([state?.serverSalt, state?.timeOffset, changes], [3n, 1500, 3]);
  assertEquals(findDc(session.state)?.timeOffset, 1500);
  assertEquals(state?.authKey.bytes, OTHER_KEY);
  dcs.keep(4, { authKey: new AuthKey(KEY), serverSalt: 1n, timeOffset: 0 });
  assertEquals([dcs.keyState(4), changes], [undefined, 3], "the session has forgotten DC 4");
});

Deno.test("SessionDcBook returns a key with its doubts while the session has it", async () => {
  const session = new MemorySession({ dcId: 2, dcs: [{ ...dcAt("127.0.0.1"), authKey: KEY }] });
  let changes = 0;
  const book = new SessionDcBook(session, { givenDcs: [], knownDcs: [] }, () => changes++);
  const key = book.keyOf(2);
  assert(key.state !== undefined);
  key.doubt(key.state.authKey);
  assertStrictEquals(book.keyOf(2), key);
  const made = { authKey: new AuthKey(OTHER_KEY), serverSalt: 2n, timeOffset: 0 };
  assertEquals(await key.obtain(() => Promise.resolve(made), () => 0), made, "it is doubted");
  assertEquals([book.keyOf(2) === key, findDc(session.state)?.authKey], [true, OTHER_KEY]);
  Object.assign(session.state.dcs[0], { serverSalt: 3n });
  assertEquals([book.keyOf(2).state?.serverSalt, changes], [3n, 2], "as another program left it");
  Object.assign(session.state.dcs[0], { authKey: KEY });
  assert(book.keyOf(2) !== key, "the session was replaced");
  book.forgetKeys();
  assertEquals(book.keyOf(2).state, undefined);
});

Deno.test("A key that is asked for while it is made is the one that is made", async () => {
  const book = knowing(new MemorySession({ dcId: 2, dcs: [dcAt("127.0.0.1")] }), {});
  const key = book.keyOf(2);
  const made = { authKey: new AuthKey(KEY), serverSalt: 1n, timeOffset: 0 };
  const making = key.obtain(() => Promise.resolve(made), () => 0);
  assertStrictEquals(book.keyOf(2), key);
  await making;
  assertStrictEquals(book.keyOf(2), key);
});
