/**
 * `login`: signs in by asking, and prints the session string.
 */
import type { InteractiveOptions, QrCode } from "../auth/mod.ts";
import { drawQrCode } from "../auth/qr_drawing.ts";
import { Client, type ClientOptions } from "../client/mod.ts";
import { silentLogger } from "../connection/mod.ts";
import { StringSession } from "../session/mod.ts";
import { OfflineTelegram, TEST_ACCOUNTS, TEST_BOTS } from "../testing/mod.ts";
import { type Arguments, readArguments, UsageError } from "./arguments.ts";
import type { Command, World } from "./command.ts";
import { readServed, SERVED_USAGE } from "./serve.ts";

/** Signs in interactively. */
export const login: Command = {
  summary: "sign in to Telegram by answering questions, and print the session string",
  usage: [
    "--api-id N    the application's id (or TELEGRAM_API_ID), from https://my.telegram.org",
    "--api-hash H  the application's hash (or TELEGRAM_API_HASH)",
    "--qr          show a QR code, to be scanned with a device that is signed in",
    "--test        use Telegram's test servers",
    SERVED_USAGE,
    "--offline     use an offline Telegram, which needs neither id nor hash",
  ],
  async run(args, world) {
    const options = readArguments(args, {
      flags: ["offline", "qr", "test"],
      values: ["api-id", "api-hash", "served"],
    });
    if (!options.flag("offline")) {
      const { apiId, apiHash, ...clientOptions } = await application(options, world);
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

/** The application that was typed, or that the environment says; or that of the offline Telegram that runs elsewhere. */
export async function application(
  options: Arguments,
  { env }: World,
): Promise<NonNullable<World["clientOptions"]>> {
  const served = options.value("served");
  if (served !== undefined) return await readServed(served);
  const apiId = options.value("api-id") ?? env("TELEGRAM_API_ID");
  const apiHash = options.value("api-hash") ?? env("TELEGRAM_API_HASH");
  if (apiId && apiHash) {
    if (/^\d+$/.test(apiId)) {
      return { apiId: Number(apiId), apiHash, testServers: options.flag("test") };
    }
    throw new UsageError(
      `Cannot use the api id "${apiId}": expected a whole number from https://my.telegram.org`,
    );
  }
  throw new UsageError(
    "Cannot sign in without an application: expected --api-id and --api-hash (or TELEGRAM_API_ID and TELEGRAM_API_HASH) " +
      "from https://my.telegram.org, or --offline to try it without Telegram",
  );
}

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
