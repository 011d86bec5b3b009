import { run } from "../../src/cli/mod.ts";
import { Client, type Session, SqliteSession, StringSession } from "../../mod.ts";
import { systemClock } from "../../src/runtime/mod.ts";
import { importSession } from "../../src/session/convert/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../helpers/assert.ts";
import { FakeWorld } from "../helpers/fake_world.ts";
import { longTest } from "../helpers/long.ts";
import "../helpers/quick_seals.ts";

const PHONE = "+9996621111";
const PASSPHRASE = "correct horse";
const DAY = 86_400_000;

interface Place extends AsyncDisposable {
  readonly folder: string;
  /** The path of a session file that is signed in. */
  readonly path: string;
  /** Another session of the same person. */
  readonly text: string;
  /** Lets a day pass, and gives a session that signs in after it. */
  signInTomorrow(): Promise<string>;
  run(
    args: string[],
    answers?: string[],
    env?: Record<string, string>,
  ): Promise<{ code: number; printed: string; noted: string }>;
}

async function newPlace(): Promise<Place> {
  const folder = await Deno.makeTempDir();
  let ahead = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + ahead };
  const telegram = new OfflineTelegram({ clock });
  const { apiId, apiHash } = telegram;
  const clientOptions = { ...telegram.clientOptions, apiId, apiHash };
  const signIn = async (session: Session): Promise<void> => {
    await using client = new Client(session, apiId, apiHash, telegram.clientOptions);
    await client.start({ phoneNumber: PHONE, phoneCode: "22222" });
  };
  const file = new SqliteSession(`${folder}/me`);
  await signIn(file);
  const string = new StringSession();
  await signIn(string);
  return {
    folder,
    path: file.path,
    text: string.save(),
    async signInTomorrow() {
      ahead += DAY;
      const session = new StringSession();
      await signIn(session);
      return session.save();
    },
    async run(args, answers = [], env = {}) {
      const world = new FakeWorld(answers, env);
      const { print, note, ask } = world;
      const given = { print, note, ask, env: world.env, interrupted: world.interrupted };
      const code = await run(args, { ...given, clientOptions });
      return { code, printed: world.printed.join("\n"), noted: world.noted.join("\n") };
    },
    async [Symbol.asyncDispose]() {
      await telegram.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("whoami takes a path, a string, stdin or the environment", async () => {
  await using place = await newPlace();
  const { path, text, folder } = place;
  for (
    const { code, printed, noted } of [
      await place.run(["whoami", path]),
      await place.run(["whoami", `${folder}/me`]),
      await place.run(["whoami", text]),
      await place.run(["whoami", "-"], [text]),
      await place.run(["whoami"], [], { TESSERA_SESSION: text }),
    ]
  ) {
    assertEquals(code, 0, noted);
    assertMatch(printed, /^User 1111 \(user \d+, data center 2\)$/);
    assert(!(printed + noted).includes(text.slice(0, 40)));
  }
  assertEquals((await place.run(["whoami"])).code, 2);
  const broken = await place.run(["whoami", text.slice(0, -20)]);
  assertEquals(broken.code, 1);
  assert(!broken.noted.includes(text.slice(0, 40)));
});

Deno.test("sessions lists the devices of the account, and signs the others out", async () => {
  await using place = await newPlace();
  const before = await place.run(["sessions", place.path]);
  assertEquals(before.printed.split("\n").length, 2);
  assertStringIncludes(before.printed, "this one");
  const [other] = before.printed.split("\n").filter((line) => !line.includes("this one"));
  const hash = other.trim().split(" ")[0];
  const ended = await place.run(["sessions", place.path, `--terminate=${hash}`]);
  // Telegram lets a device do that only when it has been signed in for a day.
  assertMatch(ended.noted, /this session is too new to end others/);
  const unknown = await place.run(["sessions", place.path, "--terminate=1"]);
  assertMatch(unknown.noted, /^Cannot sign out a device: /);
  assertEquals((await place.run(["sessions", place.path, "--terminate=all"])).code, 2);

  const third = await place.signInTomorrow();
  const allowed = await place.run(["sessions", place.path, `--terminate=${hash}`]);
  assertEquals([allowed.code, allowed.noted], [0, "The device was signed out."]);
  assertEquals((await place.run(["whoami", place.text])).code, 1);
  assertEquals((await place.run(["whoami", third])).code, 0);
  const others = await place.run(["sessions", place.path, "--terminate=others"]);
  assertEquals([others.code, others.noted], [0, "All other devices were signed out."]);
  assertEquals((await place.run(["whoami", third])).code, 1);
  const left = await place.run(["sessions", place.path]);
  assertMatch(left.printed, /^ +this one [^\n]+$/);
});

Deno.test("logout voids the session, also in its file", async () => {
  await using place = await newPlace();
  assertEquals((await place.run(["logout", place.path])).noted, "Signed out.");
  const again = await place.run(["logout", place.path]);
  assertEquals([again.code, again.noted], [0, "Nobody was signed in with this session."]);
  const { code, noted } = await place.run(["whoami", place.path]);
  assertEquals([code, noted], [1, "Nobody is signed in with this session."]);
});

Deno.test("convert writes another format, to stdout or to a private file", async () => {
  await using place = await newPlace();
  const { path, text, folder } = place;
  const printed = await place.run(["convert", path, "--to", "pyrogram", "--api-id", "12345"]);
  assertEquals((await importSession(printed.printed)).format, "pyrogram", printed.noted);
  const out = `${folder}/telethon.session`;
  assertEquals((await place.run(["convert", path, "--to=telethon-file", `--out=${out}`])).code, 0);
  assertEquals((await importSession(out)).format, "telethon-file");
  const file = `${folder}/string.txt`;
  await place.run(["convert", "-", "--to=gramjs", `--out=${file}`], [text]);
  assertEquals((Deno.statSync(file).mode ?? 0) & 0o777, 0o600);
  assertEquals((await importSession(file)).format, "gramjs");
  assertEquals((await place.run(["whoami", path])).code, 0);
  assertEquals((await place.run(["convert", path, "--to=gramjs", `--out=${file}`])).code, 1);
  assertEquals((await place.run(["convert", path, "--to=word"])).code, 2);
  assertEquals((await place.run(["convert", path, "--to=telethon-file"])).code, 2);
});

longTest("convert writes and reads tdata, and asks for the passcode unseen", async () => {
  await using place = await newPlace();
  const { path, folder } = place;
  const out = `${folder}/tdata`;
  const to = ["convert", path, "--to=tdata", `--out=${out}`];
  assertEquals((await place.run([...to, "--lock"], ["1234", "a slip"])).code, 2);
  assertEquals((await place.run(["convert", path, "--to=gramjs", "--lock"])).code, 2);
  const made = await place.run([...to, "--lock"], ["1234", "1234"]);
  assertEquals(made.code, 0, made.noted);
  assertStringIncludes(made.noted, "New passcode: (hidden)");
  const from = ["convert", out, "--to=telethon"];
  const asked = await place.run(from, ["1234"]);
  assertStringIncludes(asked.noted, "Passcode: (hidden)");
  assertEquals((await importSession(asked.printed)).format, "telethon");
  const env = { TESSERA_PASSCODE: "1234" };
  const given = await place.run([...from, "--account=1"], [], env);
  assertEquals([given.printed, given.noted], [asked.printed, ""]);
  const wrong = await place.run(from, ["4321"]);
  assertEquals([wrong.code, wrong.noted.includes("4321")], [1, false]);
  assertStringIncludes(wrong.noted, "the passcode is wrong");
  assertEquals((await place.run([...from, "--account=2"], [], env)).code, 1);
  assertEquals((await place.run([...from, "--account=x"], [], env)).code, 2);
  assertMatch((await place.run(["whoami", out], ["1234"])).printed, /^User 1111/);
  const sealing = await place.run(["seal", out], [], { ...env, TESSERA_PASSPHRASE: PASSPHRASE });
  assertMatch(sealing.printed, /^tessera-sealed1\./);
  const unlocked = { ...env, TESSERA_NEW_PASSCODE: "" };
  assertEquals(
    (await place.run(["convert", out, "--to=tdata", `--out=${out}2`], [], unlocked)).code,
    0,
  );
  assertEquals((await place.run(["convert", `${out}2`, "--to=telethon"])).printed, asked.printed);
});

Deno.test("seal seals strings and files, and opens them again", async () => {
  await using place = await newPlace();
  const { path, text, folder } = place;
  const env = { TESSERA_PASSPHRASE: PASSPHRASE };
  const sealed = (await place.run(["seal", "-"], [text, PASSPHRASE, PASSPHRASE])).printed;
  assertMatch(sealed, /^tessera-sealed1\./);
  assertEquals((await place.run(["seal", sealed, "--open"], [], env)).printed, text);
  assertEquals((await place.run(["seal", "-"], [text, PASSPHRASE, "a slip"])).code, 2);
  const out = `${folder}/sealed.session`;
  const made = await place.run(["seal", path, `--out=${out}`], [], env);
  assertEquals(made.code, 0, made.noted);
  assertEquals((await place.run(["whoami", out], [PASSPHRASE])).code, 0);
  const wrong = await place.run(["whoami", out], ["wrong"]);
  assertEquals(wrong.code, 1);
  assertStringIncludes(wrong.noted, "is wrong");
  assertEquals((await place.run(["seal", path, `--out=${out}`], [], env)).code, 1);
});

Deno.test("A missing session file is reported", async () => {
  await using place = await newPlace();
  const { code, noted } = await place.run(["whoami", `${place.folder}/nobody.session`]);
  assertEquals(code, 1);
  assertStringIncludes(noted, "there is no file with that name");
});

Deno.test("convert and seal say where they wrote, and what of the words was wrong", async () => {
  await using place = await newPlace();
  const { path, folder } = place;
  const env = { TESSERA_PASSPHRASE: PASSPHRASE };
  for (
    const [args, written] of [
      [["convert", path, "--to=gramjs", `--out=${folder}/gramjs`], `${folder}/gramjs`],
      [["convert", path, "--to=tessera-file", `--out=${folder}/us`], `${folder}/us.session`],
      [["seal", path, `--out=${folder}/sealed`], `${folder}/sealed.session`],
    ] as const
  ) assertEquals((await place.run([...args], [], env)).printed, written);
  for (
    const [args, says] of [
      [
        ["convert", path, "--to=telethno"],
        'Cannot convert to "telethno": the format is unknown. Pass',
      ],
      [["convert", path], "Cannot convert: the format is missing. Pass --to with"],
      [["convert", path, "--to=pyrogram", "--api-id=abc"], 'Cannot use "--api-id": expected a'],
      [["convert", path, "--to=gramjs", "--account=2"], "only tdata has several"],
      [["convert", "-", "--to=gramjs"], "Cannot open the session: it is missing. Pass"],
    ] as const
  ) {
    const { code, printed, noted } = await place.run([...args]);
    assertEquals([code, printed], [2, ""]);
    assertStringIncludes(noted, says);
  }
});

Deno.test("whoami and sessions print JSON for programs", async () => {
  await using place = await newPlace();
  const who = await place.run(["whoami", place.path, "--json"]);
  assertEquals(JSON.parse(who.printed), {
    id: 5000001,
    isBot: false,
    firstName: "User 1111",
    dcId: 2,
  });
  const devices = JSON.parse((await place.run(["sessions", place.path, "--json"])).printed);
  assertEquals(devices.map((one: { isCurrent: boolean }) => one.isCurrent).sort(), [false, true]);
  for (const { number, activeAt } of devices) {
    assertMatch(number, /^-?\d+$/);
    assertEquals(new Date(activeAt).toISOString(), activeAt);
  }
});
