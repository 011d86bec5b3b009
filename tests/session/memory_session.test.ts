import { inspect } from "node:util";
import { bytesToHex, encodeBase64 } from "../../src/crypto/mod.ts";
import { findDc, MemorySession, type Session, StringSession } from "../../src/session/mod.ts";
import { assertEquals, assertNotEquals, assertThrows } from "../helpers/assert.ts";

const KEY = Uint8Array.from({ length: 256 }, (_, i) => (i * 7 + 1) % 256);

Deno.test("MemorySession begins with home data center 2 and no others", () => {
  assertEquals({ ...new MemorySession().state }, { dcId: 2, dcs: [] });
});

Deno.test("MemorySession.setDC() makes a data center the home and keeps its key", () => {
  const session = new MemorySession();
  session.setDC(4, "149.154.167.91", 443);
  session.setAuthKey(KEY);
  session.setDC(2, "149.154.167.50", 443);
  assertEquals(session.state.dcId, 2);
  session.setDC(4, "149.154.167.92", 80);
  assertEquals(session.state.dcId, 4);
  const home = findDc(session.state);
  assertEquals({ ...home }, { id: 4, host: "149.154.167.92", port: 80, authKey: KEY });
  assertEquals(session.state.dcs.length, 2);
});

Deno.test("MemorySession.setAuthKey() copies the key, for any data center", () => {
  const session = new MemorySession();
  session.setDC(1, "127.0.0.1", 1);
  session.setDC(2, "127.0.0.1", 2);
  const key = KEY.slice();
  session.setAuthKey(key, 1);
  key.fill(0);
  assertEquals(findDc(session.state, 1)?.authKey, KEY);
  assertEquals(findDc(session.state)?.authKey, undefined);
});

Deno.test("MemorySession.setAuthKey() refuses a wrong length and an unknown DC", () => {
  const session = new MemorySession();
  assertThrows(() => session.setAuthKey(KEY), TypeError, "Call setDC(2, host, port) first");
  session.setDC(2, "127.0.0.1", 443);
  assertThrows(() => session.setAuthKey(KEY.subarray(1)), TypeError, "255 bytes, expected 256");
});

Deno.test("MemorySession copies the state that it is given", () => {
  const dcs = [{ id: 2, host: "127.0.0.1", port: 443 }];
  const session = new MemorySession({ dcs, user: { id: 7n, isBot: false } });
  session.setDC(2, "127.0.0.2", 443);
  session.setDC(3, "127.0.0.3", 443);
  assertEquals(dcs, [{ id: 2, host: "127.0.0.1", port: 443 }]);
});

Deno.test("A session can be made by overriding load() with asynchronous work", async () => {
  class Loaded extends MemorySession {
    override async load(): Promise<void> {
      await Promise.resolve();
      this.setDC(2, "149.154.167.50", 443);
      this.setAuthKey(KEY);
    }
  }
  const session: Session = new Loaded();
  await session.load();
  assertEquals(findDc(session.state)?.authKey, KEY);
});

Deno.test("MemorySession and its state show no key, also of an added data center", () => {
  const session = new MemorySession({ user: { id: 777n, isBot: true, username: "bot" } });
  session.setDC(2, "149.154.167.50", 443);
  session.setAuthKey(KEY);
  session.state.dcs.push({ id: 4, host: "127.0.0.1", port: 443, authKey: KEY });
  for (
    const one of [session, session.state, session.state.dcs, session.state.dcs[1], { session }]
  ) {
    for (const text of [Deno.inspect(one), inspect(one, { depth: 9 }), JSON.stringify(one)]) {
      assertEquals(text.includes("1, 8, 15"), false);
      assertEquals(/\b1,\s+8,\s+15/.test(text), false);
      assertEquals(text.includes("1,8,15"), false);
      assertEquals(text.includes(bytesToHex(KEY.subarray(0, 8))), false);
      assertEquals(text.includes(encodeBase64(KEY).slice(0, 8)), false);
    }
  }
  assertNotEquals(JSON.stringify(session).indexOf('"777"'), -1);
  assertEquals(`${session}`.includes("censored"), true);
});

Deno.test("MemorySession keeps the state of the updates for its user only", async () => {
  const session = new MemorySession();
  const { updates } = session;
  await updates?.save("of nobody");
  assertEquals(await updates?.load(), undefined);
  session.state.user = { id: 1n, isBot: false };
  assertEquals(await updates?.load(), undefined);
  await updates?.save("one");
  await updates?.save("two");
  session.state = { ...session.state, user: { id: 1n, isBot: false, username: "renamed" } };
  assertEquals(await updates?.load(), "two");
  session.state.user = { id: 2n, isBot: true };
  assertEquals(await updates?.load(), undefined);
  session.state.user = { id: 1n, isBot: false };
  assertEquals(await updates?.load(), undefined);
  await updates?.save("three");
  session.state.user = undefined;
  session.save(); // as after a sign-out
  session.state.user = { id: 1n, isBot: false };
  assertEquals(await updates?.load(), undefined);
});

Deno.test("StringSession has no place for the state of the updates", () => {
  assertEquals(new StringSession().updates, undefined);
});
