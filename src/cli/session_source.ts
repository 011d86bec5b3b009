/**
 * The session that a command works on: the path of a file, a session string, or `-` for a string on stdin; without a word, what
 * the variable TESSERA_SESSION says. Never shown again: not in errors, not in the log.
 */
import { Client } from "../client/mod.ts";
import { silentLogger } from "../connection/mod.ts";
import { importSession } from "../session/convert/mod.ts";
import { isSealed, type Session, SessionError, SqliteSession } from "../session/mod.ts";
import { type Arguments, UsageError } from "./arguments.ts";
import type { World } from "./command.ts";
import { application } from "./login.ts";

/** What the commands say of it. */
export const SESSION_USAGE = [
  "SESSION       the path of a session file, a session string, or - for a string on stdin;",
  "              TESSERA_SESSION by default (other users of this machine can see what is typed, but not that)",
];

/** What the commands that talk to Telegram take besides. */
export const CLIENT_USAGE = [
  ...SESSION_USAGE,
  "--api-id N    the application's id (or TELEGRAM_API_ID), from https://my.telegram.org",
  "--api-hash H  the application's hash (or TELEGRAM_API_HASH)",
  "--test        use Telegram's test servers",
];

/** The options of {@linkcode CLIENT_USAGE}. */
export const CLIENT_OPTIONS = { flags: ["test"], values: ["api-id", "api-hash"], words: true };

/** The words that say which session: not shown in errors. */
export async function readSource(options: Arguments, world: World): Promise<string> {
  const [word, ...more] = options.words;
  if (more.length > 0) throw new UsageError("Cannot work on several sessions: expected one");
  const source = word === "-"
    ? (await world.ask.askHidden("Session string: ", world.interrupted)).trim()
    : word ?? world.env("TESSERA_SESSION") ?? "";
  if (source !== "") return source;
  throw new UsageError(
    "Cannot work without a session: expected a path, a session string, - for stdin, or TESSERA_SESSION",
  );
}

/** The passphrase of a sealed session. */
export async function readSecret(world: World): Promise<string> {
  return world.env("TESSERA_PASSPHRASE") ||
    await world.ask.askHidden("Passphrase: ", world.interrupted);
}

/** The session itself. A file of ours is used in place, all else is read into memory. */
export async function openSession(source: string, world: World): Promise<Session> {
  try {
    const imported = await importSession(source);
    return imported.format === "tessera-file" ? new SqliteSession(source) : imported;
  } catch (error) {
    if (!(error instanceof SessionError && / sealed/.test(error.message))) throw error;
    const secret = await readSecret(world);
    const imported = await importSession(source, { secret });
    return isSealed(source) ? imported : new SqliteSession(source, { secret });
  }
}

/** A client of the session that was typed, connected. */
export async function openClient(options: Arguments, world: World): Promise<Client> {
  const { apiId, apiHash } = world.clientOptions === undefined
    ? application(options, world)
    : world.clientOptions;
  const session = await openSession(await readSource(options, world), world);
  const logger = { ...silentLogger, warn: world.note, error: world.note };
  const clientOptions = { testServers: options.flag("test"), logger, ...world.clientOptions };
  const client = new Client(session, apiId, apiHash, clientOptions);
  world.interrupted.addEventListener("abort", () => void client.disconnect(), { once: true });
  await client.connect();
  return client;
}
