/** The worlds that `serve --world` reads from a file. */
import { Client, StringSession } from "../../mod.ts";
import { run, type ServeInfo } from "../../src/cli/mod.ts";
import { serveInfo } from "../../src/cli/serve_info.ts";
import { parseWorld, worldOptions } from "../../src/cli/world.ts";
import { fillWorld } from "../../src/cli/world_events.ts";
import { OfflineTelegram, type Trouble } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../helpers/assert.ts";
import { FakeWorld } from "../helpers/fake_world.ts";

const ADA = "+9996633333";
const BOB = "+15551234567";

const WHOLE = {
  dcs: [2, 4],
  apiId: 777,
  limits: { slice: 50 },
  accounts: [
    { phone: ADA, firstName: "Ada", username: "ada_l", password: "analytical", hint: "engine" },
    { phone: BOB, firstName: "Bob", dcId: 4, codeWays: ["sms"] },
  ],
  bots: [{ token: "123456:MY-BOT", privacy: false }],
  groups: [
    { kind: "group", title: "Basic", owner: ADA, members: [BOB], messages: [{ text: "a" }] },
    {
      kind: "supergroup",
      title: "Super",
      owner: ADA,
      members: [BOB],
      admins: ["@test_123456_bot"],
      username: "super_group",
      about: "About it",
      messages: [{ text: "b" }, { from: BOB, text: "c" }, { from: "@test_123456_bot", text: "d" }],
    },
    { kind: "channel", title: "News", owner: BOB, members: ["@ada_l"], messages: [{ text: "e" }] },
  ],
  messages: [
    { from: "@ada_l", to: "@test_123456_bot", text: "/start" },
    { from: "@test_123456_bot", to: ADA, text: "Welcome" },
    { from: BOB, to: ADA, text: "Hello, Ada" },
  ],
  failures: [{ method: "auth.sendCode", code: 420, message: "FLOOD_WAIT_300" }],
  troubles: [{ dc: 4, kind: "hangUp" }],
};

Deno.test("A world has its people, bots, groups, messages, refusals and troubles", async () => {
  const world = parseWorld(JSON.stringify(WHOLE), "world.json");
  const made: Trouble[] = [];
  await using telegram = await OfflineTelegram.start({
    ...worldOptions(world),
    webSocketPort: 0,
    onTrouble: (trouble: Trouble) => void made.push(trouble),
  });
  const info = serveInfo(telegram, world, await fillWorld(telegram, world));
  assertEquals(info.dcs.map(({ id }) => id), [2, 4]);
  assertEquals(info.webSockets.map(({ id }) => id), [2, 4]);
  assertEquals(info.accounts.map(({ code }) => code), ["33333", "22222"]);
  assertEquals(info.groups.map(({ kind, title }) => `${kind} ${title}`), [
    "group Basic",
    "supergroup Super",
    "channel News",
  ]);
  const { apiHash, keys, dcs } = telegram;
  await using client = new Client(new StringSession(), 777, apiHash, { dcs, keys });
  await client.connect();
  const refused = await client.requestLoginCode(BOB).catch((error) => error);
  assertEquals(refused.seconds, 300);
  await client.start({ phoneNumber: BOB, phoneCode: "22222" }); // moves to data center 4
  assertEquals(client.session.state.dcId, 4);
  assertEquals(made, [{ kind: "hangUp" }]);
  const titles = (await Array.fromAsync(client.dialogs())).map(({ title }) => title);
  for (const title of ["Basic", "Super", "News", "Ada"]) {
    assert(titles.includes(title), `${titles}`);
  }
  const texts = (await Array.fromAsync(client.messages("@super_group", { limit: 3 })))
    .map(({ text }) => text);
  assertEquals(texts, ["d", "c", "b"]);
});

/** Changes one thing in the whole world, and returns the fault that is found. */
function faultOf(change: (world: Record<string, never>) => void): string {
  const world = structuredClone(WHOLE) as unknown as Record<string, never>;
  change(world);
  return assertThrows(() => parseWorld(JSON.stringify(world), "world.json"), Error).message;
}

Deno.test("A world with a wrong field is refused, with the place of the field", () => {
  // deno-lint-ignore no-explicit-any
  const cases: [change: (world: any) => void, fault: string][] = [
    [(world) => world.people = [], "people is not known, expected one of dcs, apiId, "],
    [(world) => world.accounts[1].pasword = "x", "accounts[1].pasword is not known, expected"],
    [(world) => delete world.accounts[0].phone, "accounts[0].phone is missing, expected a phone"],
    [(world) => world.accounts[0].phone = "me", "accounts[0].phone must be a phone number like"],
    [(world) => world.accounts[0].id = "7", "accounts[0].id must be a whole number from 1"],
    [(world) => world.accounts[0].banned = 1, "accounts[0].banned must be true or false"],
    [(world) => world.accounts[0].dcId = 5, "accounts[0].dcId is 5, expected one of dcs: 2, 4"],
    [(world) => world.accounts[1].phone = "999 663 3333", "accounts[1].phone is there twice"],
    [(world) => world.accounts[1].codeWays = ["post"], "accounts[1].codeWays[0] must be one of"],
    [(world) => world.dcs = [], "dcs must be a list that is not empty"],
    [(world) => world.dcs = [2, 2, 4], "dcs[1] is there twice"],
    [(world) => world.dcs = "2", "dcs must be a list"],
    [(world) => world.bots[0].token = "secret", "bots[0].token must be a bot token like"],
    [(world) => world.bots.push(world.bots[0]), "bots[1].token is there twice"],
    [(world) => world.limits.pts = 1, "limits.pts is not known"],
    [(world) => world.limits = 1, "limits must be an object"],
    [(world) => world.groups[0].kind = "forum", "groups[0].kind must be one of group, supergroup"],
    [(world) => world.groups[0].owner = "+19990000000", "groups[0].owner is nobody of accounts"],
    [(world) => world.groups[0].members = ["@nobody"], "groups[0].members[0] is nobody of"],
    [(world) => world.groups[1].messages[1].from = "Bob", "groups[1].messages[1].from must be"],
    [(world) => world.messages[2].to = "@nobody", "messages[2].to is nobody of accounts and bots"],
    [(world) => world.failures[0].code = 200, "failures[0].code must be a whole number from 300"],
    [(world) => world.troubles[0].kind = "rain", "troubles[0].kind must be one of transportError"],
    [(world) => delete world.troubles[0].kind, "troubles[0].kind is missing"],
    [(world) => world.troubles[0].ms = 1, "troubles[0].ms is not known, expected one of kind, dc"],
    [(world) => world.troubles[0].dc = 3, "troubles[0].dc is 3, expected one of dcs: 2, 4"],
  ];
  for (const [change, fault] of cases) {
    assertStringIncludes(faultOf(change), `Cannot use "world.json": ${fault}`);
  }
  assert(!faultOf((world) => Object.assign(world.bots[0], { token: "s3cret" })).includes("s3cret"));
});

Deno.test("A world may begin with a byte order mark, as some editors write it", () => {
  assertEquals(parseWorld("\uFEFF{}", "world.json"), parseWorld("{}", "world.json"));
});

Deno.test("serve --world reads a file, and says what is wrong with it", async () => {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    for (
      const [text, fault] of [
        ['{\n "dcs": [2,\n', "it is not JSON"],
        ["[]", "the file must be an object"],
        ['{"codes": 1}', "codes is not known"],
      ]
    ) {
      await Deno.writeTextFile(path, text);
      const world = new FakeWorld();
      assertEquals(await run(["serve", "--world", path], world), 2);
      assertStringIncludes(world.noted[0], fault);
      assertEquals(world.printed, []);
    }
    await Deno.writeTextFile(path, "{}");
    const world = new FakeWorld();
    world.onLine = () => world.interrupt();
    assertEquals(await run(["serve", "--world", path, "--dcs", "2,3", "--json"], world), 0);
    const info: ServeInfo = JSON.parse(world.printed[0]);
    assertEquals(info.dcs.map(({ id }) => id), [2, 3]);
    assertEquals(info.accounts.length, 2);
  } finally {
    await Deno.remove(path);
  }
  const missing = new FakeWorld();
  assertEquals(await run(["serve", "--world", "no.json"], missing), 2);
  assertStringIncludes(missing.noted[0], 'Cannot read "no.json": there is no such file');
  for (const dcs of ["", "2,2", "0", "two", "2,"]) {
    assertEquals(await run(["serve", "--dcs", dcs], new FakeWorld()), 2, dcs);
  }
});
