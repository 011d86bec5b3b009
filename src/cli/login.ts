/**
 * `login`: signs in interactively, and prints the session string.
 */
import type { InteractiveOptions, QrCode } from "../auth/mod.ts";
import { drawQrCode } from "../auth/qr/drawing.ts";
import { Client, type ClientOptions } from "../client/mod.ts";
import { silentLogger } from "../runtime/mod.ts";
import { type Session, SqliteSession, StringSession } from "../session/mod.ts";
import { OfflineTelegram, TEST_ACCOUNTS, TEST_BOTS } from "../testing/mod.ts";
import { application, APPLICATION_OPTIONS, APPLICATION_USAGE } from "./application.ts";
import { outputPath, readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import { noteConnection } from "./connection_notes.ts";
import type { CliEnvironment } from "./environment.ts";
import { newPrivateFile } from "./output_file.ts";
import { proxyOf } from "./proxy.ts";
import { slowly } from "./slow.ts";
import { userJson } from "./user_json.ts";

/** How a sign-in is shown, and where it is kept. */
interface LoginOptions extends Pick<InteractiveOptions, "qr" | "qrCode"> {
  readonly json: boolean;
  readonly out?: string;
}

/** The command `login`. */
export const login: Command = {
  summary: "sign in to Telegram by answering questions, and print or write the session",
  synopsis: "[OPTIONS]",
  usage: [
    ...APPLICATION_USAGE,
    "--out FILE    write a session file for its owner only, or the string if it ends in .txt;",
    "              by default, the string goes to stdout",
    "--json        print one line of JSON with the user, and the string or the path",
    "--qr          show a QR code to scan with a device that is signed in",
    "--offline     use an offline Telegram, which needs neither id nor hash",
  ],
  async run(args, environment) {
    const options = readArguments(args, {
      ...APPLICATION_OPTIONS,
      flags: ["offline", "qr", "json", ...APPLICATION_OPTIONS.flags],
      values: ["out", ...APPLICATION_OPTIONS.values],
    });
    const shown = { json: options.flag("json"), out: outputPath(options, "out") };
    if (!options.flag("offline")) {
      const { apiId, apiHash, ...clientOptions } = await application(
        options,
        environment,
        "use an offline Telegram with --offline",
      );
      return await signIn(apiId, apiHash, clientOptions, environment, {
        qr: options.flag("qr"),
        ...shown,
      });
    }
    await using telegram = await OfflineTelegram.start();
    for (const { phone, code, password } of TEST_ACCOUNTS) {
      const more = password === undefined ? "" : `, the password ${password}`;
      environment.note(`Account ${phone}: the code is ${code}${more}.`);
    }
    for (const { token } of TEST_BOTS) environment.note(`Bot: the token is ${token}.`);
    const { apiId, apiHash, dcs, keys } = telegram;
    // It is in this very process: only a proxy that was typed makes sense.
    const clientOptions = {
      dcs,
      keys,
      ...proxyOf(options, { ...environment, env: () => undefined }),
    };
    if (!options.flag("qr")) {
      return await signIn(apiId, apiHash, clientOptions, environment, shown);
    }
    await using telephone = await telephoneOf(telegram);
    await signIn(apiId, apiHash, clientOptions, environment, {
      ...shown,
      qrCode: approver(telephone, environment),
    });
  },
};

/** Returns a client that is signed in to the first account of an offline Telegram. */
async function telephoneOf({ apiId, apiHash, dcs, keys }: OfflineTelegram): Promise<Client> {
  const [{ phone, code }] = TEST_ACCOUNTS;
  const client = new Client(new StringSession(), apiId, apiHash, { dcs, keys });
  await client.start({ phoneNumber: phone, phoneCode: String(code) });
  return client;
}

/** Returns a function that shows QR codes. No app can scan them: Enter approves the newest. */
function approver(telephone: Client, environment: CliEnvironment): (code: QrCode) => Promise<void> {
  const [{ phone }] = TEST_ACCOUNTS;
  const question =
    `No app can scan this code. Press Enter to let the device of ${phone} approve it. `;
  let newest: string | undefined;
  return async ({ url }) => {
    const isFirst = newest === undefined;
    newest = url;
    environment.ask.say(drawQrCode(url, environment.ask.size?.()).join("\n"));
    if (!isFirst) return environment.note(question);
    await environment.ask.askLine(question, environment.interrupted);
    await telephone.acceptQr(newest);
  };
}

/** Makes a client; an id or hash that it refuses is a `UsageError`. */
function newClient(
  session: Session,
  apiId: number,
  apiHash: string,
  options: ClientOptions,
): Client {
  try {
    return new Client(session, apiId, apiHash, options);
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
}

async function signIn(
  apiId: number,
  apiHash: string,
  options: ClientOptions,
  environment: CliEnvironment,
  shown: LoginOptions,
): Promise<void> {
  const { print, note, ask, interrupted: signal } = environment;
  signal.throwIfAborted();
  const logger = { ...silentLogger, error: note };
  await using place = await openPlace(shown.out);
  await using client = newClient(place.session, apiId, apiHash, { ...options, logger });
  noteConnection(client, note);
  signal.addEventListener("abort", () => void client.disconnect(), { once: true });
  await slowly("Connecting to Telegram", environment, () => client.connect());
  const { qr, qrCode } = shown;
  const user = await client.interactiveLogin(undefined, { ask, signal, qr, qrCode });
  const { dcId } = client.session.state;
  const kept = await place.keep();
  const isPrinted = "session" in kept;
  note(
    `Signed in as ${user.firstName} (${user.id}). Keep this ${
      isPrinted ? "session string" : "file"
    } secret:`,
  );
  if (shown.json) print(JSON.stringify({ user: userJson(user), dcId, ...kept }));
  else print(isPrinted ? kept.session : kept.path);
}

/** Where a new session is kept. It is removed again unless `keep` was called. */
interface Place extends AsyncDisposable {
  readonly session: Session;
  keep(): Promise<{ session: string } | { path: string }>;
}

/** Opens the place before any question is asked, so that no sign-in is lost for a wrong path. */
async function openPlace(out: string | undefined): Promise<Place> {
  if (out === undefined || /\.txt$/i.test(out)) {
    const session = new StringSession();
    const file = out === undefined ? undefined : await newPrivateFile(out);
    return {
      session,
      async keep() {
        const text = session.save();
        await file?.write(text);
        return out === undefined ? { session: text } : { path: out };
      },
      [Symbol.asyncDispose]: async () => await file?.[Symbol.asyncDispose](),
    };
  }
  const session = new SqliteSession(out);
  const { path } = session;
  const { rm } = await import("node:fs/promises");
  await (await newPrivateFile(path))[Symbol.asyncDispose](); // the session makes its file itself
  let isKept = false;
  return {
    session,
    keep() {
      isKept = true;
      return Promise.resolve({ path });
    },
    async [Symbol.asyncDispose]() {
      if (isKept) return;
      for (const end of ["", "-journal", "-wal", "-shm"]) await rm(path + end, { force: true });
    },
  };
}
