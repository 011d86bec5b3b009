/**
 * What happens to temporary keys: Telegram forgets them, loses their binding, refuses to bind, or
 * the clock is wrong. Only the temporary key is given up, and no call goes out without one.
 */
import { ConnectionError, MemorySession, type MethodCall, RpcError } from "../../../mod.ts";
import { bytesToHex } from "../../../src/crypto/mod.ts";
import { AuthKey } from "../../../src/mtproto/mod.ts";
import { assert, assertEquals, assertRejects } from "../../helpers/assert.ts";
import { BOT_TOKEN, DAY, HOUR, MINUTE, SecretWorld, type WorldOptions } from "./secret_world.ts";

const SELF: MethodCall<"users.getUsers"> = {
  _: "users.getUsers",
  id: [{ _: "inputUserSelf" }],
};

/** A world with a bot that is signed in. */
async function signedIn(options: WorldOptions = {}): Promise<SecretWorld> {
  const world = new SecretWorld(options);
  await world.run(world.client.botSignIn(BOT_TOKEN));
  return world;
}

/** Throws if a permanent key was on the line, of those that the session has or had. */
function demandSecrecy(world: SecretWorld, ...keys: Uint8Array[]): void {
  for (const key of [world.permanentKey(), ...keys]) {
    assert(!world.keyIds.includes(new AuthKey(key).idHex), "a permanent key is on the line");
  }
}

/** Counts the calls of a method that the servers carry out. */
function countCalls({ telegram: { api } }: SecretWorld, method: string): () => number {
  let count = 0;
  const handle = api.handle.bind(api);
  api.handle = (request, caller) => {
    if (request._ === method) count++;
    return handle(request, caller);
  };
  return () => count;
}

Deno.test("A temporary key that Telegram has forgotten is replaced, and no other", async () => {
  await using world = await signedIn();
  const permanent = bytesToHex(world.permanentKey());
  for (let i = 2; i < 5; i++) {
    world.telegram.dc(2).forgetTemporaryKeys();
    assertEquals((await world.run(world.client.getMe()))?.id, 777n);
    assertEquals(world.keyIds.length, i);
  }
  assertEquals(bytesToHex(world.permanentKey()), permanent);
  demandSecrecy(world);
});

Deno.test("A key that is not bound any more is replaced, and its calls are made again", async () => {
  await using world = await signedIn();
  const permanent = bytesToHex(world.permanentKey());
  const calls = countCalls(world, "users.getUsers");
  world.telegram.dc(2).unbindTemporaryKeys();
  const results = await world.run(
    Promise.all([1, 2, 3].map(() => world.client.invoke(SELF))),
  );
  assertEquals(results.map(([user]) => user.id), [777n, 777n, 777n]);
  assertEquals([calls(), world.keyIds.length], [3, 2]);
  assertEquals(bytesToHex(world.permanentKey()), permanent);
  demandSecrecy(world);
});

Deno.test("A call that every key is blamed for fails in the end", async () => {
  await using world = await signedIn();
  const { api } = world.telegram;
  for (let i = 0; i < 9; i++) {
    api.failNext("users.getUsers", { code: 401, message: "AUTH_KEY_PERM_EMPTY" });
  }
  const error = await assertRejects(() => world.run(world.client.invoke(SELF)), RpcError);
  assert(error.is("AUTH_KEY_PERM_EMPTY"));
  assertEquals(world.keyIds.length, 4);
});

Deno.test("A user who is lost at another data center is looked for with another key once", async () => {
  await using world = await signedIn({ telegram: { dcs: [2, 4] } });
  const elsewhere = () => world.run(world.client.invoke(SELF, { dcId: 4 }));
  assertEquals((await elsewhere())[0].id, 777n);
  // One key for each data center: the first answer that nobody is signed in is believed.
  assertEquals(world.keyIds.length, 2);
  await world.pass(2 * MINUTE);
  const unregistered = { code: 401, message: "AUTH_KEY_UNREGISTERED" };
  const exports = countCalls(world, "auth.exportAuthorization");
  world.telegram.api.failNext("users.getUsers", unregistered);
  assertEquals((await elsewhere())[0].id, 777n);
  assertEquals([exports(), world.keyIds.length], [0, 3]);
  await world.pass(2 * MINUTE);
  world.telegram.api.failNext("users.getUsers", unregistered);
  world.telegram.api.failNext("users.getUsers", unregistered);
  assertEquals((await elsewhere())[0].id, 777n);
  assertEquals([exports(), world.keyIds.length], [1, 4], "the second answer is believed");
  demandSecrecy(world, world.permanentKey(4));
});

Deno.test("At the home, nobody who is not signed in is looked for with another key", async () => {
  await using world = await signedIn();
  await world.pass(2 * MINUTE);
  world.telegram.api.failNext("users.getUsers", { code: 401, message: "AUTH_KEY_UNREGISTERED" });
  await assertRejects(() => world.run(world.client.invoke(SELF)), RpcError);
  assertEquals(world.keyIds.length, 1);
});

for (const ahead of [-DAY, DAY, -400 * DAY]) {
  Deno.test(`A clock that is ${ahead / DAY} days ahead changes nothing`, async () => {
    await using world = await signedIn({ ahead, client: { keepConnected: true } });
    assertEquals(await world.roundTrips(() => world.client.getMe()), 1);
    await world.pause(22 * HOUR);
    assert(await world.pass(DAY, () => world.keyIds.length === 2), "it is not renewed");
    assert(world.time.now > 22.8 * HOUR && world.time.now < 23.1 * HOUR);
    // A program that starts with that session.
    await world.run(world.client.disconnect());
    world.open(new MemorySession(world.client.session.state));
    assertEquals(await world.roundTrips(() => world.client.getMe()), 5);
    assertEquals(world.log.filter((line) => /refus|Cannot/.test(line)), []);
    demandSecrecy(world);
  });
}

Deno.test("A computer that sleeps for 23 hours comes back with a new key", async () => {
  for (const hours of [22.95, 23, 23.5, 26]) {
    await using world = await signedIn({ client: { keepConnected: true } });
    world.clock.suspend(hours * HOUR);
    await world.pass(hours * HOUR);
    assertEquals((await world.run(world.client.getMe()))?.id, 777n);
    await world.pass(20 * MINUTE);
    assertEquals(world.keyIds.length, 2, `after ${hours} hours`);
    demandSecrecy(world);
  }
});

Deno.test("A program that pauses for a month makes one new key", async () => {
  await using world = await signedIn();
  await world.pause(30 * DAY);
  assertEquals((await world.run(world.client.getMe()))?.id, 777n);
  assertEquals(world.keyIds.length, 2);
});

Deno.test("A binding whose answer is lost is made again, with another key", async () => {
  await using world = new SecretWorld();
  // The packet that the data center does not answer is the binding.
  world.telegram.dc(2).makeTrouble({ kind: "hangUpBeforeAnswer" });
  await world.run(world.client.botSignIn(BOT_TOKEN));
  assertEquals(world.keyIds.length, 2);
  demandSecrecy(world);
});

Deno.test("A binding whose message is refused is made anew for another msg_id", async () => {
  for (const errorCode of [16, 17, 32, 33]) {
    await using world = new SecretWorld();
    world.telegram.dc(2).makeTrouble({ kind: "refuseMessage", errorCode });
    await world.run(world.client.botSignIn(BOT_TOKEN));
    assertEquals(world.keyIds.length, 1, `after ${errorCode}`);
  }
  await using world = await signedIn({ client: { keepConnected: true } });
  await world.pause(22 * HOUR);
  world.telegram.dc(2).expireSalts();
  await world.pass(HOUR);
  assertEquals(world.keyIds.length, 2);
});

Deno.test("A binding that is refused a few times is made again after a while", async () => {
  await using world = new SecretWorld();
  for (let i = 0; i < 3; i++) world.telegram.dc(2).makeTrouble({ kind: "refuseBinding" });
  const begun = world.time.now;
  await world.run(world.client.botSignIn(BOT_TOKEN));
  const seconds = (world.time.now - begun) / 1000;
  assert(seconds > 5 && seconds < 12, `after ${seconds} s`);
  const told = world.log.filter((line) => /ENCRYPTED_MESSAGE_INVALID/.test(line));
  assertEquals(told.length, 3);
  demandSecrecy(world);
});

Deno.test("Calls fail with the reason when no key can be bound, and none goes out", async () => {
  await using world = await signedIn();
  await world.run(world.client.disconnect());
  world.open(new MemorySession(world.client.session.state));
  const permanent = new AuthKey(world.permanentKey()).idHex;
  const calls = countCalls(world, "users.getUsers");
  const dc = world.telegram.dc(2);
  for (let i = 0; i < 999; i++) dc.makeTrouble({ kind: "refuseBinding" });
  const error = await assertRejects(() => world.run(world.client.getMe()), ConnectionError);
  assert(/Cannot bind a temporary key.*ENCRYPTED_MESSAGE_INVALID/.test(error.message), `${error}`);
  // After a minute the permanent key is tried, with one call; Telegram knows it.
  const again = await assertRejects(() => world.run(world.client.getMe()), ConnectionError);
  assert(/It knows our permanent key/.test(again.message), `${again}`);
  assertEquals(calls(), 0);
  assertEquals(new AuthKey(world.permanentKey()).idHex, permanent, "the key stays");
  dc.endTroubles();
  assertEquals((await world.run(world.client.getMe()))?.id, 777n);
  const outside = world.packets.filter(({ keyId, from }) =>
    keyId === permanent && from === "client"
  );
  assert(outside.length > 0, "it was never tried");
});

Deno.test("A permanent key that Telegram does not know is given up after the double check", async () => {
  await using world = await signedIn();
  await world.run(world.client.disconnect());
  world.open(new MemorySession(world.client.session.state));
  const before = new AuthKey(world.permanentKey()).idHex;
  world.telegram.dc(2).forgetKeys();
  await assertRejects(() => world.run(world.client.getMe()), ConnectionError);
  assertEquals(new AuthKey(world.permanentKey()).idHex, before, "it stays for a minute");
  assertEquals(await world.run(world.client.getMe()), undefined, "nobody is signed in");
  assert(world.log.some((line) => /does not know our permanent key: a new one/.test(line)));
  assert(new AuthKey(world.permanentKey()).idHex !== before);
  await world.run(world.client.botSignIn(BOT_TOKEN));
});

Deno.test("A permanent key that has bound a key within a day is not doubted for an hour", async () => {
  await using world = await signedIn();
  const before = new AuthKey(world.permanentKey()).idHex;
  await world.pass(HOUR);
  world.telegram.dc(2).forgetTemporaryKeys();
  for (let i = 0; i < 999; i++) world.telegram.dc(2).makeTrouble({ kind: "refuseBinding" });
  for (let i = 0; i < 4; i++) {
    const error = await assertRejects(() => world.run(world.client.getMe()), ConnectionError);
    assert(/Cannot bind a temporary key/.test(error.message), `${error}`);
  }
  assertEquals(new AuthKey(world.permanentKey()).idHex, before);
  assert(!world.keyIds.includes(before), "it was tried");
  await world.pass(HOUR);
  await assertRejects(() => world.run(world.client.getMe()), ConnectionError);
  assert(world.keyIds.includes(before), "it was not tried");
  assertEquals(new AuthKey(world.permanentKey()).idHex, before, "Telegram knows it");
});

Deno.test("A log-out ends the temporary keys, and the client can sign in again", async () => {
  await using world = await signedIn();
  await world.run(world.client.signOut());
  await world.pass(MINUTE);
  await world.run(world.client.botSignIn(BOT_TOKEN));
  assertEquals((await world.run(world.client.getMe()))?.id, 777n);
  assertEquals(world.keyIds.length, 2);
  demandSecrecy(world);
});
