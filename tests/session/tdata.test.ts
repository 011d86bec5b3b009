/**
 * Checks Telegram Desktop's folder `tdata` against @mtcute/convert, which has a reader and writer
 * of its own.
 */

import { createHash } from "node:crypto";
import * as mtcute from "@mtcute/convert";
import { NodeCryptoProvider } from "@mtcute/node/utils.js";
import { Client, MemorySession, SessionError } from "../../mod.ts";
import { exportSession, type ImportOptions, importSession } from "../../src/session/convert/mod.ts";
import { md5 } from "../../src/session/convert/md5.ts";
import { qtBytes } from "../../src/session/convert/qt_data.ts";
import { bytesToHex, decodeBase64, encodeUtf8 } from "../../src/crypto/mod.ts";
import { findDc } from "../../src/session/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { shows } from "../helpers/secrets.ts";
import { longTest, runs } from "../helpers/long.ts";

const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));
const NAMES = ["D877F783D5D3EF8C", "A7FDF864FBC10B77", "F8806DD0C461824F"];
const PASSCODE = "päss";

/** What @mtcute/convert takes by itself under Node, where it finds the package. */
const mtcuteCrypto = Object.assign(new NodeCryptoProvider(), {
  createHash(algorithm: "md5" | "sha512") {
    const hash = createHash(algorithm);
    return {
      update: (data: Uint8Array): void => void hash.update(data),
      digest: (): Uint8Array => new Uint8Array(hash.digest()),
    };
  },
});

function keyOf(n: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, i) => (i * 7 + n * 13 + 1) % 256);
}

function sessionOf(n: number, dcId = 4): MemorySession {
  return new MemorySession({
    dcId,
    dcs: [
      { id: dcId, host: "149.154.167.91", port: 443, authKey: keyOf(n) },
      { id: 1, host: "149.154.175.53", port: 443, authKey: keyOf(n + 100) },
    ],
    user: { id: 8_999_999_990n + BigInt(n), isBot: false, dcId },
  });
}

/** Every file in a folder, in hex. */
async function filesIn(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) Object.assign(found, await filesIn(path));
    else found[path] = bytesToHex(await Deno.readFile(path));
  }
  return found;
}

async function copyOf(folder: string, name: string): Promise<string> {
  const copy = `${FOLDER}/${name}`;
  for (const [path, hex] of Object.entries(await filesIn(folder))) {
    const to = copy + path.slice(folder.length);
    await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(to, Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16)));
  }
  return copy;
}

Deno.test("md5() returns the same as the runtime, whatever the length", () => {
  assertEquals(bytesToHex(md5(encodeUtf8("abc"))), "900150983cd24fb0d6963f7d28e17f72"); // RFC 1321
  for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 31);
    assertEquals(bytesToHex(md5(bytes)), createHash("md5").update(bytes).digest("hex"));
  }
});

Deno.test("@mtcute/convert opens exported tdata: passcodes, several accounts", async () => {
  for (const passcode of [PASSCODE, undefined].slice(0, runs(1, 2))) {
    const path = `${FOLDER}/ours${passcode ? "-locked" : ""}`;
    const written = await exportSession(sessionOf(1), "tdata", {
      path,
      passcode,
      others: [sessionOf(2, 2), sessionOf(3, 5)],
    });
    assertEquals(written, path);
    assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o700);
    assertEquals((Deno.statSync(`${path}/key_datas`).mode ?? 0) & 0o777, 0o600);
    for (const name of NAMES) {
      Deno.statSync(`${path}/${name}s`);
      Deno.statSync(`${path}/${name}/maps`);
    }
    const tdata = await mtcute.Tdata.open({ path, passcode, crypto: mtcuteCrypto });
    assertEquals([tdata.keyData.count, tdata.keyData.order], [3, [0, 1, 2]]);
    for (const [index, dcId] of [4, 2, 5].entries()) {
      const { userId, mainDcId, authKeys } = await tdata.readMtpAuthorization(index);
      assertEquals([userId.toString(), mainDcId], [`${8_999_999_991 + index}`, dcId]);
      assertEquals(authKeys.map(({ dcId, key }) => [dcId, [...key]]), [
        [dcId, [...keyOf(index + 1)]],
        [1, [...keyOf(index + 101)]],
      ]);
    }
  }
});

longTest(
  "importSession() opens the tdata that @mtcute/convert writes, and leaves it as it is",
  async () => {
    for (const passcode of [undefined, PASSCODE]) {
      const path = `${FOLDER}/theirs${passcode ? "-locked" : ""}/tdata`;
      const strings = [sessionOf(1), sessionOf(2, 2)].map((one) => exportSession(one, "mtcute"));
      await mtcute.convertToTdata(await Promise.all(strings), {
        path,
        passcode,
        crypto: mtcuteCrypto,
      });
      const before = await filesIn(path);
      for (const [index, dcId] of [4, 2].entries()) {
        for (const from of [path, `${path}/..`, new URL(`file://${path}`)]) {
          const imported = await importSession(from, { passcode, account: index + 1 });
          assertEquals(imported.format, "tdata");
          assertEquals(imported.state.dcId, dcId);
          assertEquals(findDc(imported.state)?.authKey, keyOf(index + 1));
          assertEquals(imported.state.user?.id, 8_999_999_991n + BigInt(index));
        }
      }
      assertEquals(await filesIn(path), before);
    }
  },
);

Deno.test("importSession() lists the accounts of a tdata without an account option", async () => {
  const path = `${FOLDER}/several`;
  await exportSession(sessionOf(1), "tdata", { path, others: [sessionOf(2, 2)] });
  const error = await assertRejects(() => importSession(path), SessionError, "it has 2 accounts");
  assert(
    error.message.includes(
      "(1: user 8999999991, data center 4; 2: user 8999999992, data center 2)",
    ),
    error.message,
  );
  const { state } = await importSession(path, { account: 2 });
  assertEquals(state.dcs.map(({ id, authKey }) => [id, authKey]), [[2, keyOf(2)], [1, keyOf(102)]]);
  await assertRejects(() => importSession(path, { account: 3 }), SessionError, "from 1 to 2");
  await Deno.remove(`${path}/${NAMES[0]}s`);
  await assertRejects(() => importSession(path), SessionError, "1: cannot be read; 2: user");
  assertEquals((await importSession(path, { account: 2 })).state.user?.id, 8_999_999_992n);
});

longTest(
  "importSession() reads the folders of older versions of Telegram Desktop",
  async () => {
    const path = `${FOLDER}/old`;
    const tdata = await mtcute.Tdata.create({
      path,
      crypto: mtcuteCrypto,
      keyData: { count: 1, order: [0], active: 0 },
    });
    const numbers = (...values: number[]): Uint8Array => {
      const view = new DataView(new ArrayBuffer(values.length * 4));
      values.forEach((value, index) => view.setInt32(index * 4, value));
      return new Uint8Array(view.buffer);
    };
    const inner = [
      ...numbers(12345, 2, 2, 2),
      ...keyOf(1),
      ...numbers(20_002), // the connection that files are sent by
      ...keyOf(2),
      ...numbers(0),
    ];
    const account = Uint8Array.from([...numbers(75), ...qtBytes(Uint8Array.from(inner))]);
    await tdata.writeEncryptedFile(NAMES[0], account);
    await Deno.rename(`${path}/${NAMES[0]}s`, `${path}/${NAMES[0]}1`);
    await Deno.writeTextFile(`${path}/${NAMES[0]}0`, "an older copy");
    await Deno.utime(`${path}/${NAMES[0]}0`, 1, 1);
    const { state } = await importSession(path);
    assertEquals(state.user, { id: 12345n, isBot: false, dcId: 2 });
    assertEquals(state.dcs.map(({ id, authKey }) => [id, authKey]), [[2, keyOf(1)]]);
    assertEquals(state.testMode, false);
    await Deno.mkdir(`${path}/${NAMES[0]}`);
    const config = qtBytes(Uint8Array.from([...numbers(1, 1, 0)]));
    await tdata.writeEncryptedFile(`${NAMES[0]}/config`, config);
    assertEquals((await importSession(path)).state.testMode, true);
  },
);

Deno.test("importSession() names the fault of a tdata, shows no key, changes nothing", async () => {
  const plain = `${FOLDER}/plain`;
  const locked = `${FOLDER}/locked`;
  await exportSession(sessionOf(1), "tdata", { path: plain });
  await exportSession(sessionOf(1), "tdata", { path: locked, passcode: PASSCODE });
  const refused = async (
    folder: string,
    text: string,
    options?: ImportOptions,
  ): Promise<SessionError> => {
    const before = await filesIn(folder);
    const error = await assertRejects(() => importSession(folder, options), SessionError, text);
    assert(!shows(Deno.inspect(error), keyOf(1)));
    assert(!Deno.inspect(error).includes("wrong one!"));
    assertEquals(await filesIn(folder), before);
    return error;
  };
  assertEquals((await refused(locked, "it is locked with a passcode")).lacks, "passcode");
  const { lacks } = await refused(locked, "the passcode is wrong", {
    passcode: "wrong one!",
  });
  assertEquals(lacks, undefined);
  await refused(plain, "the passcode is wrong", { passcode: "wrong one!" });
  for (const file of ["key_datas", `${NAMES[0]}s`]) {
    const whole = await Deno.readFile(`${plain}/${file}`);
    const copy = await copyOf(plain, `damaged-${file}`);
    for (let length = 0; length < whole.length; length += runs(111, 37)) {
      await Deno.writeFile(`${copy}/${file}`, whole.subarray(0, length));
      await assertRejects(() => importSession(copy), SessionError, "damaged");
    }
    for (let at = 0; at < whole.length; at += runs(55, 11)) {
      const flipped = whole.slice();
      flipped[at] ^= 1 << at % 8;
      await Deno.writeFile(`${copy}/${file}`, flipped);
      await assertRejects(() => importSession(copy), SessionError, "damaged");
    }
    await refused(copy, "damaged");
    await Deno.remove(`${copy}/${file}`);
    await refused(copy, file === "key_datas" ? "before 2.0" : "is missing");
  }
  const mixed = await copyOf(plain, "mixed");
  await Deno.copyFile(`${locked}/${NAMES[0]}s`, `${mixed}/${NAMES[0]}s`);
  await refused(mixed, "is of another folder");
  const one = await Deno.readFile(`${plain}/key_datas`);
  for (const from of [one, `${plain}/key_datas`]) {
    await assertRejects(() => importSession(from), SessionError, "one file of Telegram Desktop");
  }
});

Deno.test("exportSession() refuses tdata over files, for bots, tests or no user", async () => {
  const path = `${FOLDER}/refused`;
  const refused = async (session: MemorySession, text: string): Promise<void> => {
    await assertRejects(() => exportSession(session, "tdata", { path }), SessionError, text);
    await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
  };
  const session = sessionOf(1);
  session.state.testMode = true;
  await refused(session, "Telegram's test servers");
  session.state.testMode = false;
  session.state.user = { id: 5n, isBot: true };
  await refused(session, "it is of a bot");
  session.state.user = undefined;
  await refused(session, "does not know its user");
  await refused(new MemorySession(), "no key");
  const others = Array.from({ length: 6 }, (_, n) => sessionOf(n));
  await assertRejects(
    () => exportSession(sessionOf(9), "tdata", { path, others }),
    SessionError,
    "at most 6",
  );
  await Deno.mkdir(path);
  await assertRejects(
    () => exportSession(sessionOf(1), "tdata", { path }),
    SessionError,
    "there is a file already",
  );
  assertEquals([...Deno.readDirSync(path)], []);
});

Deno.test("A call succeeds after an import of files and folders without a sign-in", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  const session = new MemorySession();
  {
    await using client = await Client.open(session, apiId, apiHash, clientOptions);
    await client.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
  }
  const home = findDc(session.state);
  assert(home !== undefined);
  home.host = "149.154.167.51"; // formats with an address have room for an IP address only
  for (
    const format of [
      "tessera-file",
      "telethon-file",
      "telethon2-file",
      "pyrogram-file",
      "mtcute-file",
      "gramjs-folder",
      "tdata",
    ] as const
  ) {
    const path = await exportSession(session, format, {
      path: `${FOLDER}/used-${format}.session`,
      apiId,
    });
    const imported = await importSession(path);
    assertEquals(imported.format, format);
    await using client = await Client.open(imported, apiId, apiHash, clientOptions);
    assertEquals((await client.getMe())?.id, session.state.user?.id, format);
  }
});

longTest(
  "importSession() opens the tdata that opentele writes: two accounts, locked with a passcode",
  async () => {
    const { tdata: { passcode, files } } = JSON.parse(
      await Deno.readTextFile(new URL("../vectors/foreign_sessions.json", import.meta.url)),
    );
    const folder = await Deno.makeTempDir();
    for (const [name, base64] of Object.entries<string>(files)) {
      const path = `${folder}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeFile(path, decodeBase64(base64));
    }
    for (const account of [1, 2]) {
      const { state } = await importSession(folder, { passcode, account });
      assertEquals(state.user?.id, 8_999_999_998n + BigInt(account));
      assertEquals(state.dcId, 5 - account);
      const key = Uint8Array.from({ length: 256 }, (_, i) => i * 7 + account);
      assertEquals(state.dcs.find(({ id }) => id === state.dcId)?.authKey, key);
    }
    await Deno.remove(folder, { recursive: true });
  },
);
