/**
 * `login`: signs in interactively, and prints the session string.
 */
import type { InteractiveOptions, QrCode } from "../auth/mod.ts";
import { drawQrCode } from "../auth/qr/drawing.ts";
import { Client, type ClientOptions } from "../client/mod.ts";
import { silentLogger } from "../runtime/mod.ts";
import { StringSession } from "../session/mod.ts";
import { OfflineTelegram, TEST_ACCOUNTS, TEST_BOTS } from "../testing/mod.ts";
import { application, APPLICATION_OPTIONS, APPLICATION_USAGE } from "./application.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import { noteConnection } from "./connection_notes.ts";
import type { CliEnvironment } from "./environment.ts";

/** The command `login`. */
export const login: Command = {
  summary: "sign in to Telegram by answering questions, and print the session string",
  usage: [
    ...APPLICATION_USAGE,
    "--qr          show a QR code to scan with a device that is signed in",
    "--offline     use an offline Telegram, which needs neither id nor hash",
  ],
  async run(args, environment) {
    const options = readArguments(args, {
      ...APPLICATION_OPTIONS,
      flags: ["offline", "qr", ...APPLICATION_OPTIONS.flags],
    });
    if (!options.flag("offline")) {
      const { apiId, apiHash, ...clientOptions } = await application(
        options,
        environment,
        "use an offline Telegram with --offline",
      );
      return await signIn(apiId, apiHash, clientOptions, environment, { qr: options.flag("qr") });
    }
    await using telegram = await OfflineTelegram.start();
    for (const { phone, code, password } of TEST_ACCOUNTS) {
      const more = password === undefined ? "" : `, the password ${password}`;
      environment.note(`Account ${phone}: the code is ${code}${more}.`);
    }
    for (const { token } of TEST_BOTS) environment.note(`Bot: the token is ${token}.`);
    const { apiId, apiHash, dcs, keys } = telegram;
    if (!options.flag("qr")) return await signIn(apiId, apiHash, { dcs, keys }, environment);
    await using telephone = await telephoneOf(telegram);
    await signIn(apiId, apiHash, { dcs, keys }, environment, {
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
    environment.ask.say(drawQrCode(url).join("\n"));
    if (!isFirst) return environment.note(question);
    await environment.ask.askLine(question, environment.interrupted);
    await telephone.acceptQr(newest);
  };
}

/** Makes a client; an id or hash that it refuses is a `UsageError`. */
function newClient(
  apiId: number,
  apiHash: string,
  options: ClientOptions,
): Client<StringSession> {
  try {
    return new Client(new StringSession(), apiId, apiHash, options);
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
}

async function signIn(
  apiId: number,
  apiHash: string,
  options: ClientOptions,
  environment: CliEnvironment,
  shown: Pick<InteractiveOptions, "qr" | "qrCode"> = {},
): Promise<void> {
  const { print, note, ask, interrupted: signal } = environment;
  signal.throwIfAborted();
  const logger = { ...silentLogger, error: note };
  await using client = newClient(apiId, apiHash, { ...options, logger });
  noteConnection(client, note);
  signal.addEventListener("abort", () => void client.disconnect(), { once: true });
  await client.connect();
  const user = await client.interactiveLogin(undefined, { ask, signal, ...shown });
  note(`Signed in as ${user.firstName} (${user.id}). Keep this session string secret:`);
  print(client.session.save());
}
