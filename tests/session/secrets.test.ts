/**
 * Tests that no output or inspection has a key in the whole life of a session: created, stored,
 * leased, sealed, damaged, imported, used on the command line, and ended.
 */

import {
  Client,
  type KeyValueStore,
  MemorySession,
  sealText,
  type Session,
  SqliteSession,
  StoreSession,
  StringSession,
  unsealText,
} from "../../mod.ts";
import {
  copySession,
  exportSession,
  importSession,
  type SessionFormat,
} from "../../src/session/convert/mod.ts";
import { folderStore, webStorageStore } from "../../src/session/stores/mod.ts";
import { run } from "../../src/cli/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { FakeWorld } from "../helpers/fake_world.ts";
import { longTest } from "../helpers/long.ts";
import { shows, Witness } from "../helpers/secrets.ts";

const PHONE = "+9996622222";
const CODE = "22222";
const PASSWORD = "hunter2";
const PASSPHRASE = "correct horse battery staple";
const PASSCODE = "let me in";
const WRONG = "a wrong passphrase";

Deno.test("shows() finds a secret in every form in which it could be printed", () => {
  const key = crypto.getRandomValues(new Uint8Array(256));
  const json = { authKey: key };
  const base64 = (from: number): string => btoa(String.fromCharCode(...key.subarray(from)));
  for (
    const text of [
      Deno.inspect(key),
      JSON.stringify(json),
      String(key),
      [...key].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
      Deno.inspect({ json: [...key] }),
      ...[0, 1, 2, 3, 128].map(base64),
      btoa("something longer" + String.fromCharCode(...key)),
      base64(0).replaceAll("+", "-").replaceAll("/", "_"),
      String.fromCharCode(...key),
    ]
  ) assert(shows(`printed: ${text}.`, key), text);
  assert(!shows(Deno.inspect(crypto.getRandomValues(new Uint8Array(2000))), key));
});

/** The same with one bit of it flipped, and the first half of it. */
function damagedTexts(text: string): string[] {
  const at = text.length >> 1;
  const other = text[at] === "A" ? "B" : "A";
  return [text.slice(0, at), text.slice(0, -3), text.slice(0, at) + other + text.slice(at + 1)];
}

/** Prints a session and its content in every way. */
function look(seen: Witness, session: Session): void {
  const { state } = session;
  seen.add(session, state, ...state.dcs, state.user, session.peers, { session }, [session]);
  seen.add(new Error("Something failed", { cause: session }));
}

longTest(
  "No key is in any line of the log, error, text, JSON or inspection of a session's whole life",
  async () => {
    const folder = await Deno.makeTempDir();
    const seen = new Witness();
    using _console = seen.watchConsole();
    await using telegram = new OfflineTelegram({
      dcs: [2, 4],
      accounts: [{ phone: PHONE, code: CODE, password: PASSWORD, dcId: 4 }],
    });
    const { apiId, apiHash } = telegram;
    const logging = { logger: seen.logger, logLevel: "debug" } as const;
    const clientOptions = { ...telegram.clientOptions, ...logging };
    const clientOf = <S extends Session>(session: S): Client<S> =>
      new Client(session, apiId, apiHash, clientOptions);
    const secrets: (string | Uint8Array)[] = [PASSWORD, PASSPHRASE, PASSCODE, WRONG, apiHash];

    // Signed in, with a move to another data center; used by a second program meanwhile.
    const path = `${folder}/me.session`;
    const file = new SqliteSession(path);
    {
      await using client = clientOf(file);
      await client.start({ phoneNumber: PHONE, phoneCode: CODE, password: PASSWORD });
      await seen.failure(() => new SqliteSession(path).load());
      await seen.failure(() => clientOf(new SqliteSession(path)).connect());
      look(seen, file);
      seen.add(client);
    }
    seen.add(file);
    const imported = await importSession(path);
    const keys = imported.state.dcs.flatMap(({ authKey }) => authKey ?? []);
    assertEquals(keys.length, 2);
    secrets.push(...keys);

    // In every kind of store, plain and sealed; damaged there.
    const values = new Map<string, string>();
    const map: KeyValueStore = {
      get: (key) => values.get(key),
      set: (key, value) => void values.set(key, value),
      delete: (key) => void values.delete(key),
    };
    for (const secret of [undefined, PASSPHRASE]) {
      const name = secret === undefined ? "plain" : "sealed";
      const stores: [string, () => Session][] = [
        ["memory", () => new MemorySession()],
        ["string", () => new StringSession()],
        ["SQLite", () => new SqliteSession(`${folder}/${name}`, { secret })],
        ["folder", () => new StoreSession(name, folderStore(`${folder}/store`), { secret })],
        ["localStorage", () => new StoreSession(name, webStorageStore(), { secret })],
        ["map", () => new StoreSession(name, map, { secret })],
      ];
      for (const [kind, open] of stores) {
        const session = open();
        await copySession(imported, session);
        if (kind !== "memory" && kind !== "string") {
          const again = open();
          await again.load();
          assertEquals(again.state.dcId, 4, kind);
          look(seen, again);
          await again.close?.();
          await seen.failure(() => Promise.resolve(again.save()));
        }
        look(seen, session);
      }
      for (const [key, text] of [...values]) {
        for (const damaged of damagedTexts(text)) {
          values.set(key, damaged);
          await new StoreSession(name, map, { secret }).load().catch((error) => seen.add(error));
        }
        values.set(key, text);
      }
    }
    for (const secret of [undefined, WRONG, new Uint8Array(32).fill(9)]) {
      await seen.failure(() => new SqliteSession(`${folder}/sealed`, { secret }).load());
      await seen.failure(() => new StoreSession("sealed", map, { secret }).load());
    }
    const bytes = await Deno.readFile(path);
    for (const [at, length] of [[0, 100], [0, bytes.length >> 1], [10, bytes.length]]) {
      await Deno.writeFile(`${folder}/cut.session`, bytes.subarray(at, length));
      await seen.failure(() => new SqliteSession(`${folder}/cut.session`).load());
      await importSession(`${folder}/cut.session`).catch((error) => seen.add(error));
    }

    // In the formats of other libraries, whole, sealed and damaged.
    const strings: SessionFormat[] = ["telethon", "gramjs", "pyrogram", "mtcute", "mtkruto"];
    for (const format of ["tessera", ...strings] as const) {
      const text = await exportSession(imported, format, { apiId });
      secrets.push(text.slice(8));
      look(seen, await importSession(text));
      const sealed = await sealText(text, PASSPHRASE);
      await seen.failure(() => unsealText(sealed, WRONG));
      await seen.failure(() => importSession(sealed));
      for (const damaged of [...damagedTexts(text), ...damagedTexts(sealed), `${text}=?`]) {
        await importSession(damaged, { secret: PASSPHRASE }).catch((error) => seen.add(error));
        try {
          seen.add(new StringSession(damaged));
        } catch (error) {
          seen.add(error);
        }
      }
    }
    const files = ["telethon-file", "telethon2-file", "pyrogram-file", "mtcute-file"] as const;
    for (const format of [...files, "gramjs-folder", "tdata"] as const) {
      const to = `${folder}/${format}.session`;
      await exportSession(imported, format, { path: to, apiId, passcode: PASSCODE });
      await seen.failure(() => exportSession(imported, format, { path: to, passcode: PASSCODE }));
      look(seen, await importSession(to, { passcode: PASSCODE }));
      await seen.failure(() => new SqliteSession(to).load());
    }
    await seen.failure(() => importSession(`${folder}/tdata.session`, { passcode: WRONG }));
    await seen.failure(() => exportSession(new MemorySession(), "telethon"));

    // On the command line.
    const string = new StringSession();
    {
      await using client = clientOf(string);
      await client.start({ phoneNumber: PHONE, phoneCode: CODE, password: PASSWORD });
    }
    const text = string.save();
    secrets.push(text.slice(8), ...string.state.dcs.flatMap(({ authKey }) => authKey ?? []));
    const command = async (args: string[], answers: string[] = []): Promise<void> => {
      const world = new FakeWorld(answers, { TESSERA_SESSION: text });
      const { print, note, ask, env, interrupted } = world;
      const code = await run(args, {
        print,
        note,
        ask,
        env,
        interrupted,
        clientOptions: { ...clientOptions, apiId, apiHash },
      });
      seen.add(`${args[0].slice(0, 8)} ended with ${code}`, ...world.printed, ...world.noted);
    };
    const out = (name: string): string => `--out=${folder}/cli-${name}`;
    await command(["whoami"]);
    await command(["whoami", path]);
    await command(["whoami", text]);
    await command(["whoami", "-"], [text]);
    await command(["whoami", text, text]);
    await command(["whoami", text.slice(0, -9)]);
    await command(["whoami", `--session=${text}`]);
    await command([text]);
    await command(["sessions", path]);
    await command(["sessions", text, `--terminate=${text}`]);
    await command(["convert", text, "--to=gramjs", out("gramjs")]);
    await command(["convert", text, "--to=tdata", out("tdata"), "--lock"], [PASSCODE, PASSCODE]);
    await command(["convert", `${folder}/cli-tdata`, "--to=telethon", out("t")], [WRONG]);
    await command(["convert", text, `--to=${text}`]);
    await command(["seal", path, out("sealed")], [PASSPHRASE, PASSPHRASE]);
    await command(["seal", text, out("sealed")], [PASSPHRASE, WRONG]);
    await command(["whoami", `${folder}/cli-sealed.session`], [WRONG]);
    await command(["whoami", `${folder}/cli-sealed`], [PASSPHRASE]);
    await command(["logout"]);
    await command(["whoami"]);

    // Forgotten, and ended.
    {
      await using client = clientOf(new SqliteSession(path));
      await client.getMe();
      telegram.dc(4).forgetKeys();
      telegram.dc(4).disconnectAll();
      await client.getMe();
      await client.start({ phoneNumber: PHONE, phoneCode: CODE, password: PASSWORD });
      secrets.push(...client.session.state.dcs.flatMap(({ authKey }) => authKey ?? []));
      await client.signOut();
      const { futureAuthTokens = [] } = client.session.state;
      assert(futureAuthTokens.length > 0);
      secrets.push(...futureAuthTokens);
      look(seen, client.session);
    }
    const { text: printed } = seen;
    for (
      const expected of [
        "Signed in as user",
        "uses it since",
        "[censored]",
        "the passcode is wrong",
        "passphrase is wrong",
        "whoami ended with 0",
        "logout ended with 0",
        "DC 4 does not know our auth key",
      ]
    ) assert(printed.includes(expected), `it lacks "${expected}"`);
    seen.assertShowsNone(secrets);
    await Deno.remove(folder, { recursive: true });
  },
);
