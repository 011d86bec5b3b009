/**
 * `login`: signs in by asking, and prints the session string.
 */
import type { InteractiveOptions, QrCode } from "../auth/mod.ts";
import { drawQrCode } from "../auth/qr/drawing.ts";
import { Client, type ClientOptions } from "../client/mod.ts";
import { silentLogger } from "../runtime/mod.ts";
import { StringSession } from "../session/mod.ts";
import { OfflineTelegram, TEST_ACCOUNTS, TEST_BOTS } from "../testing/mod.ts";
import { application, APPLICATION_OPTIONS, APPLICATION_USAGE } from "./application.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command, World } from "./command.ts";

/** Signs in interactively. */
export const login: Command = {
  summary: "sign in to Telegram by answering questions, and print the session string",
  usage: [
    ...APPLICATION_USAGE,
    "--qr          show a QR code, to be scanned with a device that is signed in",
    "--offline     use an offline Telegram, which needs neither id nor hash",
  ],
  async run(args, world) {
    const options = readArguments(args, {
      ...APPLICATION_OPTIONS,
      flags: ["offline", "qr", ...APPLICATION_OPTIONS.flags],
    });
    if (!options.flag("offline")) {
      const { apiId, apiHash, ...clientOptions } = await application(
        options,
        world,
        "--offline to do without",
      );
      return await signIn(apiId, apiHash, clientOptions, world, { qr: options.flag("qr") });
    }
    await using telegram = await OfflineTelegram.start();
    for (const { phone, code, password } of TEST_ACCOUNTS) {
      const more = password === undefined ? "" : ` and the password ${password}`;
      world.note(`There is ${phone}, with the code ${code}${more}.`);
    }
    for (const { token } of TEST_BOTS) world.note(`There is the bot ${token}.`);
    const { apiId, apiHash, dcs, keys } = telegram;
    if (!options.flag("qr")) return await signIn(apiId, apiHash, { dcs, keys }, world);
    await using telephone = await telephoneOf(telegram);
    await signIn(apiId, apiHash, { dcs, keys }, world, { qrCode: approver(telephone, world) });
  },
};

/** A device that is signed in to the first account of an offline Telegram. */
async function telephoneOf({ apiId, apiHash, dcs, keys }: OfflineTelegram): Promise<Client> {
  const [{ phone, code }] = TEST_ACCOUNTS;
  const client = new Client(new StringSession(), apiId, apiHash, { dcs, keys });
  await client.start({ phoneNumber: phone, phoneCode: String(code) });
  return client;
}

/** Shows codes that nobody can scan, as there is no Telegram to scan them with: Enter has the telephone approve the newest. */
function approver(telephone: Client, world: World): (code: QrCode) => Promise<void> {
  const [{ phone }] = TEST_ACCOUNTS;
  const question =
    `Nobody can scan it here: press Enter to have the device of ${phone} approve it. `;
  let newest: string | undefined;
  return async ({ url }) => {
    const isFirst = newest === undefined;
    newest = url;
    world.ask.say(drawQrCode(url).join("\n"));
    if (!isFirst) return world.note(question);
    await world.ask.askLine(question, world.interrupted);
    await telephone.acceptQr(newest);
  };
}

/** A client of what was typed, which may be no id or hash at all. */
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
  world: World,
  shown: Pick<InteractiveOptions, "qr" | "qrCode"> = {},
): Promise<void> {
  const { print, note, ask, interrupted: signal } = world;
  signal.throwIfAborted();
  const logger = { ...silentLogger, warn: note, error: note }; // such as why connecting takes so long
  await using client = newClient(apiId, apiHash, { ...options, logger });
  signal.addEventListener("abort", () => void client.disconnect(), { once: true });
  await client.connect();
  const user = await client.interactiveLogin(undefined, { ask, signal, ...shown });
  note(`Signed in as ${user.firstName} (${user.id}). Keep this session string secret:`);
  print(client.session.save());
}
