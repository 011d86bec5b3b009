/** What a program passes to a call, and changes while the call is under way. */
import { Client, MemorySession } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assertEquals } from "../helpers/assert.ts";

Deno.test("A call has the values that it was made with, though they change", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = new Client(new MemorySession(), apiId, apiHash, clientOptions);
  await client.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
  const replyTo: number[] = [];
  for (const text of ["one", "two"]) replyTo.push((await client.sendMessage("me", text)).id);
  const options = { replyTo: 0 };
  const sending = replyTo.flatMap((id) => {
    options.replyTo = id;
    return [
      client.sendMessage("me", "reply", options),
      client.sendFile("me", new Uint8Array(9), options),
    ];
  });
  const sent = await Promise.all(sending);
  assertEquals(sent.map(({ replyToId }) => replyToId), replyTo.flatMap((id) => [id, id]));
  const text = { text: "three", entities: [] };
  const editing = client.editMessage("me", replyTo[0], text);
  text.text = "four";
  assertEquals((await editing).text, "three");
  const ids = sent.map(({ id }) => id);
  const deleting = client.deleteMessages("me", ids);
  ids.length = 0;
  await deleting;
  const left: string[] = [];
  for await (const message of client.messages("me")) left.push(message.text);
  assertEquals(left, ["two", "three"]);
});
