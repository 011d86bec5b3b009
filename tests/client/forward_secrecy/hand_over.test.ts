/**
 * The change from one temporary key to the next: no call is lost, none is made twice while Telegram
 * answers, and updates go on.
 */
import { assert, assertEquals } from "../../helpers/assert.ts";
import { HOUR, MINUTE, SECOND, SecretWorld, type WorldOptions } from "./secret_world.ts";

const PHONE = "+9996621111";
const CODE = "22222";
const OTHER = "+9996622222";

/** A world an hour before the renewal, with a person who is signed in. */
async function beforeRenewal(options: WorldOptions["client"] = {}): Promise<SecretWorld> {
  const world = new SecretWorld({
    client: { keepConnected: true, ...options },
    telegram: { accounts: [{ phone: PHONE, code: CODE, username: "ada_l" }], bots: [] },
  });
  await world.run(world.client.start({ phoneNumber: PHONE, phoneCode: CODE }));
  await world.pause(22.75 * HOUR);
  return world;
}

/** Counts how often each text is carried out; `hold` keeps the answers back. */
function watchSends({ telegram: { api } }: SecretWorld): {
  readonly counts: Map<string, number>;
  hold: Promise<void> | undefined;
} {
  const watch = { counts: new Map<string, number>(), hold: undefined as Promise<void> | undefined };
  const handle = api.handle.bind(api);
  api.handle = (request, caller) => {
    const answer = handle(request, caller);
    if (request._ !== "messages.sendMessage") return answer;
    const text = String(request.message);
    watch.counts.set(text, (watch.counts.get(text) ?? 0) + 1);
    const { hold } = watch;
    return hold === undefined ? answer : hold.then(() => answer);
  };
  return watch;
}

Deno.test("Calls all the time: each is carried out once, in order, over the renewal", async () => {
  await using world = await beforeRenewal();
  const watch = watchSends(world);
  const sendings: Promise<unknown>[] = [];
  for (let i = 0; world.keyIds.length < 2 || world.connections > 1; i++) {
    sendings.push(world.client.sendMessage("me", `message ${i}`));
    // While the key is changed, a call is under way at any moment.
    await world.pass(world.connections > 1 ? 37 : 5 * SECOND);
    assert(i < 5000, "it is not renewed");
  }
  await world.run(Promise.all(sendings));
  assertEquals([...watch.counts.keys()], sendings.map((_, i) => `message ${i}`));
  assertEquals(new Set(watch.counts.values()), new Set([1]));
});

Deno.test("A call that takes minutes delays the change by a minute, and no other call", async () => {
  await using world = await beforeRenewal();
  const watch = watchSends(world);
  const held = Promise.withResolvers<void>();
  assert(await world.pass(HOUR, () => world.connections === 2), "it is not renewed");
  watch.hold = held.promise;
  const slow = world.client.sendMessage("me", "slow");
  await world.pass(SECOND);
  watch.hold = undefined;
  for (let second = 0; second < 50; second++) {
    const begun = world.time.now;
    await world.run(world.client.getMe());
    assertEquals(world.time.now - begun, 100);
    await world.pass(SECOND - 100);
  }
  held.resolve();
  await world.run(slow);
  await world.pass(SECOND);
  assertEquals(world.connections, 1);
  assertEquals(new Set(watch.counts.values()), new Set([1]));
});

Deno.test("A call without an answer for a minute and a half moves over to the new key", async () => {
  await using world = await beforeRenewal();
  const watch = watchSends(world);
  assert(await world.pass(HOUR, () => world.connections === 2), "it is not renewed");
  watch.hold = new Promise(() => {}); // the old session never answers it
  const stuck = world.client.sendMessage("me", "stuck");
  await world.pass(SECOND);
  watch.hold = undefined;
  await world.pass(70 * SECOND);
  // Calls that are made now wait for the new key.
  const waiting = [1, 2, 3].map((n) => world.client.sendMessage("me", `waiting ${n}`));
  await world.run(Promise.all([stuck, ...waiting]));
  assertEquals(world.connections, 1);
  assert(world.time.now > 0);
  assertEquals(watch.counts.get("stuck"), 2, "it was made again, with the same random_id");
  for (const n of [1, 2, 3]) assertEquals(watch.counts.get(`waiting ${n}`), 1);
  const { messages } = await world.run(world.client.invoke({
    _: "messages.getHistory",
    peer: { _: "inputPeerSelf" },
    limit: 100,
  })) as { messages: readonly { message: string }[] };
  assertEquals(messages.filter(({ message }) => message === "stuck").length, 1);
});

Deno.test("A renewal without a network is tried again, and the old key goes on", async () => {
  await using world = await beforeRenewal();
  await world.run(world.client.getMe());
  world.isDown = true; // only new connections fail
  await world.pass(20 * MINUTE);
  assertEquals(world.keyIds.length, 1);
  assertEquals(await world.roundTrips(() => world.client.getMe()), 1);
  const tries = world.log.filter((line) => /Cannot renew the temporary key/.test(line)).length;
  assert(tries > 8 && tries < 40, `${tries} tries`);
  world.isDown = false;
  await world.pass(2 * MINUTE);
  assertEquals([world.keyIds.length, world.connections], [2, 1]);
});

Deno.test("Updates go on over the renewals of a day and a half", async () => {
  const heard: string[] = [];
  await using world = await beforeRenewal({
    onUpdates: (updates) => {
      const all = "updates" in updates ? updates.updates : [updates];
      for (const update of all) {
        if (update._ === "updateNewMessage" && update.message._ === "message") {
          heard.push(update.message.message);
        } else if (update._ === "updateShortMessage") heard.push(update.message);
        else if (update._ === "updatesTooLong") heard.push("missed");
      }
    },
  });
  const bob = world.telegram.person(OTHER, { firstName: "Bob" });
  await world.run(world.client.getMe());
  for (let i = 0; i < 40; i++) {
    await bob.send("@ada_l", `text ${i}`);
    await world.pass(MINUTE);
  }
  const texts = heard.filter((what) => what.startsWith("text"));
  assertEquals(new Set(texts).size, texts.length, "one came twice");
  const missing = Array.from({ length: 40 }, (_, i) => `text ${i}`)
    .filter((text) => !texts.includes(text));
  assertEquals(missing, []);
  assertEquals(world.keyIds.length, 2);
  assert(heard.includes("missed"), "a new session is not told");
});

Deno.test("A client that disconnects in the middle of a renewal leaves nothing open", async () => {
  for (let ms = 0; ms < 700; ms += 45) {
    await using world = await beforeRenewal();
    assert(await world.pass(HOUR, () => world.connections === 2), "it is not renewed");
    await world.pass(ms);
    await world.run(world.client.disconnect());
    await world.pass(MINUTE);
    assertEquals([world.connections, world.clock.sleepers], [0, 0], `after ${ms} ms`);
    await world.run(world.client.connect());
    assert((await world.run(world.client.getMe())) !== undefined);
    await world.pass(5 * MINUTE);
    assertEquals(world.connections, 1);
  }
});

Deno.test("A connection that is lost in the middle of a renewal is made again", async () => {
  for (let ms = 0; ms < 700; ms += 45) {
    await using world = await beforeRenewal();
    const watch = watchSends(world);
    assert(await world.pass(HOUR, () => world.connections === 2), "it is not renewed");
    await world.pass(ms);
    const sending = world.client.sendMessage("me", "text");
    world.cut();
    await world.run(sending);
    assertEquals(watch.counts.get("text"), 1);
    await world.pass(5 * MINUTE);
    assertEquals([world.keyIds.length >= 2, world.connections], [true, 1], `after ${ms} ms`);
  }
});
