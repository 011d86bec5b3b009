/**
 * The session that a command works on: the path of a file, a session string, or `-` for a string on stdin; without a word, what
 * the variable TESSERA_SESSION says. Never shown again: not in errors, not in the log.
 */
import { LoginCancelledError } from "../auth/mod.ts";
import { Client } from "../client/mod.ts";
import { silentLogger } from "../runtime/mod.ts";
import { type ImportedSession, type ImportOptions, importSession } from "../session/convert/mod.ts";
import { type Session, SessionError, SqliteSession } from "../session/mod.ts";
import { application, APPLICATION_OPTIONS, APPLICATION_USAGE } from "./application.ts";
import { type Arguments, UsageError } from "./arguments.ts";
import type { World } from "./command.ts";

/** What the commands say of it. */
export const SESSION_USAGE = [
  "SESSION       the path of a session file, a session string, or - for a string on stdin;",
  "              TESSERA_SESSION by default (other users of this machine can see what is typed, but not that)",
];

/** What the commands that talk to Telegram take besides. */
export const CLIENT_USAGE = [...SESSION_USAGE, ...APPLICATION_USAGE];

/** The options of {@linkcode CLIENT_USAGE}. */
export const CLIENT_OPTIONS = { ...APPLICATION_OPTIONS, words: true };

/** The words that say which session: not shown in errors. */
export async function readSource(options: Arguments, world: World): Promise<string> {
  const [word, ...more] = options.words;
  if (more.length > 0) throw new UsageError("Cannot work on several sessions: expected one");
  const source = word === "-"
    ? await readString(world)
    : word ?? world.env("TESSERA_SESSION") ?? "";
  if (source !== "") return source;
  throw new UsageError(
    "Cannot work without a session: expected a path, a session string, - for stdin, or TESSERA_SESSION",
  );
}

async function readString(world: World): Promise<string> {
  try {
    return (await world.ask.askHidden("Session string: ", world.interrupted)).trim();
  } catch (error) {
    if (world.interrupted.aborted || !(error instanceof LoginCancelledError)) throw error;
    return ""; // the input ended
  }
}

/** The passphrase of a sealed session. */
async function readSecret(world: World): Promise<string> {
  return world.env("TESSERA_PASSPHRASE") ||
    await world.ask.askHidden("Passphrase: ", world.interrupted);
}

/** A new passphrase or passcode, asked for twice: a slip of the finger would lose the session. */
export async function newSecret(world: World, what: string, variable: string): Promise<string> {
  const given = world.env(variable);
  if (given) return given;
  const secret = await world.ask.askHidden(`New ${what}: `, world.interrupted);
  const again = await world.ask.askHidden("Once more: ", world.interrupted);
  if (secret !== "" && secret === again) return secret;
  throw new UsageError(`Cannot use the new ${what}: what was typed differs, or is empty`);
}

/** Reads a session, and asks for the passphrase of a sealed one and the passcode of Telegram Desktop. */
export async function importAny(
  source: string,
  world: World,
  account?: number,
): Promise<ImportedSession> {
  return (await importAsking(source, world, account)).imported;
}

async function importAsking(
  source: string,
  world: World,
  account?: number,
): Promise<{ imported: ImportedSession; secret?: string }> {
  const read = (more: ImportOptions): Promise<ImportedSession> =>
    importSession(source, { account, ...more });
  try {
    return { imported: await read({}) };
  } catch (error) {
    const lacks = error instanceof SessionError ? error.lacks : undefined;
    if (lacks === "passcode") {
      const passcode = world.env("TESSERA_PASSCODE") ||
        await world.ask.askHidden("Passcode: ", world.interrupted);
      return { imported: await read({ passcode }) };
    }
    if (lacks !== "secret") throw error;
    const secret = await readSecret(world);
    return { imported: await read({ secret }), secret };
  }
}

/** The session itself. A file of ours is used in place, all else is read into memory. */
export async function openSession(source: string, world: World): Promise<Session> {
  const { imported, secret } = await importAsking(source, world);
  return imported.format === "tessera-file" ? new SqliteSession(source, { secret }) : imported;
}

/** A client of the session that was typed, connected. */
export async function openClient(options: Arguments, world: World): Promise<Client> {
  const { apiId, apiHash, ...others } = world.clientOptions ?? await application(options, world);
  const session = await openSession(await readSource(options, world), world);
  const logger = { ...silentLogger, warn: world.note, error: world.note };
  const client = new Client(session, apiId, apiHash, { logger, ...others });
  world.interrupted.addEventListener("abort", () => void client.disconnect(), { once: true });
  await client.connect();
  return client;
}
