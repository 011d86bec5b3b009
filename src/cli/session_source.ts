/**
 * The session that a command works on: the path of a file, a session string, `-` for a string on
 * stdin, or by default the variable TESSERA_SESSION. It never appears in errors or in the log.
 */
import { LoginCancelledError } from "../auth/mod.ts";
import { Client } from "../client/mod.ts";
import { silentLogger } from "../runtime/mod.ts";
import { type ImportedSession, type ImportOptions, importSession } from "../session/convert/mod.ts";
import { type Session, SessionError, SqliteSession } from "../session/mod.ts";
import { application, APPLICATION_OPTIONS, APPLICATION_USAGE } from "./application.ts";
import { type Arguments, UsageError } from "./arguments.ts";
import { noteConnection } from "./connection_notes.ts";
import type { CliEnvironment } from "./environment.ts";
import { slowly } from "./slow.ts";

/** The usage of the session argument. */
export const SESSION_USAGE = [
  "SESSION       the path of a session file, a session string, or - for a string on stdin;",
  "              TESSERA_SESSION by default, which other users of this machine cannot see",
];

/** The usage of the commands that connect to Telegram. */
export const CLIENT_USAGE = [...SESSION_USAGE, ...APPLICATION_USAGE];

/** The names of the options in {@linkcode CLIENT_USAGE}. */
export const CLIENT_OPTIONS = { ...APPLICATION_OPTIONS, words: true };

/**
 * Returns the session argument as it was typed. It must not appear in errors.
 *
 * @throws {UsageError} if there is none, or more than one
 */
export async function readSource(options: Arguments, environment: CliEnvironment): Promise<string> {
  const [word, ...more] = options.words;
  if (more.length > 0) throw new UsageError("Cannot use several sessions: expected one");
  const source = word === "-"
    ? await readString(environment)
    : word ?? environment.env("TESSERA_SESSION") ?? "";
  // Only an argument is named in errors: other input may be a piece of a secret.
  if (word !== undefined && word !== "-") await checkPath(source);
  if (source !== "") return source;
  throw new UsageError(
    "Cannot open the session: it is missing. " +
      "Pass a path, a session string or - for stdin, or set TESSERA_SESSION.",
  );
}

async function readString(environment: CliEnvironment): Promise<string> {
  const { ask, interrupted } = environment;
  try {
    // A program that writes into a pipe reads no question.
    const question = ask.isTyped === false ? "" : "Session string: ";
    return (await ask.askHidden(question, interrupted)).trim();
  } catch (error) {
    if (environment.interrupted.aborted || !(error instanceof LoginCancelledError)) throw error;
    return ""; // the input ended
  }
}

/** Returns the passphrase of a sealed session, from the environment or typed. */
async function readSecret(environment: CliEnvironment): Promise<string> {
  return environment.env("TESSERA_PASSPHRASE") ||
    await environment.ask.askHidden("Passphrase: ", environment.interrupted);
}

/** Returns a new secret. It is typed twice, as a typing error would lose the session. */
export async function newSecret(
  environment: CliEnvironment,
  what: string,
  variable: string,
): Promise<string> {
  const given = environment.env(variable);
  if (given) return given;
  const secret = await environment.ask.askHidden(`New ${what}: `, environment.interrupted);
  const again = await environment.ask.askHidden("Once more: ", environment.interrupted);
  if (secret !== "" && secret === again) return secret;
  throw new UsageError(
    `Cannot use the new ${what}: it is empty, or the two entries differ. Try again.`,
  );
}

/** Reads a session, and asks for its passphrase or passcode if it has one. */
export async function importAny(
  source: string,
  environment: CliEnvironment,
  account?: number,
): Promise<ImportedSession> {
  return (await importAsking(source, environment, account)).imported;
}

async function importAsking(
  source: string,
  environment: CliEnvironment,
  account?: number,
): Promise<{ imported: ImportedSession; secret?: string }> {
  const read = (more: ImportOptions): Promise<ImportedSession> =>
    slowly("Reading the session", environment, () => importSession(source, { account, ...more }));
  try {
    return { imported: await read({}) };
  } catch (error) {
    const lacks = error instanceof SessionError ? error.lacks : undefined;
    if (lacks === "passcode") {
      const passcode = environment.env("TESSERA_PASSCODE") ||
        await environment.ask.askHidden("Passcode: ", environment.interrupted);
      return { imported: await read({ passcode }) };
    }
    if (lacks !== "secret") throw error;
    const secret = await readSecret(environment);
    return { imported: await read({ secret }), secret };
  }
}

/** A longer text may be a piece of a session string. It is a path only if its folder exists. */
const SHORT_NAME = 64;
const LONGEST_PATH = 1024;

/**
 * Names the files that a source could have meant, if it is the path of no file.
 *
 * @throws {SessionError} if there is no such file
 */
async function checkPath(source: string): Promise<void> {
  const path = source.trim();
  if (path.length > LONGEST_PATH || /^(?:\{|tessera[\w-]*\.)/.test(path)) return;
  const { stat } = await import("node:fs/promises");
  const exists = (name: string): Promise<boolean> => stat(name).then(() => true, () => false);
  if (await exists(path) || await exists(`${path}.session`)) return;
  const folder = path.replace(/[^/\\]*$/, "");
  if (path.length > SHORT_NAME && (folder.length < 2 || !(await exists(folder)))) return;
  const names = /\.\w+$/.test(path) ? [path] : [path, `${path}.session`];
  throw new SessionError(
    `Cannot open the session: there is no file with that name (looked for ${
      names.map((name) => `"${name}"`).join(" and ")
    }), and it is no session string. Check the path.`,
  );
}

/** Opens a session. A file of ours is used in place; every other session is read into memory. */
export async function openSession(source: string, environment: CliEnvironment): Promise<Session> {
  const { imported, secret } = await importAsking(source, environment);
  return imported.format === "tessera-file" ? new SqliteSession(source, { secret }) : imported;
}

/** Makes a client of the session that was typed, and connects it. */
export async function openClient(options: Arguments, environment: CliEnvironment): Promise<Client> {
  const source = await readSource(options, environment);
  const { apiId, apiHash, ...others } = environment.clientOptions ??
    await application(options, environment);
  const session = await openSession(source, environment);
  const logger = { ...silentLogger, error: environment.note };
  const client = new Client(session, apiId, apiHash, { logger, ...others });
  noteConnection(client, environment.note);
  environment.interrupted.addEventListener("abort", () => void client.disconnect(), { once: true });
  await slowly("Connecting to Telegram", environment, () => client.connect());
  return client;
}
