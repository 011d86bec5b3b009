/** Which sequence each update of the schema belongs to: its fields decide. */
import { assertEquals } from "../helpers/assert.ts";

/** The fields of the constructors of `Update`, from the generated types. */
const UPDATES = Array.from(
  Deno.readTextFileSync(new URL("../../src/tl/generated/api.ts", import.meta.url))
    .matchAll(/^\/\*\* \[(update\w+)\]\(\S+\)#[0-9a-f]+ ?(.*) = Update \*\/$/gm),
  ([, name, fields]) => ({ name, fields: fields.split(" ").map((field) => field.split(":")[0]) }),
);

function having(...names: string[]): string[] {
  return UPDATES.filter(({ fields }) => names.every((name) => fields.includes(name)))
    .map(({ name }) => name).sort();
}

Deno.test("the updates with a qts are those of secret chats and of bots, without a pts", () => {
  assertEquals(having("qts", "pts"), []);
  assertEquals(
    having("qts").filter((name) => !/Bot|Encrypted|Participant|PollVote/.test(name)),
    [],
  );
});

Deno.test("the updates of channels with a pts name their channel, or have its message", () => {
  const ofChannels = having("pts").filter((name) => /Channel/.test(name));
  const named = [...having("pts", "channel_id"), ...having("pts", "message")];
  assertEquals(ofChannels.filter((name) => !named.includes(name)), []);
  assertEquals(having("pts", "channel_id").filter((name) => !/Channel/.test(name)), []);
  assertEquals(ofChannels, [
    "updateChannelTooLong",
    "updateChannelWebPage",
    "updateDeleteChannelMessages",
    "updateEditChannelMessage",
    "updateNewChannelMessage",
    "updatePinnedChannelMessages",
    "updateReadChannelInbox",
  ]);
});

Deno.test("the other updates with a pts are the nine of private chats and basic groups", () => {
  assertEquals(having("pts").filter((name) => !/Channel/.test(name)), [
    "updateDeleteMessages",
    "updateEditMessage",
    "updateFolderPeers",
    "updateNewMessage",
    "updatePinnedMessages",
    "updateReadHistoryInbox",
    "updateReadHistoryOutbox",
    "updateReadMessagesContents",
    "updateWebPage",
  ]);
});
