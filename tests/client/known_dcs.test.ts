/**
 * Which data centers a client knows: whose word counts for their addresses, and when a key is
 * another one.
 */
import { type KnownAddresses, SessionDcBook } from "../../src/session/dc_book.ts";
import { ConnectionError } from "../../mod.ts";
import type { DataCenter } from "../../src/connection/mod.ts";
import type { Address } from "../../src/net/mod.ts";
import { AuthKey } from "../../src/mtproto/mod.ts";
import { tcpDial, webSocketDial } from "../../src/net/mod.ts";
import { findDc, MemorySession } from "../../src/session/mod.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assertEquals, assertRejects } from "../helpers/assert.ts";

const KEY = new Uint8Array(256).fill(7);
const OTHER_KEY = new Uint8Array(256).fill(8);
const dcAt = (host: string, id = 2): DataCenter => ({ id, host, port: 443 });
const nobody = (): Promise<never> => Promise.reject(new Error("nobody was to be asked"));

function knowing(session: MemorySession, settings: Partial<KnownAddresses>): SessionDcBook {
  return new SessionDcBook(session, { givenDcs: [], knownDcs: [], dial: tcpDial, ...settings });
}

Deno.test("SessionDcBook prefers the caller, then the session, then the defaults", async () => {
  const [given, stored, known] = [dcAt("127.0.0.1"), dcAt("127.0.0.2"), dcAt("127.0.0.3")];
  const find = async (
    dcs: DataCenter[],
    settings: Partial<KnownAddresses>,
  ): Promise<DataCenter> => {
    const session = new MemorySession({ dcId: 2, dcs });
    const found = await knowing(session, settings).find(2, nobody);
    assertEquals(findDc(session.state)?.host, found.host, "it is noted in the session");
    return found;
  };
  assertEquals(await find([stored], { givenDcs: [given], knownDcs: [known] }), given);
  assertEquals(await find([stored], { knownDcs: [known] }), stored);
  assertEquals(await find([], { knownDcs: [known] }), known);
  // A session of a browser has a name at which TCP finds nobody.
  const ofBrowser = dcAt("venus.web.telegram.org");
  assertEquals(await find([ofBrowser], { knownDcs: [known] }), known);
  const dial = webSocketDial();
  assertEquals(await find([ofBrowser], { knownDcs: [known], dial }), ofBrowser);
});

Deno.test("SessionDcBook keeps the key of a data center whose address has changed", async () => {
  const session = new MemorySession({ dcId: 2, dcs: [{ ...dcAt("127.0.0.2"), authKey: KEY }] });
  await knowing(session, { givenDcs: [dcAt("127.0.0.1")] }).find(2, nobody);
  assertEquals({ ...findDc(session.state) }, { ...dcAt("127.0.0.1"), authKey: KEY } as never);
});

Deno.test("SessionDcBook asks for unknown data centers, and wants IPv4 for calls", async () => {
  const option = (ipAddress: string, more: Partial<Api.dcOption> = {}): Api.dcOption => ({
    _: "dcOption",
    id: 2,
    ipAddress,
    port: 443,
    ...more,
  });
  const dcOptions = [
    option("10.0.0.1", { id: 3 }),
    option("::1", { ipv6: true }),
    option("10.0.0.2", { mediaOnly: true }),
    option("10.0.0.3", { cdn: true }),
    option("10.0.0.4", { tcpoOnly: true }),
    option("10.0.0.5", { secret: new Uint8Array(16) }),
    option("10.0.0.6"),
    option("10.0.0.7"),
  ];
  const asking = (count: number) => () =>
    Promise.resolve({ _: "config", dcOptions: dcOptions.slice(0, count) } as Api.config);
  const given = { givenDcs: [dcAt("127.0.0.1", 1)], knownDcs: [dcAt("127.0.0.3")] };
  const dcs = knowing(new MemorySession(), given);
  assertEquals(await dcs.find(2, asking(8)), dcAt("10.0.0.6"));
  const text = 'Cannot connect to data center "2": its address is unknown';
  for (const ask of [asking(6), () => Promise.resolve(undefined)]) {
    const found = knowing(new MemorySession(), given).find(2, ask);
    await assertRejects(() => found, ConnectionError, text);
  }
});

Deno.test("SessionDcBook.keep() stores the key, salt and time of a known DC", () => {
  const session = new MemorySession({ dcId: 2, dcs: [dcAt("127.0.0.1")] });
  let changes = 0;
  const known = { givenDcs: [], knownDcs: [], dial: tcpDial };
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
