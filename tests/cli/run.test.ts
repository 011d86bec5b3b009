import { run } from "../../src/cli/mod.ts";
import { encode } from "uqr";
import { StringSession } from "../../mod.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../helpers/assert.ts";
import { FakeWorld } from "../helpers/fake_world.ts";

const COMMANDS = ["demo", "login", "serve"];

Deno.test("run() lists the commands when it is asked for help, or for nothing", async () => {
  for (const words of [[], ["help"], ["--help"], ["-h"]]) {
    const world = new FakeWorld();
    assertEquals(await run(words, world), 0);
    for (const command of COMMANDS) assertStringIncludes(world.printed.join("\n"), `  ${command}`);
    assertEquals(world.noted, []);
  }
});

Deno.test("run() explains each command by --help, whatever else is said", async () => {
  for (const command of COMMANDS) {
    for (const words of [["--help"], ["-h"], ["--bogus", "--help"]]) {
      const world = new FakeWorld();
      assertEquals(await run([command, ...words], world), 0);
      assertMatch(world.printed[0], new RegExp(`^Usage: .*\\b${command}\\b`));
      assertMatch(world.printed[1], new RegExp(`^${command}: `));
    }
  }
});

Deno.test("run() returns 2 and the expected arguments after wrong ones", async () => {
  const cases: [words: string[], text: string][] = [
    [["frobnicate"], 'Cannot run "frobnicate": the command is unknown'],
    [["toString"], 'Cannot run "toString"'],
    [["demo", "--fast"], 'Cannot understand "--fast"'],
    [["demo", "now"], 'Cannot understand "now"'],
    [["serve", "8080"], 'Cannot understand "8080"'],
    [["serve", "--port"], 'Cannot use "--port": expected a value after it'],
    [["serve", "--port="], 'Cannot use "--port": expected a value after it'],
    [["serve", "--port", "http"], 'Cannot listen on "http": expected a port number'],
    [["serve", "--port", "65536"], 'Cannot listen on "65536"'],
    [["serve", "--port=-1"], 'Cannot listen on "-1"'],
    [["serve", "--ws-port", "1e3"], 'Cannot listen on "1e3"'],
    [["serve", "-p", "1"], 'Cannot understand "-p"'],
    [["login", "--token", "x"], 'Cannot understand "--token"'],
    [["login"], "Pass --api-id and --api-hash (or TELEGRAM_API_ID and TELEGRAM_API_HASH)"],
    [["login", "--api-id", "12345"], "Cannot connect to Telegram: the application is missing"],
    [["whoami", "deno.json"], "or use an offline Telegram with --served FILE"],
    [["login", "--api-id", "me", "--api-hash", "0"], 'Cannot use the api id "me"'],
    [["login", "--api-id", "1", "--api-hash", "abc"], "Cannot use the api hash. Pass the 32"],
  ];
  for (const [words, text] of cases) {
    const world = new FakeWorld();
    assertEquals(await run(words, world), 2, words.join(" "));
    assertEquals(world.printed, [], "stdout is for results");
    assertStringIncludes(world.noted[0], text);
    assert(world.noted.length > 1, "how it is used follows");
  }
});

Deno.test("version says which version it is, as deno.json has it", async () => {
  const { version } = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  for (const word of ["version", "--version"]) {
    const world = new FakeWorld();
    assertEquals([await run([word], world), world.printed], [0, [`tessera ${version}`]]);
  }
});

Deno.test("A command says which runtimes are new enough, in one that is not", async () => {
  const { withResolvers } = Promise;
  const world = new FakeWorld();
  try {
    Reflect.deleteProperty(Promise, "withResolvers");
    assertEquals(await run(["demo"], world), 1);
  } finally {
    Promise.withResolvers = withResolvers;
  }
  assertStringIncludes(world.noted[0], "Use Node 22.12");
});

Deno.test("login without an application says where to get one, and names --offline", async () => {
  const world = new FakeWorld();
  await run(["login"], world);
  assertStringIncludes(world.noted[0], "https://my.telegram.org");
  assertStringIncludes(world.noted[0], "--offline");
});

Deno.test("login takes the application from the environment too", async () => {
  const env = { TELEGRAM_API_ID: "12345", TELEGRAM_API_HASH: "nonsense" };
  const world = new FakeWorld([], env);
  assertEquals(await run(["login"], world), 2);
  assertStringIncludes(world.noted[0], "Cannot use the api hash");
});

const LOGINS: Record<string, string[]> = {
  "a bot": ["777:TESTTOKEN"],
  "a bot, after a wrong token": ["777:WRONG", "777:TESTTOKEN"],
  "a user with a code": ["+9996621111", "22222"],
  "a user with a code and a password": ["+9996622222", "22222", "hunter2"],
  "a user who errs everywhere": [
    "hello",
    "+99966",
    "+999 662-2222",
    "33333",
    "22 222",
    "wrong",
    "hunter2",
  ],
};

for (const [who, answers] of Object.entries(LOGINS)) {
  Deno.test(`login --offline signs in ${who}, and prints the session string alone`, async () => {
    const world = new FakeWorld(answers);
    assertEquals(await run(["login", "--offline"], world), 0, world.noted.join("\n"));
    assertEquals(world.left, 0);
    assertEquals(world.printed.length, 1);
    assertEquals(new StringSession(world.printed[0]).state.dcId, 2);
    const notes = world.noted.join("\n");
    assertMatch(notes, /Signed in as (Bot 777|User 1111|User 2222) \(\d+\)/);
    if (answers.includes("hunter2")) {
      assertStringIncludes(notes, "2FA password (hint: the usual): (hidden)");
    }
    assert(!notes.includes(world.printed[0].slice(0, 40)), "the session is a result, not a note");
  });
}

Deno.test("login returns 1 and the reason when all attempts are used up", async () => {
  // The same code again and again: it is sent once, so that no time is spent on slowing down a
  // guesser.
  const world = new FakeWorld(["+9996621111", "1", "1", "1", "1", "1", "1"]);
  assertEquals(await run(["login", "--offline"], world), 1);
  assertStringIncludes(world.noted.at(-1) ?? "", "Cannot sign in");
  assertEquals(world.printed, []);
});

Deno.test("login returns 130 when the input ends, or is interrupted", async () => {
  const ended = new FakeWorld(["+9996621111"]);
  assertEquals(await run(["login", "--offline"], ended), 130);
  assertEquals(ended.noted.at(-1), "Cancelled.");
  for (const moment of ["Bot: the token is 777:TESTTOKEN.", "Code: "]) {
    const interrupted = new FakeWorld(["+9996621111", "22222"]);
    interrupted.onLine = (line) => void (line === moment && interrupted.interrupt());
    assertEquals(await run(["login", "--offline"], interrupted), 130);
    assertEquals(interrupted.printed, []);
  }
});

Deno.test("demo shows every step of a sign-in with its time", async () => {
  const world = new FakeWorld();
  assertEquals(await run(["demo"], world), 0);
  const expected = [
    /^ +\d+ ms {2}An offline Telegram listens on 127\.0\.0\.1:\d+$/,
    /^ +\d+ ms {2}Connected: .*auth key/,
    /^ +\d+ ms {2}Requested a login code for \+9996622222: 5 digits/,
    /^ +\d+ ms {2}Sent the code: .*2FA password$/,
    /^ +\d+ ms {2}Proved the password .*: signed in as User 2222, 500000\d$/,
    /^ +\d+ ms {2}Sent "Hello!" to me$/,
    /^ +\d+ ms {2}Read it back: "Hello!"$/,
    /^ +\d+ ms {2}Saved the session as a string of 353 characters, and disconnected$/,
    /^ +\d+ ms {2}Restored the session from the string: still signed in as User 2222$/,
    /^ +\d+ ms {2}Signed in as the bot @test_777_bot$/,
    /^Done in \d+ ms, without the network\.$/,
  ];
  assertEquals(world.printed.length, expected.length);
  for (const [index, pattern] of expected.entries()) assertMatch(world.printed[index], pattern);
  assertEquals(world.noted, []);
});

Deno.test("run() does not listen to signals unless a command wants to know", async () => {
  const { process } = globalThis as unknown as {
    process: { listenerCount(event: string): number };
  };
  const count = () => process.listenerCount("SIGINT") + process.listenerCount("SIGTERM");
  const before = count();
  const { print, note, ask, env } = new FakeWorld(["777:TESTTOKEN"]);
  for (const words of [["help"], ["demo", "--help"], ["demo", "--bogus"], ["login", "--offline"]]) {
    await run(words, { print, note, ask, env });
    assertEquals(count(), before, words.join(" "));
  }
});

Deno.test("login --qr draws a code to scan, and signs in when it is approved", async () => {
  const world = new FakeWorld([""]);
  assertEquals(await run(["login", "--offline", "--qr"], world), 0);
  const url = world.noted.join("\n").match(/tg:\/\/login\?token=[\w-]+/)?.[0] ?? "";
  const drawn = world.noted.join("\n").split("\n").filter((line) => /^[█▀▄ ]{20,}$/.test(line));
  const { data, size } = encode(url, { border: 2 });
  const modules = drawn.flatMap((line) =>
    [[..."▀█"], [..."▄█"]].map((on) => {
      return [...line].map((character) => !on.includes(character));
    })
  );
  assertEquals(modules.slice(0, size), data);
  assertEquals(new StringSession(world.printed[0]).state.dcs.length, 1);
  assertStringIncludes(world.noted.at(-1) ?? "", "Signed in as User 1111");
});

Deno.test("login --qr can be interrupted while the code is shown", async () => {
  const world = new FakeWorld();
  world.onLine = (line) => {
    if (line.startsWith("Scan this")) world.interrupt();
  };
  assertEquals(await run(["login", "--offline", "--qr"], world), 130);
});
