/** Where `login` keeps a session, and that every format of `convert` takes it from there. */
import { run } from "../../src/cli/mod.ts";
import { FILE_FORMATS, importSession, STRING_FORMATS } from "../../src/session/convert/mod.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../helpers/assert.ts";
import { FakeWorld } from "../helpers/fake_world.ts";

const PERSON = ["+9996621111", "22222"];

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function modeOf(path: string): number {
  return (Deno.statSync(path).mode ?? 0) & 0o777;
}

Deno.test("login --out writes a session file that every format of convert takes", () =>
  inFolder(async (folder) => {
    const world = new FakeWorld(PERSON);
    assertEquals(await run(["login", "--offline", "--out", `${folder}/me`], world), 0);
    const path = `${folder}/me.session`;
    assertEquals(world.printed, [path]);
    assertEquals(modeOf(path), 0o600);
    for (const format of [...STRING_FORMATS, ...FILE_FORMATS]) {
      const out = `${folder}/${format}`;
      const args = ["convert", path, "--to", format, "--out", out];
      const converted = new FakeWorld();
      assertEquals(await run(args, converted), 0, converted.noted.join());
      const { state } = await importSession(converted.printed[0]);
      assertEquals(state.dcId, 2);
    }
  }));

Deno.test("convert takes the string that login prints to every format, with --user-id", () =>
  inFolder(async (folder) => {
    const world = new FakeWorld(PERSON);
    await run(["login", "--offline", "--json"], world);
    const { user, session, dcId } = JSON.parse(world.printed[0]);
    assertEquals([user, dcId], [{ id: 5000001, isBot: false, firstName: "User 1111" }, 2]);
    for (const format of [...STRING_FORMATS, ...FILE_FORMATS]) {
      const out = `${folder}/${format}`;
      const args = ["convert", "-", "--to", format, "--out", out, "--user-id", `${user.id}`];
      const converted = new FakeWorld([session]);
      assertEquals(await run([...args, "--json"], converted), 0, converted.noted.join());
      const { path, from, format: to } = JSON.parse(converted.printed[0]);
      assertEquals([from, to], ["telethon", format]);
      const imported = await importSession(path);
      const forgets = ["telethon", "gramjs", "telethon-file", "gramjs-folder"].includes(format);
      if (!forgets) assertEquals(imported.state.user?.id, 5000001n, format);
    }
    const without = new FakeWorld([session]);
    const args = ["convert", "-", "--to", "pyrogram"];
    assertEquals(await run(args, without), 1);
    assertStringIncludes(without.noted.join(), "pass --user-id");
    for (const wrong of [["--user-id", "me"], ["--bot"]]) {
      assertEquals(await run([...args, ...wrong], new FakeWorld([session])), 2);
    }
  }));

Deno.test("convert refuses a user id that is not that of the session", () =>
  inFolder(async (folder) => {
    const out = `${folder}/me.session`;
    await run(["login", "--offline", "--out", out], new FakeWorld(PERSON));
    const world = new FakeWorld();
    const args = ["convert", out, "--to", "pyrogram", "--user-id", "7"];
    assertEquals(await run(args, world), 2);
    assertStringIncludes(world.noted[0], "the session knows its user");
  }));

Deno.test("login --out FILE.txt writes the string, for its owner only", () =>
  inFolder(async (folder) => {
    const world = new FakeWorld(["777:TESTTOKEN"]);
    const path = `${folder}/session.txt`;
    assertEquals(await run(["login", "--offline", "--out", path, "--json"], world), 0);
    const { user, path: written } = JSON.parse(world.printed[0]);
    assertEquals([user.username, written], ["test_777_bot", path]);
    assertEquals(modeOf(path), 0o600);
    assertMatch(await Deno.readTextFile(path), /^1[\w=-]{352}\n$/);
  }));

Deno.test("login --out leaves no file when the sign-in is cancelled, and replaces none", () =>
  inFolder(async (folder) => {
    for (const name of ["me.session", "me.txt"]) {
      const path = `${folder}/${name}`;
      assertEquals(await run(["login", "--offline", "--out", path], new FakeWorld()), 130);
      assertEquals([...Deno.readDirSync(folder)], []);
      await Deno.writeTextFile(path, "mine");
      const world = new FakeWorld(PERSON);
      assertEquals(await run(["login", "--offline", "--out", path], world), 1);
      assertEquals(world.left, PERSON.length, "nothing is asked in vain");
      assertStringIncludes(world.noted.join(), "there is a file already");
      assertEquals(await Deno.readTextFile(path), "mine");
      await Deno.remove(path);
    }
  }));

Deno.test("A command names the files that it looked for, and no piece of a secret", async () => {
  const world = new FakeWorld();
  assertEquals(await run(["whoami", "garbage"], world), 1);
  assertStringIncludes(world.noted[0], 'looked for "garbage" and "garbage.session"');
  const hidden = new FakeWorld(["piece"]);
  assertEquals(await run(["convert", "-", "--to", "gramjs"], hidden), 1);
  const variable = new FakeWorld([], { TESSERA_SESSION: "piece" });
  assertEquals(await run(["convert", "--to", "gramjs"], variable), 1);
  const said = [...hidden.noted, ...variable.noted].join();
  assert(!said.includes("piece"), "it may be a secret");
  const long = new FakeWorld();
  await run(["whoami", `${"a".repeat(70)}/b`], long);
  assert(!long.noted.join().includes("aaaaaaaaaa"), "a long text may be a piece of a secret");
});
