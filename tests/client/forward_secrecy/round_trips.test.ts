/** What forward secrecy costs: the round trips of a first call. */
import { MemorySession } from "../../../mod.ts";
import { assert, assertEquals } from "../../helpers/assert.ts";
import { BOT_TOKEN, DAY, HOUR, MINUTE, SecretWorld } from "./secret_world.ts";

Deno.test("A first sign-in takes five round trips, as both keys are made at once", async () => {
  await using world = new SecretWorld();
  assertEquals(await world.roundTrips(() => world.client.botSignIn(BOT_TOKEN)), 5);
  assertEquals(await world.roundTrips(() => world.client.getMe()), 1);
  await using plain = new SecretWorld({ client: { forwardSecrecy: false } });
  assertEquals(await plain.roundTrips(() => plain.client.botSignIn(BOT_TOKEN)), 4);
});

Deno.test("The first call of a restored session takes five round trips", async () => {
  await using world = new SecretWorld();
  await world.run(world.client.botSignIn(BOT_TOKEN));
  await world.run(world.client.disconnect());
  world.open(new MemorySession(world.client.session.state));
  assertEquals(await world.roundTrips(() => world.client.getMe()), 5);
});

Deno.test("A call takes one round trip while the temporary key lasts", async () => {
  await using world = new SecretWorld();
  await world.run(world.client.botSignIn(BOT_TOKEN));
  await world.pause(MINUTE);
  assertEquals(await world.roundTrips(() => world.client.getMe()), 1, "after disconnect()");
  world.cut();
  await world.pass(1); // the client notices it
  assertEquals(await world.roundTrips(() => world.client.getMe()), 1, "after a lost connection");
  assertEquals(world.keyIds.length, 1);
});

Deno.test("A renewal costs no round trip, and needs two connections for a moment", async () => {
  await using world = new SecretWorld({ client: { keepConnected: true } });
  await world.run(world.client.botSignIn(BOT_TOKEN));
  await world.pause(22 * HOUR);
  assert(await world.pass(DAY, () => world.connections === 2), "it is not renewed");
  const hours = world.time.now / HOUR;
  assert(hours > 22.8 && hours < 23, `it is renewed after ${hours} hours`);
  const trips: number[] = [];
  while (world.connections === 2) trips.push(await world.roundTrips(() => world.client.getMe()));
  for (let i = 0; i < 3; i++) trips.push(await world.roundTrips(() => world.client.getMe()));
  assert(trips.length > 5);
  assertEquals(new Set(trips), new Set([1]));
  assertEquals(world.keyIds.length, 2);
});

Deno.test("A server that makes one key at a time makes both, one after the other", async () => {
  await using world = new SecretWorld();
  world.isSerial = true;
  await world.run(world.client.botSignIn(BOT_TOKEN));
  assertEquals((await world.run(world.client.getMe()))?.id, 777n);
  assertEquals(world.keyIds.length, 1);
});
