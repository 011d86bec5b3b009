/**
 * Tests that Telethon, Pyrogram, Kurigram and Hydrogram open our exports. `.ci/services` installs
 * them and prints their places; with TESSERA_SERVICES they must be there. Their own files are in
 * tests/vectors/foreign_sessions.json.
 */

import { MemorySession } from "../../mod.ts";
import { exportSession } from "../../src/session/convert/mod.ts";
import { bytesToHex } from "../../src/crypto/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import { PEERS } from "../helpers/states.ts";

const PROGRAM = new URL("open_session.py", import.meta.url).pathname;
const KEY = Uint8Array.from({ length: 256 }, (_, i) => (i * 7 + 1) % 256);
const LIBRARIES = Deno.env.get("PYTHON_LIBRARIES");

for (
  const [library, format, file] of [
    ["telethon", "telethon", "telethon-file"],
    ["pyrogram", "pyrogram", "pyrogram-file"],
    ["kurigram", "pyrogram", "pyrogram-file"],
    ["hydrogram", "pyrogram", "pyrogram-file"],
  ] as const
) {
  if (LIBRARIES === undefined && Deno.env.get("TESSERA_SERVICES") !== "true") continue;
  Deno.test(`${library} opens the exported file and string, with their peers`, async () => {
    if (LIBRARIES === undefined) {
      throw new Error('There is no PYTHON_LIBRARIES: run eval "$(.ci/services)" before');
    }
    const folder = await Deno.makeTempDir();
    const session = new MemorySession({
      dcId: 4,
      dcs: [{ id: 4, host: "149.154.167.91", port: 443, authKey: KEY }],
      user: { id: 8_999_999_999n, isBot: true, dcId: 4 },
    });
    await session.peers.put(PEERS.slice(0, 4));
    const path = `${folder}/written.session`;
    await exportSession(session, file, { path, apiId: 12345 });
    const text = await exportSession(session, format, { apiId: 12345 });
    const { success, stdout, stderr } = await new Deno.Command("python3", {
      args: [PROGRAM, library, path, text],
      env: { PYTHONPATH: `${LIBRARIES}/${library}`, PYTHONDONTWRITEBYTECODE: "1" },
    }).output();
    assertEquals(success, true, new TextDecoder().decode(stderr));
    const [fromFile, fromString, { peers }] = JSON.parse(new TextDecoder().decode(stdout));
    const address = { address: "149.154.167.91:443" };
    const user = { apiId: 12345, user: 8_999_999_999, isBot: true, testMode: false };
    const expected = { dc: 4, key: bytesToHex(KEY), ...(library === "telethon" ? address : user) };
    assertEquals([fromFile, fromString], [expected, expected]);
    assertEquals(peers, [[777000, "-9223372036854775808"], [1234567890, "1"]]);
    await Deno.remove(folder, { recursive: true });
  });
}
