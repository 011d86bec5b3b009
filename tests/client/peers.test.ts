import {
  channelPeerId,
  Client,
  type ClientOptions,
  MemorySession,
  type Peer,
  SessionError,
  SqliteSession,
} from "../../mod.ts";
import { extractPeers } from "../../src/messages/extract_peers.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assertEquals, assertRejects } from "../helpers/assert.ts";

const PHONE = "+9996621111";
const CODE = "22222";
const FRIEND = { id: 5_000_777, phone: "+9996623333", code: CODE, username: "good_friend" };

interface World extends AsyncDisposable {
  readonly telegram: OfflineTelegram;
  readonly folder: string;
  open(options?: ClientOptions, session?: MemorySession): Promise<Client>;
}

async function newWorld(): Promise<World> {
  const folder = await Deno.makeTempDir();
  const telegram = new OfflineTelegram({
    accounts: [{ phone: PHONE, code: CODE }, FRIEND],
  });
  return {
    telegram,
    folder,
    async open(options = {}, session = new SqliteSession(`${folder}/me`)) {
      const { apiId, apiHash, clientOptions } = telegram;
      return await Client.open<MemorySession>(session, apiId, apiHash, {
        ...clientOptions,
        ...options,
      });
    },
    async [Symbol.asyncDispose]() {
      await telegram.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("A peer found by username is found by id after a restart without a call", async () => {
  await using world = await newWorld();
  const friend = BigInt(FRIEND.id);
  {
    await using client = await world.open();
    await client.start({ phoneNumber: PHONE, phoneCode: CODE });
    await assertRejects(
      () => client.sendMessage(friend, "Who are you?"),
      TypeError,
      "this account has not met it",
    );
    await client.sendMessage("@Good_Friend", "Hello");
  }
  // From here on nobody can be looked up.
  const refusal = { code: 420, message: "FLOOD_WAIT_9999", times: 99 };
  world.telegram.api.failNext("contacts.resolveUsername", refusal);
  await using client = await world.open();
  for (const to of [friend, Number(friend), "good_friend", "@GOOD_FRIEND"]) {
    assertEquals((await client.sendMessage(to, "Hello again")).text, "Hello again");
  }
});

Deno.test("The first call loads the session and finds its peers without connect()", async () => {
  await using world = await newWorld();
  {
    await using client = await world.open();
    await client.start({ phoneNumber: PHONE, phoneCode: CODE });
    await client.sendMessage("@good_friend", "Hello");
  }
  const refusal = { code: 420, message: "FLOOD_WAIT_9999", times: 99 };
  world.telegram.api.failNext("contacts.resolveUsername", refusal);
  const { apiId, apiHash, clientOptions } = world.telegram;
  for (const to of [BigInt(FRIEND.id), "@good_friend"]) {
    const session = new SqliteSession(`${world.folder}/me`);
    await using client = new Client(session, apiId, apiHash, clientOptions);
    assertEquals((await client.sendMessage(to, "Hello again")).text, "Hello again");
  }
});

Deno.test("A peer is found by its phone number, once", async () => {
  await using world = await newWorld();
  await using client = await world.open({}, new MemorySession());
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  const { id } = await client.sendMessage("+999 662-33-33", "Hello");
  assertEquals(id > 0, true);
  const friend = BigInt(FRIEND.id);
  assertEquals((await client.session.peers?.byId(friend))?.usernames, undefined, "kept later");
  await client.disconnect();
  assertEquals((await client.session.peers?.byId(friend))?.usernames, ["good_friend"]);
});

Deno.test("Peers are forgotten when their account signs out", async () => {
  await using world = await newWorld();
  await using client = await world.open();
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  await client.sendMessage("@good_friend", "Hello");
  await client.signOut();
  await client.disconnect();
  const session = new SqliteSession(`${world.folder}/me`);
  await session.load();
  const left: Peer[] = [];
  for await (const peer of session.peers.all()) left.push(peer);
  assertEquals(left, []);
  assertEquals(session.state.user, undefined);
  await session.close();
});

Deno.test("A session saves its key by itself soon, also without a user", async () => {
  await using world = await newWorld();
  let saved = () => {};
  const done = new Promise<void>((resolve) => saved = resolve);
  class Noted extends MemorySession {
    override save(): void {
      saved();
    }
  }
  await using client = await world.open({}, new Noted());
  await done;
  assertEquals(client.session.state.dcs[0].authKey?.length, 256);
});

Deno.test("Production refuses a session of the test servers, and vice versa", async () => {
  await using world = await newWorld();
  {
    await using client = await world.open();
    await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  }
  await assertRejects(
    () => world.open({ testServers: true }),
    SessionError,
    "it is of Telegram's production. Use another session, or set the option testServers to false",
  );
  const authKey = new Uint8Array(256).fill(7);
  const dcs = [{ id: 2, host: "127.0.0.1", port: 443, authKey }];
  await assertRejects(
    () => world.open({}, new MemorySession({ dcId: 2, dcs, testMode: true })),
    SessionError,
    "it is of Telegram's test servers. Use another session, or set the option testServers to true",
  );
});

Deno.test("extractPeers() finds users, groups and channels, and omits unusable ones", () => {
  const answer = {
    _: "updates",
    users: [
      { _: "user", id: 1n, accessHash: 11n, username: "one", phone: "123", usernames: [] },
      {
        _: "user",
        id: 2n,
        accessHash: 22n,
        bot: true,
        usernames: [{ active: true, username: "two_bot" }, { username: "old" }],
      },
      { _: "user", id: 3n, accessHash: 33n, min: true },
      { _: "user", id: 4n },
      { _: "userEmpty", id: 5n },
    ],
    chats: [
      { _: "chat", id: 6n },
      { _: "channel", id: 7n, accessHash: 77n, username: "seven" },
      { _: "channel", id: 8n, accessHash: 88n, min: true },
      { _: "channelForbidden", id: 9n, accessHash: 99n },
    ],
  };
  const found: Peer[] = [
    { id: 1n, kind: "user", accessHash: 11n, usernames: ["one"], phone: "123" },
    { id: 2n, kind: "bot", accessHash: 22n, usernames: ["two_bot"] },
    { id: -6n, kind: "chat", usernames: [] },
    { id: channelPeerId(7n), kind: "channel", accessHash: 77n, usernames: ["seven"] },
    { id: channelPeerId(9n), kind: "channel", accessHash: 99n, usernames: [] },
  ];
  assertEquals(extractPeers(answer), found);
  assertEquals(extractPeers({ _: "messages.chatFull", updates: answer }), found);
  assertEquals(extractPeers([answer.users[0]]), found.slice(0, 1));
  for (const nothing of [undefined, null, true, "user", 7n, {}, { users: 5 }, { user: "x" }]) {
    assertEquals(extractPeers(nothing), []);
  }
});
