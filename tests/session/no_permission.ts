/**
 * Tests unreadable and read-only folders and files. disk.test.ts runs this file in a process that
 * obeys permissions, even as root.
 */

import { run } from "../../src/cli/mod.ts";
import { importSession } from "../../src/session/convert/mod.ts";
import { SessionError, SqliteSession, StringSession } from "../../src/session/mod.ts";
import { assertEquals, assertMatch, assertRejects } from "../helpers/assert.ts";
import { FakeWorld } from "../helpers/fake_world.ts";
import { openSession } from "../helpers/session_kinds.ts";
import { numberOf, stateOf } from "../helpers/states.ts";

const PLACE = Deno.env.get("PLACE") ?? "";
let places = 0;

/** Makes a folder and its content read-only until disposal. */
function readOnly(folder: string): Disposable {
  const set = (fileMode: number, folderMode: number): void => {
    Deno.chmodSync(folder, 0o700);
    for (const { name, isFile } of Deno.readDirSync(folder)) {
      if (isFile) Deno.chmodSync(`${folder}/${name}`, fileMode);
    }
    Deno.chmodSync(folder, folderMode);
  };
  set(0o400, 0o500);
  return { [Symbol.dispose]: () => set(0o600, 0o700) };
}

for (
  const [kind, file] of [["SqliteSession", "/me.session"], ["folder", ""]] as const
) {
  Deno.test(`${kind}: a read-only folder loses nothing, and is reported plainly`, async () => {
    const folder = `${PLACE}/${places++}`;
    Deno.mkdirSync(folder);
    const session = openSession(kind, folder + file);
    await session.load();
    session.state = stateOf(1);
    await session.save();
    await session.close();
    {
      using _readOnly = readOnly(folder);
      for (const at of [folder + file, `${folder}/new`]) {
        const error = await assertRejects(() => openSession(kind, at).load(), SessionError);
        assertMatch(
          error.message,
          /^Cannot (open|save|make) the session .* may( not)? be .*written/,
        );
      }
    }
    const again = openSession(kind, folder + file);
    await again.load();
    assertEquals(numberOf(again.state), 1);
    await again.close();
    Deno.chmodSync(folder, 0);
    const hidden = await assertRejects(() => openSession(kind, folder + file).load(), SessionError);
    assertMatch(hidden.message, /may not be|may be written to/);
    Deno.chmodSync(folder, 0o700);
  });
}

Deno.test("importSession() reports a file that it may not read", async () => {
  const path = `${PLACE}/unreadable.session`;
  Deno.writeTextFileSync(path, "", { mode: 0 });
  await assertRejects(() => importSession(path), SessionError, "it may not be read");
});

Deno.test("importSession() reads a session in a read-only volume", async () => {
  const folder = `${PLACE}/${places++}`;
  Deno.mkdirSync(folder);
  const path = `${folder}/me.session`;
  const session = openSession("SqliteSession", path);
  await session.load();
  session.state = stateOf(1);
  await session.save();
  await session.close();
  using _readOnly = readOnly(folder);
  assertEquals(numberOf((await importSession(path)).state), 1);
});

Deno.test("convert and seal report a read-only folder, and end with 1", async () => {
  const text = new StringSession();
  text.state = stateOf(5);
  const folder = `${PLACE}/${places++}`;
  Deno.mkdirSync(folder);
  using _readOnly = readOnly(folder);
  for (
    const args of [
      ["convert", "--to=telethon", `--out=${folder}/string`],
      ["convert", "--to=tessera-file", `--out=${folder}/ours`],
      ["convert", "--to=mtcute-file", `--out=${folder}/theirs`],
      ["convert", "--to=gramjs-folder", `--out=${folder}/folder`],
      ["seal", `--out=${folder}/sealed`],
    ]
  ) {
    const { print, note, ask, env, interrupted, noted } = new FakeWorld([], {
      TESSERA_SESSION: text.save(),
      TESSERA_PASSPHRASE: "correct horse battery staple",
    });
    assertEquals(await run(args, { print, note, ask, env, interrupted }), 1);
    assertMatch(noted.join("\n"), /^Cannot .*may not be (read or )?written/);
  }
});

/** The user and group of somebody else. Only root can give a file away. */
const SOMEBODY = 54_321;

async function ownedBy(uid: number, gid: number, mode: number): Promise<string> {
  const path = `${PLACE}/${places++}.session`;
  const session = new SqliteSession(path);
  await session.load();
  session.state = stateOf(1);
  await session.save();
  await session.close();
  Deno.chmodSync(path, mode);
  Deno.chownSync(path, uid, gid);
  return path;
}

if (Deno.uid() === 0) {
  Deno.test("A session in a volume can belong to the group of the program", async () => {
    const session = new SqliteSession(await ownedBy(SOMEBODY, Deno.gid() ?? 0, 0o660));
    await session.load();
    session.state = stateOf(2);
    await session.save();
    await session.close();
    await session.load();
    assertEquals(numberOf(session.state), 2);
    await session.close();
  });

  Deno.test("A session of somebody else that everybody may read is refused", async () => {
    const path = await ownedBy(SOMEBODY, SOMEBODY, 0o666);
    await assertRejects(
      () => new SqliteSession(path).load(),
      SessionError,
      "every user of this machine may read it",
    );
  });
}
