/**
 * Changed sessions of every format: each is read, or refused with a `SessionError`, in little time
 * and memory. A session that is read has a home and addresses that a client can use.
 */

import { MemorySession, sealText, SessionError } from "../../mod.ts";
import { checkSum } from "../../src/session/state/check_sum.ts";
import {
  exportSession,
  type ImportedSession,
  importSession,
  importSessionString,
  STRING_FORMATS,
} from "../../src/session/convert/mod.ts";
import { readGramJsFolder } from "../../src/session/convert/gramjs_folder.ts";
import { int32, qtBytes } from "../../src/session/convert/qt_data.ts";
import { ImportedSession as Imported } from "../../src/session/convert/foreign_session.ts";
import { readTdata } from "../../src/session/convert/tdata.ts";
import { encryptLocal, passcodeKey } from "../../src/session/convert/tdata_file.ts";
import { md5 } from "../../src/session/convert/md5.ts";
import { DatabaseFile, StructureError } from "../../src/session/stores/database_file.ts";
import { isPlain } from "../../src/session/stores/database_schema.ts";
import {
  bytesToHex,
  concatBytes,
  decodeBase64,
  encodeBase64Url,
  encodeUtf8,
} from "../../src/crypto/mod.ts";
import type { FileSystem } from "../../src/runtime/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { mutated, Worst } from "../helpers/mutations.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { PEERS, stateOf } from "../helpers/states.ts";

interface Vectors {
  readonly strings: readonly { readonly text: string }[];
  readonly files: readonly { readonly gzip: string }[];
  readonly telethon2: { readonly gzip: string };
  readonly gotd: { readonly text: string };
  readonly mtkruto: { readonly text: string };
}
const vectors: Vectors = JSON.parse(
  await Deno.readTextFile(new URL("../vectors/foreign_sessions.json", import.meta.url)),
);
const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));
const SECRET = new Uint8Array(32).fill(7);

const session = new MemorySession(stateOf(3));
await session.peers.put(PEERS);
const ours = await exportSession(session, "tessera");
const strings = [
  ...await Promise.all(STRING_FORMATS.map((format) => exportSession(session, format))),
  ...vectors.strings.map(({ text }) => text),
  vectors.mtkruto.text,
];

async function gunzip(base64: string): Promise<Uint8Array> {
  const body = new Blob([Uint8Array.from(decodeBase64(base64))]).stream();
  return new Uint8Array(
    await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer(),
  );
}

const files = await Promise.all([
  ...vectors.files.map(({ gzip }) => gunzip(gzip)),
  gunzip(vectors.telethon2.gzip),
  ...(["tessera-file", "telethon-file", "mtcute-file", "pyrogram-file"] as const).map(
    async (format) =>
      await Deno.readFile(
        await exportSession(session, format, { path: `${FOLDER}/${format}.session` }),
      ),
  ),
]);

const isRefusal = (error: unknown): boolean => error instanceof SessionError;

/** Checks a session that was read. */
function isUsable({ state }: ImportedSession): true {
  assert(state.dcs.length <= 32 && Number.isInteger(state.dcId));
  for (const { host, port, authKey } of state.dcs) {
    assert(typeof host === "string" && host !== "" && port > 0 && port < 65_536);
    assert(authKey === undefined || authKey.length === 256);
  }
  return true;
}

/** Turns the bytes of a string back into a string of the same kind. */
function stringOf(bytes: Uint8Array, seed: string): string {
  return `${seed.startsWith("1") ? "1" : ""}${encodeBase64Url(bytes)}`;
}

Deno.test("Changed session strings are read, or refused", async () => {
  const random = seededRandom(1);
  const worst = new Worst();
  const raw = strings.filter((text) => !text.startsWith("tessera"));
  const bytes = raw.map((text) => decodeBase64(text.startsWith("1") ? text.slice(1) : text));
  for (let left = runs(400, 20000, 500_000); left > 0; left--) {
    const seed = pick(random, raw.length);
    const text = stringOf(mutated(random, bytes[seed], bytes), raw[seed]);
    await worst.measure(async () => isUsable(await importSessionString(text)), isRefusal);
  }
  worst.print("session strings");
});

Deno.test("Changed texts, sealed or of gotd too, are read or refused", async () => {
  const random = seededRandom(2);
  const worst = new Worst();
  const sealed = await sealText(ours, SECRET);
  const texts = [...strings, vectors.gotd.text, sealed].map(encodeUtf8);
  for (let left = runs(200, 10000, 150_000); left > 0; left--) {
    const seed = texts[pick(random, texts.length)];
    const text = String.fromCharCode(...mutated(random, seed, texts));
    const read = async (): Promise<boolean> =>
      isUsable(await importSessionString(text, { secret: SECRET }));
    await worst.measure(read, isRefusal);
  }
  worst.print("texts");
});

Deno.test("Changed states with a right check sum are read, or refused", async () => {
  const random = seededRandom(3);
  const worst = new Worst();
  const json = decodeBase64(ours.split(".")[1]);
  for (let left = runs(200, 10000, 150_000); left > 0; left--) {
    const changed = mutated(random, json, [json]);
    const text = `tessera1.${encodeBase64Url(changed)}.${bytesToHex(checkSum(changed, 8))}`;
    await worst.measure(async () => isUsable(await importSessionString(text)), isRefusal);
  }
  worst.print("states");
});

Deno.test("Changed SQLite files are refused by their structure, or plain", async () => {
  const random = seededRandom(4);
  const worst = new Worst();
  for (let left = runs(200, 10000, 150_000); left > 0; left--) {
    const bytes = mutated(random, files[pick(random, files.length)], files);
    await worst.measure(() => {
      const file = DatabaseFile.of(bytes);
      const entries = file.schema();
      for (const entry of entries) if (entry.root > 0) file.check(entry);
      return isPlain(entries);
    }, (error) => error instanceof StructureError);
  }
  worst.print("structures of SQLite files");
});

Deno.test("Changed SQLite files are imported, or refused", async () => {
  const random = seededRandom(5);
  const worst = new Worst();
  for (let left = runs(40, 2000, 20_000); left > 0; left--) {
    const bytes = mutated(random, files[pick(random, files.length)], files);
    await worst.measure(async () => isUsable(await importSession(bytes)), isRefusal);
  }
  worst.print("SQLite files");
});

/** Files in memory, as far as the readers of folders use them. */
function filesOf(contents: ReadonlyMap<string, Uint8Array>): FileSystem {
  return {
    existsSync: (path: string) => contents.has(path),
    statSync: (path: string) => ({ size: contents.get(path)?.length ?? 0, mtimeMs: 0 }),
    readFileSync: (path: string) => contents.get(path) ?? new Uint8Array(),
    readdirSync: () => Array.from(contents.keys(), (path) => path.slice(path.indexOf("/") + 1)),
  } as unknown as FileSystem;
}

Deno.test("Changed folders of GramJS are imported, or refused", async () => {
  const random = seededRandom(6);
  const worst = new Worst();
  const path = await exportSession(session, "gramjs-folder", { path: `${FOLDER}/gramjs` });
  const written = new Map<string, Uint8Array>();
  for (const { name } of Deno.readDirSync(path)) {
    written.set(`gramjs/${name}`, await Deno.readFile(`${path}/${name}`));
  }
  const names = [...written.keys()];
  for (let left = runs(100, 5000, 50_000); left > 0; left--) {
    const changed = new Map(written);
    const name = names[pick(random, names.length)];
    changed.set(
      name,
      mutated(random, written.get(name) ?? new Uint8Array(), [...written.values()]),
    );
    const read = (): boolean =>
      isUsable(new Imported(readGramJsFolder(filesOf(changed), "gramjs")));
    await worst.measure(read, isRefusal);
  }
  worst.print("folders of GramJS");
});

/** A file of Telegram Desktop with a right check sum. */
function tdataFile(data: Uint8Array): Uint8Array {
  const [magic, version] = [encodeUtf8("TDF$"), int32(3_000_000, true)];
  const sum = md5(concatBytes(data, int32(data.length, true), version, magic));
  return concatBytes(magic, version, data, sum);
}

Deno.test("Changed accounts of Telegram Desktop are imported, or refused", async () => {
  const random = seededRandom(7);
  const worst = new Worst();
  const localKey = Uint8Array.from({ length: 256 }, (_, i) => i * 5 & 0xff);
  const salt = new Uint8Array(32).fill(3);
  const key = await passcodeKey(salt, "");
  const wide = new Uint8Array(8).fill(255);
  const id = new Uint8Array([0, 0, 0, 0, 0, 0, 3, 9]);
  const keys = [int32(2), int32(4), localKey, int32(2), localKey, int32(0)];
  const account = concatBytes(wide, id, int32(4), ...keys);
  const parts = [
    concatBytes(int32(1), int32(0), int32(0)),
    concatBytes(int32(75), qtBytes(account)),
    qtBytes(concatBytes(int32(1), int32(0))),
  ];
  const build = ([info, file, config]: readonly Uint8Array[]): Map<string, Uint8Array> => {
    const encrypted = (data: Uint8Array): Uint8Array => qtBytes(encryptLocal(data, localKey));
    const opening = [qtBytes(salt), qtBytes(encryptLocal(localKey, key)), encrypted(info)];
    return new Map([
      ["t/key_datas", tdataFile(concatBytes(...opening))],
      ["t/D877F783D5D3EF8Cs", tdataFile(encrypted(file))],
      ["t/D877F783D5D3EF8C/configs", tdataFile(encrypted(config))],
    ]);
  };
  const read = async (contents: Map<string, Uint8Array>): Promise<boolean> =>
    isUsable(new Imported(await readTdata(filesOf(contents), "t", {})));
  assertEquals(await read(build(parts)), true);
  for (let left = runs(60, 3000, 30_000); left > 0; left--) {
    const place = pick(random, 6);
    const changed = parts.map((part, at) => at === place % 3 ? mutated(random, part, parts) : part);
    const contents = build(changed);
    if (place >= 3) { // the file itself, with a right check sum
      const [name] = [...contents.keys()].slice(place % 3);
      const data = (contents.get(name) ?? new Uint8Array()).slice(8, -16);
      contents.set(name, tdataFile(mutated(random, data, parts)));
    }
    await worst.measure(() => read(contents), isRefusal);
  }
  worst.print("accounts of Telegram Desktop");
});
