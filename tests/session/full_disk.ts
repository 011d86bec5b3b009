/**
 * Tests a disk that gets full, in the folder PLACE. disk.test.ts makes the disk, and runs this file
 * in a process of its own.
 */

import { run } from "../../src/cli/mod.ts";
import { exportSession, type SessionFormat } from "../../src/session/convert/mod.ts";
import { MemorySession, type Peer, SessionError, StringSession } from "../../src/session/mod.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../helpers/assert.ts";
import { FakeWorld } from "../helpers/fake_world.ts";
import { openSession } from "../helpers/session_kinds.ts";
import { numberOf, stateOf } from "../helpers/states.ts";

const PLACE = Deno.env.get("PLACE") ?? "";
const FILLER = `${PLACE}/filler`;
const FULL = "the disk is full. Free some space; what was saved before is intact.";

/** Fills the disk to the last byte, until it is disposed of. */
function fill(): Disposable {
  using file = Deno.openSync(FILLER, { create: true, append: true });
  for (let size = 65536; size >= 1; size >>= 1) {
    try {
      while (file.writeSync(new Uint8Array(size)) === size);
    } catch (error) {
      assertStringIncludes(String(error), "No space left");
    }
  }
  return { [Symbol.dispose]: () => Deno.removeSync(FILLER) };
}

function list(): string[] {
  return [...Deno.readDirSync(PLACE)].map(({ name }) => name).sort();
}

const PEERS: readonly Peer[] = Array.from({ length: 5000 }, (_, n) => ({
  id: BigInt(n + 1),
  kind: "user",
  accessHash: BigInt(n),
  usernames: [`user_${n}`],
}));

for (const kind of ["SqliteSession", "folder"]) {
  Deno.test(`${kind}: a full disk loses nothing and is reported; later saves work`, async () => {
    const at = `${PLACE}/${kind}.session`;
    const session = openSession(kind, at);
    await session.load();
    session.state = stateOf(1);
    await session.save();
    {
      using _filler = fill();
      session.state = stateOf(2);
      const saving = async (): Promise<void> => {
        for (let times = 0; times < 1000; times++) await session.save();
      };
      await assertRejects(saving, SessionError, FULL);
      await assertRejects(async () => await session.peers.put(PEERS), SessionError, FULL);
      await assertRejects(() => openSession(kind, `${at}-new`).load(), SessionError, FULL);
    }
    session.state = stateOf(3);
    await session.save();
    await session.peers.put(PEERS.slice(0, 10));
    await session.close();
    const again = openSession(kind, at);
    await again.load();
    assertEquals(numberOf(again.state), 3);
    assertEquals((await again.peers.byId(10n))?.accessHash, 9n);
    again.state = stateOf(4);
    await again.save();
    {
      using _filler = fill();
      await again.close(); // whatever the lease is then
    }
    const last = openSession(kind, at);
    await last.load();
    assertEquals(numberOf(last.state), 4);
    await last.close();
    Deno.removeSync(at, { recursive: true });
    await Deno.remove(`${at}-new`, { recursive: true }).catch(() => {});
  });
}

Deno.test("exportSession() leaves nothing half written on a full disk", async () => {
  const session = new MemorySession({ ...stateOf(3), user: { id: 777_000n, isBot: false } });
  await session.peers.put(PEERS);
  const files: SessionFormat[] = [
    "tessera-file",
    "telethon-file",
    "telethon2-file",
    "pyrogram-file",
    "mtcute-file",
    "gramjs-folder",
    "tdata",
  ];
  for (const format of files) {
    const to = { path: `${PLACE}/written.${format}.session`, apiId: 1 };
    const before = list();
    {
      using _filler = fill();
      await assertRejects(() => exportSession(session, format, to), SessionError, FULL);
      assertEquals(list(), [...before, "filler"].sort());
    }
    const poor = new MemorySession(session.state);
    await exportSession(poor, format, to);
    Deno.removeSync(to.path, { recursive: true });
  }
});

Deno.test("convert and seal report a full disk, end with 1, and leave no file", async () => {
  const text = new StringSession();
  text.state = stateOf(5);
  const command = async (args: string[]): Promise<string[]> => {
    const { print, note, ask, env, interrupted, noted, printed } = new FakeWorld([], {
      TESSERA_SESSION: text.save(),
      TESSERA_PASSPHRASE: "correct horse battery staple",
    });
    const before = list();
    using _filler = fill();
    const code = await run(args, { print, note, ask, env, interrupted });
    assertEquals([code, printed], [1, []]);
    assertEquals(list(), [...before, "filler"].sort());
    return noted;
  };
  for (
    const args of [
      ["convert", "--to=telethon", `--out=${PLACE}/string`],
      ["convert", "--to=tessera-file", `--out=${PLACE}/ours`],
      ["convert", "--to=mtcute-file", `--out=${PLACE}/theirs`],
      ["seal", `--out=${PLACE}/sealed`],
    ]
  ) {
    const noted = await command(args);
    assertEquals(noted.length, 1);
    assert(noted[0].startsWith("Cannot ") && noted[0].endsWith(FULL), noted[0]);
  }
});
