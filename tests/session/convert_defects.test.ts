/**
 * Tests files of other libraries with a missing or wrong part. Each test damages a valid file by
 * hand.
 */

import { DatabaseSync } from "node:sqlite";
import { MemorySession, SessionError, type SessionState } from "../../mod.ts";
import {
  exportSession,
  type FileFormat,
  type ImportedSession,
  importSession,
} from "../../src/session/convert/mod.ts";
import { concatBytes, encodeBase64Url } from "../../src/crypto/mod.ts";
import { findDc, type Peer } from "../../src/session/mod.ts";
import { TlWriter } from "../../src/tl/mod.ts";
import { assertEquals, assertRejects } from "../helpers/assert.ts";
import "../helpers/quick_seals.ts";

const KEY = Uint8Array.from({ length: 256 }, (_, i) => (i * 7 + 1) % 256);
const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

const HOST = "149.154.167.91";
const USER = { id: 8_999_999_999n, isBot: false, username: "ada", dcId: 4 };
const PEER: Peer = { id: 5n, kind: "user", accessHash: -7n, usernames: ["five"], phone: "555" };

let files = 0;

/** The path of a session that was written in a format. */
async function written(format: FileFormat, state: Partial<SessionState> = {}): Promise<string> {
  const dcs = [{ id: 4, host: HOST, port: 443, authKey: KEY }];
  const session = new MemorySession({ dcId: 4, dcs, user: USER, ...state });
  await session.peers.put([PEER]);
  return await exportSession(session, format, { path: `${FOLDER}/${++files}.session` });
}

/** The session that a changed file holds. */
async function altered(
  format: FileFormat,
  sql: string,
  state?: Partial<SessionState>,
): Promise<ImportedSession> {
  const path = await written(format, state);
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  return await importSession(path);
}

async function peersOf(session: ImportedSession): Promise<Peer[]> {
  const peers: Peer[] = [];
  for await (const peer of session.peers.all()) peers.push(peer);
  return peers;
}

const DAMAGED: ReadonlyArray<readonly [FileFormat, string, string]> = [
  ["telethon-file", "DELETE FROM sessions", "it is empty"],
  ["telethon-file", "UPDATE sessions SET auth_key = NULL", "it has no key"],
  ["telethon-file", "UPDATE sessions SET auth_key = x'00'", "it has no key"],
  ["telethon2-file", "DELETE FROM datacenter", "it has no key"],
  ["telethon2-file", "UPDATE datacenter SET auth = NULL", "it has no key"],
  ["telethon2-file", "DELETE FROM user; DELETE FROM datacenter", "it has no key"],
  ["telethon2-file", "UPDATE user SET dc = 2", "it has no key"],
  ["pyrogram-file", "DELETE FROM sessions", "it is empty"],
  ["pyrogram-file", "UPDATE sessions SET dc_id = 77", "there is no data center 77"],
  ["mtcute-file", "DELETE FROM key_value", "it has no home or no key"],
  ["mtcute-file", "DELETE FROM auth_keys", "it has no home or no key"],
  ["mtcute-file", "UPDATE auth_keys SET key = x'00'", "it has no home or no key"],
  ["mtcute-file", "UPDATE auth_keys SET dc = 2", "it has no home or no key"],
  ["mtcute-file", "DROP TABLE auth_keys", "it is a SQLite file of no known library"],
];

for (const [format, sql, text] of DAMAGED) {
  Deno.test(`importSession() refuses a ${format} after "${sql}": ${text}`, async () => {
    await assertRejects(() => altered(format, sql), SessionError, text);
  });
}

/**
 * What may be missing or odd, and what is left of the user and of the peer then; both are as they
 * were if nothing is said.
 */
const FORGIVEN: ReadonlyArray<
  readonly [FileFormat, string, { readonly user?: unknown; readonly peers?: readonly Peer[] }?]
> = [
  ["telethon-file", "UPDATE sessions SET server_address = NULL, port = NULL"],
  ["telethon-file", "INSERT INTO entities VALUES (0, 1, 'own', NULL, '', NULL)"],
  ["telethon-file", "UPDATE entities SET phone = 0", { peers: [{ ...PEER, phone: undefined }] }],
  ["telethon-file", "UPDATE entities SET username = ''", { peers: [{ ...PEER, usernames: [] }] }],
  ["telethon2-file", "UPDATE datacenter SET ipv4_addr = NULL"],
  ["telethon2-file", "INSERT INTO datacenter VALUES (2, NULL, NULL, NULL)"],
  ["telethon2-file", "INSERT INTO datacenter VALUES (2, '149.154.167.51:443', NULL, NULL)"],
  ["telethon2-file", "DELETE FROM user", { user: undefined }],
  ["telethon2-file", "UPDATE user SET username = NULL", { user: { ...USER, username: undefined } }],
  ["pyrogram-file", "UPDATE sessions SET user_id = NULL", { user: undefined }],
  ["pyrogram-file", "INSERT INTO peers VALUES (6, 1, 'ghost', NULL, NULL, 0)"],
  ["pyrogram-file", "UPDATE peers SET phone_number = NULL", {
    peers: [{ ...PEER, phone: undefined }],
  }],
  ["mtcute-file", "DELETE FROM key_value WHERE key = 'current_user'", { user: undefined }],
  ["mtcute-file", "UPDATE key_value SET value = x'' WHERE key = 'current_user'", {
    user: undefined,
  }],
  ["mtcute-file", "UPDATE key_value SET value = x'02000000' WHERE key = 'current_user'", {
    user: undefined,
  }],
  ["mtcute-file", "INSERT INTO key_value VALUES ('other', 'a text')"],
  ["mtcute-file", "INSERT INTO auth_keys VALUES (1004, zeroblob(256))"],
  ["mtcute-file", "INSERT INTO peers VALUES (6, 'no hash', '[]', 0, NULL, NULL, 0)"],
  ["mtcute-file", "INSERT INTO peers VALUES (6, '1|1', '[]', 0, NULL, NULL, 1)"],
  ["mtcute-file", "UPDATE peers SET phone = ''", { peers: [{ ...PEER, phone: undefined }] }],
];

/** What a format keeps of the user. */
const USERS: Readonly<Record<string, unknown>> = {
  "telethon2-file": USER,
  "pyrogram-file": { ...USER, username: undefined },
  "mtcute-file": USER,
};

for (const [format, sql, left = {}] of FORGIVEN) {
  Deno.test(`importSession() takes a ${format} after "${sql}"`, async () => {
    const session = await altered(format, sql);
    const home = { id: 4, host: HOST, port: 443, authKey: KEY };
    assertEquals(known(findDc(session.state)), home);
    assertEquals(known(session.state.user), known("user" in left ? left.user : USERS[format]));
    const peers = left.peers ?? (format === "telethon2-file" ? [] : [PEER]);
    assertEquals((await peersOf(session)).map(known), peers.map(known));
  });
}

/** Without the fields that are there and say nothing. */
function known(object: unknown): unknown {
  if (typeof object !== "object" || object === null) return object;
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

Deno.test("A file of Telethon 2 keeps data centers by IPv6, and where updates are", async () => {
  const updates = { pts: 1, qts: 2, date: 3, seq: 4 };
  const host = "2001:67c:4e8:f004::a";
  const dcs = [{ id: 2, host: HOST, port: 80 }, { id: 4, host, port: 443, authKey: KEY }];
  const path = await written("telethon2-file", { dcs, updates });
  const database = new DatabaseSync(path);
  const rows = database.prepare("SELECT ipv4_addr, ipv6_addr FROM datacenter ORDER BY id").all();
  database.close();
  assertEquals(rows.map((row) => ({ ...row })), [
    { ipv4_addr: `${HOST}:80`, ipv6_addr: null },
    { ipv4_addr: null, ipv6_addr: `[${host}]:443` },
  ]);
  const { state } = await importSession(path);
  assertEquals(state.dcs.map(known), dcs);
  assertEquals(state.updates, updates);
});

Deno.test("importSession() reads sealed bytes, text or SQLite, with their secret", async () => {
  const dcs = [{ id: 4, host: HOST, port: 443, authKey: KEY }];
  const session = new MemorySession({ dcId: 4, dcs });
  const secret = "correct horse";
  const text = await exportSession(session, "telethon", { secret });
  const path = await exportSession(session, "tessera-file", { secret, path: `${FOLDER}/sealed` });
  for (const bytes of [new TextEncoder().encode(text), await Deno.readFile(path)]) {
    assertEquals(findDc((await importSession(bytes, { secret })).state)?.authKey, KEY);
    await assertRejects(() => importSession(bytes), SessionError, "sealed");
  }
});

Deno.test("importSession() names the fault of a folder of GramJS", async () => {
  const dcs = [{ id: 4, host: HOST, port: 443, authKey: KEY }];
  const session = new MemorySession({ dcId: 4, dcs });
  const lies: readonly (readonly [key: string, text: string, says: string | undefined])[] = [
    ["authKey", "{", 'its "authKey" cannot be read'],
    ["authKey", "null", "it lacks the key or the address"],
    ["authKey", '{"data":[1]}', "it lacks the key or the address"],
    ["dcId", "0", "it lacks the key or the address"],
    ["port", "0", "it lacks the key or the address"],
    ["serverAddress", "null", "it lacks the key or the address"],
    ["7", "null", undefined],
    ["7", '["7",null,"seven",null,"",0]', undefined],
    ["7", '[null,"7","seven",null,"",0]', undefined],
  ];
  for (const [index, [key, text, says]] of lies.entries()) {
    const name = `lies${index}`;
    const path = await exportSession(session, "gramjs-folder", { path: `${FOLDER}/${name}` });
    await Deno.writeTextFile(`${path}/${name}%3A${key}`, text);
    if (says === undefined) assertEquals(await peersOf(await importSession(path)), []);
    else await assertRejects(() => importSession(path), SessionError, says);
  }
});

Deno.test("importSession() reports a URL without a file", async () => {
  const url = new URL(`file://${FOLDER}/none.session`);
  await assertRejects(() => importSession(url), SessionError, "there is no such file");
});

/** A string of mtcute's version 1, whose home is this. */
function mtcute1(constructor: number, flags: number, key = KEY): string {
  const writer = new TlWriter();
  for (const number of [0, constructor, flags, 4]) writer.uint32(number);
  writer.string(HOST);
  writer.int32(443);
  if ((flags & 1 << 10) !== 0) writer.bytes(Uint8Array.of(1, 2, 3));
  writer.bytes(key);
  return encodeBase64Url(concatBytes(Uint8Array.of(1), writer.finish()));
}

Deno.test("importSession() reads mtcute's string, and refuses one without dcOption", async () => {
  for (const flags of [0, 1 << 10]) {
    const { state } = await importSession(mtcute1(0x18b7a10d, flags));
    assertEquals(known(findDc(state)), { id: 4, host: HOST, port: 443, authKey: KEY });
  }
  const text = mtcute1(0x18b7a10e, 0);
  await assertRejects(() => importSession(text), SessionError, "its address is not a dcOption");
  const short = mtcute1(0x18b7a10d, 0, KEY.slice(1));
  await assertRejects(() => importSession(short), SessionError, "its key has 255 bytes");
});
