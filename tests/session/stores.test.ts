/** Tests the stores that need no server. services.test.ts tests Redis and PostgreSQL. */

import "fake-indexeddb/auto";
import { createStorage } from "unstorage";
import { SessionError, StoreSession } from "../../src/session/mod.ts";
import { fileError } from "../../src/session/stores/file_error.ts";
import {
  folderStore,
  indexedDbStore,
  unstorageStore,
  webStorageStore,
} from "../../src/session/stores/mod.ts";
import { fileNameOf } from "../../src/session/stores/file_name.ts";
import {
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertThrows,
} from "../helpers/assert.ts";
import { testStore } from "../helpers/store_conformance.ts";
import { openStore } from "../helpers/session_kinds.ts";
import { readElsewhere } from "./read_elsewhere.ts";
import { numberOf, stateOf } from "../helpers/states.ts";
import { LOCK } from "../helpers/lock.ts";
import { longTest } from "../helpers/long.ts";

const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

for (
  const [name, kind, at, canSwap] of [
    ["The SQLite store", "sqlite", `${FOLDER}/shared.session`, true],
    ["The folder store", "folder", `${FOLDER}/folder`, true],
    ["The unstorage store", "unstorage", `${FOLDER}/unstorage`, false],
  ] as const
) {
  testStore({
    name,
    open: () => openStore(kind, at),
    readElsewhere: (session) => readElsewhere(kind, at, session),
    canSwap,
  });
}

testStore({
  name: "The unstorage store in memory",
  open: (() => {
    const storage = createStorage();
    return () => unstorageStore(storage);
  })(),
  canSwap: false,
});

testStore({ name: "The IndexedDB store", open: () => indexedDbStore("test"), canSwap: true });

testStore({
  name: "The web storage store",
  open: () => webStorageStore(localStorage),
  canSwap: false,
});

Deno.test("The web storage store and Deno KV keep sessions across processes", async () => {
  for (const kind of ["localStorage", "denoKv"]) {
    const flags = ["--unstable-kv", `--location=https://tessera.test/${crypto.randomUUID()}`];
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--no-check", LOCK, ...flags],
        new URL("write_elsewhere.ts", import.meta.url).pathname,
        ...[kind, `${FOLDER}/deno.kv`, "me"],
      ],
    }).output();
    assertEquals(success, true, new TextDecoder().decode(stderr));
    const written = new TextDecoder().decode(stdout).trim();
    assertEquals(written.length > 1000, true);
    assertEquals(await readElsewhere(kind, `${FOLDER}/deno.kv`, "me", flags), written);
  }
});

longTest("The Deno KV store does what every store must", async () => {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "-A", "--no-check", LOCK, "--unstable-kv"],
      new URL("deno_kv_conformance.ts", import.meta.url).pathname,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stdout);
  assertEquals(success, true, said);
  assertEquals(/ok \| 21 passed \| 0 failed/.test(said), true, said);
});

Deno.test("StoreSession without a store is a folder of its name, for its owner only", async () => {
  const path = `${FOLDER}/some where/my_session`;
  const session = new StoreSession(path);
  await session.load();
  session.state = stateOf(4);
  await session.save();
  await session.close();
  // The lease has been given back: its highest number stays, empty.
  const names = [...Deno.readDirSync(path)].map(({ name }) => name).sort();
  assertEquals(names, ["my_session.lease~2", "my_session.session"]);
  assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o700);
  assertEquals((Deno.statSync(`${path}/my_session.session`).mode ?? 0) & 0o777, 0o600);
  const again = new StoreSession(path);
  await again.load();
  assertEquals(numberOf(again.state), 4);
  await again.close();
});

Deno.test("The folder store removes a killed program's files, not those in use", () => {
  const path = `${FOLDER}/killed`;
  Deno.mkdirSync(path);
  const [old, young] = ["a~new", "b~new"].map((name) => `${path}/${name}`);
  for (const file of [old, young]) Deno.writeTextFileSync(file, "half");
  Deno.utimeSync(old, 1e9, 1e9);
  folderStore(`${path}/`).set("key", "value");
  assertEquals([...Deno.readDirSync(path)].map(({ name }) => name).sort(), ["b~new", "key"]);
});

Deno.test("The folder store reports that its folder is a file", async () => {
  const path = `${FOLDER}/a file`;
  Deno.writeTextFileSync(path, "");
  await assertRejects(() => new StoreSession(path).load(), SessionError, "expected a folder");
});

Deno.test("fileError() explains full disks and read-only folders, and no other error", () => {
  const told = (code: string): string => {
    const error = fileError("save it", Object.assign(new Error("said by the system"), { code }));
    assertInstanceOf(error, SessionError);
    return error.message;
  };
  assertMatch(
    told("ENOSPC"),
    /^Cannot save it: the disk is full. Free some space; what was saved before is intact.$/,
  );
  for (const code of ["EACCES", "EPERM"]) assertMatch(told(code), /may not be read or written/);
  assertMatch(told("EROFS"), /may not be written to/);
  assertEquals(told("EMFILE"), "Cannot save it: said by the system");
  const other = new RangeError("a mistake of ours");
  assertEquals(fileError("save it", other), other);
});

Deno.test("fileNameOf() gives each key a name of its own, on any file system", () => {
  assertEquals(fileNameOf("me:session"), "me.session");
  assertEquals(fileNameOf("me.session"), "me%2esession");
  assertEquals(fileNameOf("ME:x/y"), "%4d%45.x%2fy");
  assertEquals(fileNameOf(".."), "%2e%2e");
  const keys = ["a", "A", "%41", "%61", "a~1", "a.b", "a:b", "a/b", "a\\b", "é", "É", "CON", "a*"];
  assertEquals(new Set(keys.map((key) => fileNameOf(key).toLowerCase())).size, keys.length);
});

Deno.test("webStorageStore() reports a full storage", () => {
  const { indexedDB } = globalThis as unknown as { indexedDB: unknown };
  assertEquals(typeof indexedDB, "object");
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new DOMException("QuotaExceededError");
    },
    removeItem() {},
  };
  assertThrows(
    () => webStorageStore(full).set("a", "b"),
    SessionError,
    "the storage of the browser is full",
  );
});
