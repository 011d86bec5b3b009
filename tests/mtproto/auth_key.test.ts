/**
 * AuthKey: its ids, and its censoring.
 */
import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { bytesToHex } from "../../src/crypto/mod.ts";
import { AuthKey, ClientSession } from "../../src/mtproto/mod.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { shows } from "../helpers/secrets.ts";

const BYTES = seededRandom(5)(256);

Deno.test("AuthKey derives auth_key_id and auth_key_aux_hash from the SHA1 of the key", () => {
  const key = new AuthKey(BYTES);
  const hash = createHash("sha1").update(BYTES).digest("hex");
  assertEquals([key.idHex, bytesToHex(key.auxHash)], [hash.slice(24), hash.slice(0, 16)]);
});

Deno.test("AuthKey keeps a copy, and takes 256 bytes only", () => {
  const bytes = BYTES.slice();
  const key = new AuthKey(bytes);
  bytes.fill(0);
  assertEquals(key.bytes, BYTES);
  for (const length of [0, 255, 257]) {
    assertThrows(() => new AuthKey(new Uint8Array(length)), RangeError, `${length} bytes`);
  }
});

Deno.test("AuthKey prints its public id only [secrets never in inspections]", () => {
  const key = new AuthKey(BYTES);
  const session = new ClientSession({ authKey: key, random: seededRandom(1) });
  const shown = [
    String(key),
    JSON.stringify({ key }),
    Deno.inspect({ key }, { depth: 9 }),
    inspect({ key }, { depth: 9 }),
    Deno.inspect(session, { depth: 9 }),
    inspect(session, { depth: 9, showHidden: true }),
  ];
  for (const text of shown) assert(!shows(text, BYTES), text);
  const name = `AuthKey(${key.idHex})`;
  assertEquals(shown[0], name);
  assertEquals(JSON.parse(shown[1]), { key: name });
  assertEquals(shown.slice(2, 4), [`{ key: ${name} }`, `{ key: ${name} }`]);
});
