/** The option `onUpdates`: a program that only listens, and makes no call of its own. */
import type { Api } from "../../../src/tl/mod.ts";
import { assert, assertEquals } from "../../helpers/assert.ts";
import { UpdatesWorld } from "./updates_world.ts";

function textsIn(heard: readonly Api.Updates[]): string[] {
  return heard.flatMap((packet): (Api.Updates | Api.Update)[] =>
    "updates" in packet ? packet.updates : [packet]
  ).flatMap((one) => {
    if (one._ === "updateShortMessage") return [one.message];
    if (one._ !== "updateNewMessage" || one.message._ !== "message") return [];
    return [one.message.message];
  });
}

Deno.test("A program that only listens hears in each session that the server begins", async () => {
  await using world = new UpdatesWorld();
  const { client, kept } = await world.ada();
  await world.wait(client.disconnect());
  const heard: Api.Updates[] = [];
  const before = world.calls.length;
  const next = world.run(kept(), { onUpdates: (updates) => void heard.push(updates) });
  await world.wait(next.client.connect());
  await world.clock.advance(2000);
  await world.bob.send("@ada_l", "1");
  await world.until(() => textsIn(heard).length === 1);
  assertEquals(world.calls.slice(before), ["updates.getState"]);
  // The server has forgotten the session while the line was down.
  world.telegram.dc().forgetSessions();
  next.cut();
  await world.clock.advance(5000);
  assert(heard.some(({ _ }) => _ === "updatesTooLong"));
  await world.bob.send("@ada_l", "2");
  await world.until(() => textsIn(heard).length === 2);
  // A session that goes on needs no call.
  const calls = world.calls.length;
  next.cut();
  await world.clock.advance(5000);
  await world.bob.send("@ada_l", "3");
  await world.until(() => textsIn(heard).length === 3);
  assertEquals(world.calls.slice(calls), []);
});

Deno.test("A program that listens makes no call of its own where it is not needed", async () => {
  await using world = new UpdatesWorld();
  const onUpdates = (): void => {};
  const { client } = world.run(undefined, { onUpdates });
  await world.wait(client.connect());
  await world.clock.advance(2000);
  assertEquals(world.count("updates.getState"), 0, "nobody can be signed in");
  const ada = await world.ada({ onUpdates });
  assertEquals(world.count("updates.getState"), 0, "a sign-in is a call");
  const quiet = world.run(ada.kept(), { keepConnected: true });
  await world.wait(quiet.client.connect());
  await world.clock.advance(2000);
  assertEquals(world.count("updates.getState"), 0, "nobody listens");
});
