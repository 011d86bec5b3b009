/**
 * Checks sessions of other libraries against @mtcute/convert and GramJS, which run here.
 * tests/vectors/foreign_sessions.json has the sessions of Telethon, Pyrogram and Kurigram.
 */

import { DatabaseSync } from "node:sqlite";
import * as mtcute from "@mtcute/convert";
import { readStringSession } from "@mtcute/core/utils.js";
import { openMtcute } from "./mtcute_storage.ts";
import * as gramjs from "telegram/sessions/index.js";
import {
  Client,
  MemorySession,
  type Peer,
  sealText,
  SessionError,
  SqliteSession,
  StoreSession,
} from "../../mod.ts";
import {
  copySession,
  exportSession,
  type ImportedSession,
  importSession,
  type SessionFormat,
  type StringFormat,
} from "../../src/session/convert/mod.ts";
import { concatBytes, decodeBase64, encodeBase64Url } from "../../src/crypto/mod.ts";
import { findDc } from "../../src/session/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertMatch, assertRejects } from "../helpers/assert.ts";
import { PEERS, plain, stateOf } from "../helpers/states.ts";
import { LOCK } from "../helpers/lock.ts";
import { longTest } from "../helpers/long.ts";
import "../helpers/quick_seals.ts";

interface Vectors {
  readonly strings: readonly { readonly library: string; readonly text: string }[];
  readonly files: readonly {
    readonly library: string;
    readonly format: SessionFormat;
    readonly gzip: string;
  }[];
  readonly telethon2: { readonly gzip: string };
  readonly gotd: { readonly text: string };
  readonly mtkruto: { readonly text: string };
}
const vectors: Vectors = JSON.parse(
  await Deno.readTextFile(new URL("../vectors/foreign_sessions.json", import.meta.url)),
);
const KEY = Uint8Array.from({ length: 256 }, (_, i) => (i * 7 + 1) % 256);
/** With runs of zeros, also at the end: MTKruto writes those in another way. */
const HOLLOW = Uint8Array.from({ length: 256 }, (_, i) => i % 97 < 60 ? 0 : i & 0xff);
const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

const STRINGS: readonly StringFormat[] = [
  "tessera",
  "telethon",
  "gramjs",
  "pyrogram",
  "mtcute",
  "mtkruto",
];

function sessionOf(authKey: Uint8Array, testMode = false): MemorySession {
  const dcId = testMode ? 2 : 4;
  return new MemorySession({
    dcId,
    dcs: [{ id: dcId, host: "149.154.167.91", port: 443, authKey }],
    user: { id: 8_999_999_999n, isBot: true, dcId },
    testMode,
  });
}

async function gunzip(base64: string): Promise<Uint8Array> {
  const body = new Blob([Uint8Array.from(decodeBase64(base64))]).stream();
  const plain = body.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

Deno.test("importSession() detects each string of exportSession(), with its key", async () => {
  for (const authKey of [KEY, HOLLOW, new Uint8Array(256).fill(255)]) {
    for (const format of STRINGS) {
      const text = await exportSession(sessionOf(authKey), format, { apiId: 12345 });
      const imported = await importSession(`\n ${text} `);
      assertEquals(imported.format, format);
      assertEquals(imported.state.dcId, 4);
      assertEquals(findDc(imported.state)?.authKey, authKey);
      assert(!Deno.inspect(imported).includes(text.slice(20, 40)));
    }
  }
});

Deno.test("importSession() keeps the user and the test mode where a string has them", async () => {
  for (const format of ["tessera", "pyrogram", "mtcute", "mtkruto"] as const) {
    const text = await exportSession(sessionOf(KEY, true), format);
    const { state } = await importSession(text);
    assertEquals(state.testMode, true, format);
    assertEquals([state.user?.id, state.user?.isBot], [8_999_999_999n, true], format);
  }
});

Deno.test("@mtcute/convert and GramJS open the strings that exportSession() writes", async () => {
  const text = (format: StringFormat): Promise<string> =>
    exportSession(sessionOf(HOLLOW), format, { apiId: 12345 });
  const readers = [
    mtcute.convertFromTelethonSession(await text("telethon")),
    mtcute.convertFromGramjsSession(await text("gramjs")),
    mtcute.convertFromPyrogramSession(await text("pyrogram")),
    mtcute.convertFromMtkrutoSession(await text("mtkruto")),
    readStringSession(await text("mtcute")),
  ];
  for (const { authKey, primaryDcs } of readers) {
    assertEquals(new Uint8Array(authKey), HOLLOW);
    assertEquals(primaryDcs?.main.id, 4);
    assertEquals(primaryDcs?.main.ipAddress, "149.154.167.91");
  }
  for (const read of [readers[2], readers[4]]) {
    assertEquals(read.self, { ...read.self, userId: 8_999_999_999, isBot: true });
  }
  const session = new gramjs.StringSession(await text("gramjs"));
  await session.load();
  assertEquals(session.dcId, 4);
  assertEquals(new Uint8Array(session.authKey?.getKey() ?? []), HOLLOW);
});

Deno.test("importSession() opens the strings that @mtcute/convert writes", async () => {
  const text = await exportSession(sessionOf(HOLLOW), "mtcute");
  const written: [SessionFormat, string][] = [
    ["telethon", mtcute.convertToTelethonSession(text)],
    ["gramjs", mtcute.convertToGramjsSession(text)],
    ["pyrogram", mtcute.convertToPyrogramSession(text, { apiId: 12345 })],
    ["pyrogram", mtcute.convertToPyrogramSession(text)],
    ["mtkruto", mtcute.convertToMtkrutoSession(text)],
  ];
  for (const [format, theirs] of written) {
    const imported = await importSession(theirs);
    assertEquals(imported.format, format);
    assertEquals(imported.state.dcId, 4);
    assertEquals(findDc(imported.state)?.authKey, HOLLOW, format);
  }
});

Deno.test("Strings of Pyrogram and Kurigram are read and written identically", async () => {
  for (const { text, library } of vectors.strings) {
    const imported = await importSession(text);
    assertEquals(imported.format, "pyrogram", library);
    assertEquals(findDc(imported.state)?.authKey, KEY);
    assertEquals(imported.state.user?.id, 8_999_999_999n);
    assertEquals(await exportSession(imported, "pyrogram", { apiId: 12345 }), text);
  }
});

Deno.test("Strings of MTKruto, with and without a user, are read and written", async () => {
  const { text } = vectors.mtkruto;
  const { state, format } = await importSession(text);
  assertEquals([format, state.dcId, findDc(state)?.authKey], ["mtkruto", 2, KEY]);
  assertEquals([state.user?.id, state.user?.isBot], [8_999_999_999n, true]);
  assertEquals(await exportSession(new MemorySession(state), "mtkruto", { apiId: 12345 }), text);
  // Then it ended with the key: 260 bytes of TL, and here no zero but those of lengths.
  const [, old = ""] = /^(.+?)OTAAAgH/.exec(text) ?? [];
  const before = await importSession(old);
  assertEquals([before.format, before.state.dcId, before.state.user], ["mtkruto", 2, undefined]);
  assertEquals(findDc(before.state)?.authKey, KEY);
});

Deno.test("importSession() opens strings of mtcute's older versions", async () => {
  // What mtcute's own tests have, with a key of 256 bytes in place of their 32 zeros.
  const samples = [
    "AQEAAAANobcYAAAAAAIAAAAOMTQ5LjE1NC4xNjcuNTAAuwEAADkwAAAAAAAAN5d5vCAA",
    "AgAAAAANobcYAAAAAAIAAAAOMTQ5LjE1NC4xNjcuNTAAuwEAACAA",
    "AgcAAAANobcYAAAAAAIAAAAOMTQ5LjE1NC4xNjcuNTAAuwEAAA2htxgCAAAAAgAAAA8xNDku" +
    "MTU0LjE2Ny4yMjK7AQAAOTAAAAAAAAA3l3m8IAAA",
  ];
  for (const [index, sample] of samples.entries()) {
    const bytes = decodeBase64(sample);
    const head = bytes.subarray(0, bytes.lastIndexOf(32));
    const text = encodeBase64Url(concatBytes(head, Uint8Array.of(254, 0, 1, 0), KEY));
    const { format, state } = await importSession(text);
    assertEquals(format, "mtcute");
    const home = { id: 2, host: "149.154.167.50", port: 443, authKey: KEY };
    assertEquals(state.dcs.map((dc) => ({ ...dc })), [home]);
    const user = index === 1 ? undefined : { id: 12345n, isBot: false, dcId: 2 };
    assertEquals([state.user, state.testMode], [user, index === 2]);
    await assertRejects(() => importSession(text.slice(0, -20)), SessionError, "one of mtcute");
  }
});

async function peersOf(session: MemorySession): Promise<Peer[]> {
  const peers: Peer[] = [];
  for await (const peer of session.peers.all()) peers.push(peer);
  return peers.sort((a, b) => Number(b.id - a.id));
}

Deno.test("importSession() opens Python libraries' files with peers, unchanged", async () => {
  for (const { library, format, gzip } of vectors.files) {
    const bytes = await gunzip(gzip);
    const path = `${FOLDER}/${library}.session`;
    await Deno.writeFile(path, bytes);
    for (const from of [path, new URL(`file://${path.replaceAll(" ", "%20")}`), bytes]) {
      const imported = await importSession(from);
      assertEquals(imported.format, format, library);
      assertEquals(findDc(imported.state), {
        id: 4,
        host: "149.154.167.91",
        port: 443,
        authKey: KEY,
      });
      const peers = await peersOf(imported);
      assertEquals(peers[0], {
        id: 777000n,
        kind: "user",
        accessHash: -9223372036854775808n,
        usernames: ["telegram"],
        phone: "42777",
      });
      const channel = peers.find(({ id }) => id === -1001234567890n);
      assertEquals(channel?.kind, "channel");
      assertEquals(channel?.accessHash, -99n);
      assertEquals(channel?.usernames[0], "news");
      assertEquals(peers.find(({ id }) => id === -4123n)?.kind, "chat");
    }
    assertEquals(await Deno.readFile(path), bytes);
    assertEquals([...Deno.readDirSync(FOLDER)].some(({ name }) => /-(wal|shm)$/.test(name)), false);
  }
});

Deno.test("importSession() reads a Telethon 2 file with DCs, user and updates", async () => {
  const { state, format } = await importSession(await gunzip(vectors.telethon2.gzip));
  assertEquals(format, "telethon2-file");
  assertEquals(state.dcs.map(({ id, host, port }) => ({ id, host, port })), [
    { id: 2, host: "149.154.167.50", port: 443 },
    { id: 4, host: "149.154.167.91", port: 443 },
  ]);
  assertEquals(state.dcs.map(({ authKey }) => authKey), [undefined, KEY]);
  assertEquals(state.user?.username, "some_bot");
  assertEquals([state.user?.id, state.user?.isBot, state.dcId], [8_999_999_999n, true, 4]);
  assertEquals(state.updates, { pts: 1, qts: 2, date: 3, seq: 4 });
});

Deno.test("importSession() reads gotd's JSON, and refuses a key with a wrong id", async () => {
  const { text } = vectors.gotd;
  const path = `${FOLDER}/gotd.json`;
  await Deno.writeTextFile(path, text);
  for (const from of [text, path, new TextEncoder().encode(text)]) {
    const { format, state } = await importSession(from);
    assertEquals(format, "gotd");
    const home = { id: 4, host: "149.154.167.91", port: 443, authKey: KEY };
    assertEquals(findDc(state), home);
  }
  const without = JSON.parse(text);
  without.Data.Addr = "";
  assertEquals(findDc((await importSession(JSON.stringify(without))).state)?.port, 443);
  for (
    const [change, what] of [
      [{ AuthKey: "AAAA" }, "its key has 3 bytes"],
      [{ AuthKey: "?" }, "its key has 0 bytes"],
      [{ AuthKeyID: "AAAA" }, "its key is not the one that it names"],
      [{ DC: 0 }, "there is no data center 0"],
    ] as const
  ) {
    const { Version, Data } = JSON.parse(text);
    const damaged = JSON.stringify({ Version, Data: { ...Data, ...change } });
    await assertRejects(() => importSession(damaged), SessionError, what);
  }
  for (const other of ["{}", '{"Data":{}}', "{"]) {
    await assertRejects(() => importSession(other), SessionError, "it is not a session string");
  }
});

Deno.test("importSession() opens the file that grammers keeps", async () => {
  const path = `${FOLDER}/grammers.session`;
  const database = new DatabaseSync(path);
  database.exec(`
    CREATE TABLE dc_home (dc_id INTEGER NOT NULL, PRIMARY KEY (dc_id));
    CREATE TABLE dc_option (dc_id INTEGER NOT NULL, ipv4 TEXT NOT NULL,
      ipv6 TEXT NOT NULL, auth_key BLOB, PRIMARY KEY (dc_id));
    CREATE TABLE peer_info (peer_id INTEGER NOT NULL, hash INTEGER, subtype INTEGER,
      PRIMARY KEY (peer_id));
    CREATE TABLE update_state (pts INTEGER NOT NULL, qts INTEGER NOT NULL,
      date INTEGER NOT NULL, seq INTEGER NOT NULL);
    CREATE TABLE channel_state (peer_id INTEGER NOT NULL, pts INTEGER NOT NULL,
      PRIMARY KEY (peer_id));
    INSERT INTO dc_home VALUES (4);
    INSERT INTO dc_option VALUES (2, '149.154.167.50:443', '[2001:67c:4e8:f002::a]:443', NULL);
    INSERT INTO peer_info VALUES (777000, -9223372036854775808, NULL),
      (8999999999, 5, 3), (-4123, NULL, NULL),
      (-1001234567890, -99, 8);
    INSERT INTO update_state VALUES (1, 2, 3, 4);
  `);
  database.prepare("INSERT INTO dc_option VALUES (4, '149.154.167.91:443', '[::1]:443', ?)").run(
    KEY,
  );
  const before = await Deno.readFile(path);
  const imported = await importSession(path);
  const { format, state } = imported;
  assertEquals(format, "grammers");
  assertEquals([state.dcId, state.dcs.map(({ id }) => id)], [4, [2, 4]]);
  assertEquals(findDc(state), { id: 4, host: "149.154.167.91", port: 443, authKey: KEY });
  assertEquals(state.user && { ...state.user }, { id: 8_999_999_999n, isBot: true, dcId: 4 });
  assertEquals(state.updates, { pts: 1, qts: 2, date: 3, seq: 4 });
  const kinds = (await peersOf(imported)).map(({ id, kind, accessHash }) => [id, kind, accessHash]);
  assertEquals(kinds, [
    [8_999_999_999n, "bot", 5n],
    [777000n, "user", -9223372036854775808n],
    [-4123n, "chat", undefined],
    [-1001234567890n, "channel", -99n],
  ]);
  database.exec("UPDATE dc_option SET auth_key = NULL");
  database.close();
  await assertRejects(() => importSession(path), SessionError, "it has no key");
  await Deno.writeFile(path, before);
  await assertRejects(() => new SqliteSession(path).load(), SessionError, "it is one of grammers");
});

Deno.test("importSession() names TDLib, whose database it does not read", async () => {
  const folder = `${FOLDER}/tdlib`;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(`${folder}/td.binlog`, "");
  for (const from of [folder, `${folder}/td.binlog`]) {
    const error = await assertRejects(() => importSession(from), SessionError, "it is of TDLib");
    assertEquals(error.format, "TDLib");
  }
});

Deno.test("exportSession() refuses a missing user in formats that need one", async () => {
  const nobody = new MemorySession({ ...sessionOf(KEY).state, user: undefined });
  for (const format of ["pyrogram", "pyrogram-file"] as const) {
    const path = `${FOLDER}/nobody-${format}`;
    const error = await assertRejects(() => exportSession(nobody, format, { path }), SessionError);
    assertMatch(error.message, /does not know its user, expected one that has called getMe\(\)/);
  }
  // Telethon 2 looks for it where its user is.
  const path = await exportSession(nobody, "telethon2-file", { path: `${FOLDER}/nobody-2` });
  const { state } = await importSession(path);
  assertEquals([state.dcId, state.user, findDc(state)?.authKey], [4, undefined, KEY]);
});

Deno.test("The update state goes to Telethon and back", async () => {
  const updates = { pts: 1, qts: 2, date: 3, seq: 4 };
  for (const format of ["telethon-file", "telethon2-file"] as const) {
    const session = new MemorySession({ ...sessionOf(KEY).state, updates });
    const path = await exportSession(session, format, { path: `${FOLDER}/updates-${format}` });
    assertEquals((await importSession(path)).state.updates, updates);
    const without = await exportSession(sessionOf(KEY), format, { path: `${path}-none` });
    assertEquals((await importSession(without)).state.updates, undefined);
  }
});

Deno.test("importSession() reads each file of exportSession(), with its peers", async () => {
  for (
    const format of [
      "tessera-file",
      "telethon-file",
      "telethon2-file",
      "pyrogram-file",
      "mtcute-file",
      "gramjs-folder",
    ] as const
  ) {
    const session = sessionOf(KEY);
    await session.peers.put(PEERS.slice(0, 4));
    const path = await exportSession(session, format, {
      path: `${FOLDER}/written-${format}.session`,
      apiId: 12345,
    });
    const isFolder = format === "gramjs-folder";
    assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, isFolder ? 0o700 : 0o600);
    const imported = await importSession(path);
    assertEquals(imported.format, format);
    assertEquals(findDc(imported.state)?.authKey, KEY);
    assertEquals(findDc(imported.state)?.host, "149.154.167.91");
    const ids = (await peersOf(imported)).map(({ id, accessHash }) => [id, accessHash]);
    const expected = format === "telethon2-file" ? [] : PEERS.slice(0, 4)
      .map(({ id, accessHash }) => [id, accessHash])
      .sort(([a], [b]) => Number((b ?? 0n) - (a ?? 0n)));
    assertEquals(ids, expected, format);
    await assertRejects(
      () => exportSession(session, format, { path }),
      SessionError,
      "there is a file already",
    );
  }
});

Deno.test("A call succeeds after an import of any format without a sign-in", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  const session = new MemorySession();
  {
    await using client = await Client.open(session, apiId, apiHash, clientOptions);
    await client.start({ botAuthToken: "777:TESTTOKEN" });
  }
  const home = findDc(session.state);
  assert(home !== undefined);
  home.host = "149.154.167.51"; // formats with an address have room for an IP address only
  for (const format of STRINGS) {
    const imported = await importSession(await exportSession(session, format, { apiId }));
    await using client = await Client.open(imported, apiId, apiHash, clientOptions);
    assertEquals((await client.getMe())?.username, "test_777_bot", format);
  }
});

Deno.test("copySession() copies the state and the peers to another store", async () => {
  const from = new MemorySession(stateOf(7));
  await from.peers.put(PEERS);
  const to = new SqliteSession(`${FOLDER}/copied`);
  await copySession(from, to);
  const imported = await importSession(to.path);
  assertEquals(imported.format, "tessera-file");
  assertEquals(plain(imported.state), plain(from.state));
  assertEquals(await peersOf(imported), await peersOf(from));
});

Deno.test("importSession() reads a sealed string with its secret only", async () => {
  const sealed = await sealText(await exportSession(sessionOf(KEY), "telethon"), "a passphrase");
  assertEquals((await importSession(sealed, { secret: "a passphrase" })).format, "telethon");
  await assertRejects(() => importSession(sealed), SessionError, "it is sealed");
  await assertRejects(() => importSession(sealed, { secret: "b" }), SessionError, "is wrong");
});

Deno.test("exportSession() overwrites no file, with or without a suffix", async () => {
  const path = `${FOLDER}/there`;
  await exportSession(sessionOf(KEY), "tessera-file", { path });
  const before = await Deno.readFile(`${path}.session`);
  for (const again of [path, `${path}.session`]) {
    const writing = exportSession(sessionOf(HOLLOW), "tessera-file", { path: again });
    await assertRejects(() => writing, SessionError, 'there.session": there is a file already');
  }
  assertEquals(await Deno.readFile(`${path}.session`), before);
});

Deno.test("exportSession() seals only strings and SQLite files of tessera", async () => {
  const secret = "correct horse";
  const text = await exportSession(sessionOf(KEY), "gramjs", { secret });
  const path = await exportSession(sessionOf(KEY), "tessera-file", {
    path: `${FOLDER}/sealed by export`,
    secret,
  });
  for (const from of [text, path]) {
    const error = await assertRejects(() => importSession(from), SessionError, "it is sealed");
    assertEquals(error.lacks, "secret");
    assertEquals(findDc((await importSession(from, { secret })).state)?.authKey, KEY);
  }
  await assertRejects(
    () => exportSession(sessionOf(KEY), "mtcute-file", { path: `${FOLDER}/theirs`, secret }),
    SessionError,
    'Cannot seal the session as "mtcute-file"',
  );
});

Deno.test("importSession() names the fault of a session, and never quotes it", async () => {
  const text = await exportSession(sessionOf(KEY), "pyrogram");
  const mtcute3 = await exportSession(sessionOf(KEY), "mtcute");
  for (
    const wrong of [
      text.slice(0, -30),
      mtcute3.slice(0, 300),
      "",
      "x".repeat(400),
      "/no/such.session",
    ]
  ) {
    const error = await assertRejects(() => importSession(wrong), SessionError);
    assert(!error.message.includes(text.slice(30, 50)));
  }
  await assertRejects(() => importSession(FOLDER), SessionError, "it is a folder");
  await assertRejects(() => exportSession(new MemorySession(), "telethon"), SessionError, "no key");
  const stranger = sessionOf(KEY);
  stranger.state.user = undefined;
  await assertRejects(() => exportSession(stranger, "pyrogram"), SessionError, "its user");
  await assertRejects(() => exportSession(stranger, "telethon-file"), TypeError, "the option path");
});

Deno.test("importSession() describes unreadable input, and lists its formats", async () => {
  const telethon = await exportSession(sessionOf(KEY), "telethon");
  const file = async (content: string | Uint8Array): Promise<string> => {
    const path = `${FOLDER}/unknown-${crypto.randomUUID()}`;
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(path, bytes);
    return path;
  };
  const expected = ", expected a session of Telethon, GramJS, Pyrogram, mtcute, MTKruto, gotd";
  for (
    const [from, says] of [
      [telethon.slice(0, 340), `its 340 characters are cut short or changed${expected}`],
      [await file(telethon.slice(0, 340)), `are cut short or changed${expected}`],
      [await file("hello"), `its 5 characters are of no known format${expected}`],
      [await file(""), "the file is empty"],
      [await file(" \n"), "the file is empty"],
      [await file(KEY), "the file is of no known library"],
      [await file("a text\nof /some lines"), "the file is of no known library"],
      [KEY, "the file is of no known library"],
      [
        `${FOLDER}/nothing.session`,
        "there is no file with that name, and it is not a session string",
      ],
    ] as const
  ) {
    const error = await assertRejects(() => importSession(from), SessionError, says);
    assert(error.message.startsWith("Cannot import the session: "), error.message);
  }
  const mtcuteText = (await exportSession(sessionOf(KEY), "mtcute")).slice(0, 360);
  await assertRejects(() => importSession(mtcuteText), SessionError, "it looks like one of mtcute");
  const pyrogram = await exportSession(sessionOf(KEY), "pyrogram", { apiId: 1 });
  const changed = pyrogram.slice(0, 6) + "z" + pyrogram.slice(7);
  const error = await assertRejects(() => importSession(changed), SessionError);
  assertEquals(error.format, "Pyrogram");
  assertMatch(error.message, /it looks like one of Pyrogram, cut short or changed$/);
});

Deno.test("importSession() reports damaged bytes without its temporary path", async () => {
  const path = `${FOLDER}/to-be-damaged.session`;
  await exportSession(sessionOf(KEY), "tessera-file", { path });
  const whole = Deno.readFileSync(path);
  const changed = whole.map((byte, at) => at >= 30 && at < 90 ? byte ^ 0x55 : byte);
  for (const bytes of [whole.subarray(0, 6000), changed]) {
    const { message } = await assertRejects(() => importSession(bytes), SessionError);
    assertEquals(
      message,
      "Cannot import the session: the file is damaged. Restore a copy, or sign in again.",
    );
  }
  const foreign = new DatabaseSync(`${FOLDER}/nobodys.db`);
  foreign.exec("CREATE TABLE letter (text)");
  foreign.close();
  const nobodys = Deno.readFileSync(`${FOLDER}/nobodys.db`);
  const { message } = await assertRejects(() => importSession(nobodys), SessionError);
  assertEquals(message, "Cannot import the session: it is a SQLite file of no known library");
});

/**
 * Whether the home is where the key is, and the one peer that the other library has kept is known.
 */
async function assertKeyAndPeer(imported: ImportedSession): Promise<void> {
  assertEquals({ ...findDc(imported.state) }, {
    id: 4,
    host: "149.154.167.91",
    port: 443,
    authKey: KEY,
  });
  assertEquals(await peersOf(imported), [
    { id: 5n, kind: "user", accessHash: -7n, usernames: ["five"], phone: "555" },
  ]);
}

longTest(
  "GramJS and tessera open each other's folders, with their peers",
  async () => {
    const session = sessionOf(KEY);
    await session.peers.put(PEERS.slice(0, 4));
    const ours = `${FOLDER}/ours`;
    await exportSession(session, "gramjs-folder", { path: ours });
    const program = new URL("gramjs_folder.ts", import.meta.url).pathname;
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", LOCK, `--config=${config}`, program],
      cwd: FOLDER,
    }).output();
    assertEquals(success, true, new TextDecoder().decode(stderr));
    const { dcId, serverAddress, port, authKey, peer } = JSON.parse(
      new TextDecoder().decode(stdout),
    );
    assertEquals([dcId, serverAddress, port], [4, "149.154.167.91", 443]);
    assertEquals(authKey, [...KEY]);
    assertEquals(peer.slice(0, 4), ["777000", "-9223372036854775808", "telegram", "42777"]);

    const imported = await importSession(`${FOLDER}/theirs`);
    assertEquals(imported.format, "gramjs-folder");
    await assertKeyAndPeer(imported);
    await assertRejects(
      () => new StoreSession(`${FOLDER}/theirs`).load(),
      SessionError,
      "of GramJS",
    );
  },
);

Deno.test("mtcute's repositories and tessera open each other's files", async () => {
  const session = sessionOf(KEY);
  await session.peers.put(PEERS.slice(0, 4));
  const ours = await exportSession(session, "mtcute-file", {
    path: `${FOLDER}/ours-mtcute.session`,
  });
  const dcMain = new Uint8Array([
    2,
    4,
    0,
    14,
    ...new TextEncoder().encode("149.154.167.91"),
    0,
    187,
    1,
    0,
    0,
  ]);
  {
    const { storage, close } = await openMtcute(ours);
    assertEquals(new Uint8Array(await storage.authKeys.get(4) ?? []), KEY);
    assertEquals(new Uint8Array(await storage.kv.get("dc_main") ?? []), dcMain);
    const peer = await storage.peers.getByUsername("telegram");
    assertEquals([peer?.id, peer?.accessHash, peer?.phone], [777000, "0|-2147483648", "42777"]);
    await close();
  }
  const theirs = `${FOLDER}/theirs-mtcute.session`;
  const { storage, save, close } = await openMtcute(theirs);
  await storage.authKeys.set(4, KEY);
  await storage.kv.set("dc_main", dcMain);
  await storage.peers.store({
    id: 5,
    accessHash: "-7|-1",
    isMin: false,
    usernames: ["five"],
    updated: 1,
    phone: "555",
    complete: new Uint8Array(),
  });
  save();
  await close();
  const imported = await importSession(theirs);
  assertEquals(imported.format, "mtcute-file");
  await assertKeyAndPeer(imported);
});

Deno.test("importSession() and exportSession() name the fault of a path or a file", async () => {
  const formats = ["telethon-file", "tdata", "gramjs-folder", "mtcute-file"] as const;
  const session = sessionOf(KEY);
  session.state.user = { id: 5n, isBot: false };
  for (const format of formats) {
    const path = `${FOLDER}/no/such/folder`;
    await assertRejects(
      () => exportSession(session, format, { path }),
      SessionError,
      `Cannot write the session to "${path}": there is no such file or folder`,
    );
    const inFile = `${FOLDER}/a file/in it`;
    await Deno.writeTextFile(`${FOLDER}/a file`, "");
    await assertRejects(
      () => exportSession(session, format, { path: inFile }),
      SessionError,
      "expected a folder",
    );
  }
  const path = await exportSession(session, "telethon-file", { path: `${FOLDER}/whole.session` });
  const whole = await Deno.readFile(path);
  const cut = `${FOLDER}/cut-telethon.session`;
  for (const length of [90, 2000, 5000, whole.length - 4096]) {
    await Deno.writeFile(cut, whole.subarray(0, length));
    await assertRejects(() => importSession(cut), SessionError, "Cannot import");
    assertEquals((await Deno.readFile(cut)).length, length);
  }
});
