/** Sending what is stale, changed, or not there. https://core.telegram.org/api/file-references */
import { type Message, RpcError } from "../../mod.ts";
import { RpcFailure } from "../../src/testing/mod.ts";
import { assertEquals, assertRejects } from "../helpers/assert.ts";
import { someBytes } from "./bytes.ts";
import { FilesWorld } from "./files_world.ts";

async function sent(world: FilesWorld, length: number): Promise<Message> {
  return await world.run(world.client.sendFile("me", someBytes(length)));
}

for (const answer of [undefined, "FILE_REFERENCE_1_EXPIRED"]) {
  Deno.test(`An album of expired references is sent with fresh ones (${answer})`, async () => {
    await using world = await FilesWorld.open();
    const files = [await sent(world, 5), await sent(world, 6)];
    if (answer === undefined) world.telegram.api.expireFileReferences();
    world.answer = ({ request }, nth) => {
      if (answer === undefined || request._ !== "messages.sendMultiMedia" || nth > 1) return;
      throw new RpcFailure(400, answer);
    };
    assertEquals((await world.run(world.client.sendFile("me", files))).length, 2);
    const calls = world.requests("messages.sendMultiMedia");
    assertEquals(calls.length, 2);
    const ids = calls.map(({ multiMedia }) =>
      (multiMedia as { randomId: bigint }[]).map(({ randomId }) => randomId)
    );
    assertEquals(ids[0], ids[1]);
  });
}

Deno.test("A reference that stays stale ends the sending after a few calls", async () => {
  await using world = await FilesWorld.open();
  const files = [await sent(world, 5), await sent(world, 6)];
  world.answer = ({ request }) => {
    if (/send/.test(request._)) throw new RpcFailure(400, "FILE_REFERENCE_EXPIRED");
  };
  const before = world.calls.length;
  for (const what of [files, files[0]]) {
    await assertRejects(() => world.run(world.client.sendFile("me", what as Message)), RpcError);
  }
  assertEquals(world.calls.length - before, 8);
});

Deno.test("A message that has another file by now does not send that one instead", async () => {
  await using world = await FilesWorld.open();
  const [first, second] = [await sent(world, 5), await sent(world, 6)];
  const { api } = world.telegram;
  const handle = api.handle.bind(api);
  api.handle = (request, caller) => {
    const isRead = request._ === "messages.getMessages";
    const id = [{ _: "inputMessageID", id: second.id }];
    return handle(isRead ? { ...request, id } : request, caller);
  };
  world.telegram.api.expireFileReferences();
  const edited = world.client.sendFile("me", first);
  await assertRejects(() => world.run(edited), Error, "the message has another file now");
  assertEquals(world.requests("messages.sendMedia").length, 3);
});

Deno.test("A chat that does not exist is found before the file is uploaded", async () => {
  await using world = await FilesWorld.open();
  const sending = world.client.sendFile("@nobody_there", someBytes(1024));
  await assertRejects(() => world.run(sending), RpcError, "nobody has this username");
  assertEquals(world.calls, []);
});

Deno.test("A message without a file is refused as one", async () => {
  await using world = await FilesWorld.open();
  const message = await world.run(world.client.sendMessage("me", "Hello"));
  for (const what of [message, message.raw]) {
    const sending = world.client.sendFile("me", what as Message);
    await assertRejects(() => world.run(sending), TypeError, "has no file. Pass a message with");
  }
});
