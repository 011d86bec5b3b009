/**
 * `convert`: writes a session in the format of another library.
 */
import {
  exportSession,
  FILE_FORMATS,
  isFileFormat,
  STRING_FORMATS,
} from "../session/convert/mod.ts";
import { fileError } from "../session/stores/file_error.ts";
import { readArguments, shorten, UsageError } from "./arguments.ts";
import type { Command, World } from "./command.ts";
import { importAny, newSecret, readSource, SESSION_USAGE } from "./session_source.ts";

const FORMATS = [...STRING_FORMATS, ...FILE_FORMATS];

/** Converts. */
export const convert: Command = {
  summary: "write a session in the format of another library; the first stays as it is",
  usage: [
    ...SESSION_USAGE,
    `--to FORMAT   one of ${FORMATS.join(", ")}`,
    "--out PATH    where to write it; by default, a string goes to stdout",
    "--api-id N    the application's id, which Pyrogram and MTKruto keep with a session",
    "--account N   which account of Telegram Desktop, from 1, if its folder has several",
    "--lock        lock the folder for Telegram Desktop with a passcode (TESSERA_NEW_PASSCODE, or asked for)",
  ],
  async run(args, world) {
    const names = { flags: ["lock"], values: ["to", "out", "api-id", "account"], words: true };
    const options = readArguments(args, names);
    const to = options.value("to");
    const format = FORMATS.find((one) => one === to);
    if (format === undefined) {
      const what = to === undefined ? "without a format" : `to "${shorten(to)}"`;
      throw new UsageError(`Cannot convert ${what}: expected --to with one of those below`);
    }
    const path = options.value("out");
    const isFile = isFileFormat(format);
    if (isFile && path === undefined) {
      throw new UsageError(`Cannot write "${format}" to stdout: it is a file, expected --out`);
    }
    const apiId = readApiId(options.value("api-id"));
    if (options.flag("lock") && format !== "tdata") {
      throw new UsageError(`Cannot lock "${format}" with a passcode: only tdata has one`);
    }
    const account = readAccount(options.value("account"));
    const session = await importAny(await readSource(options, world), world, account);
    if (account !== undefined && session.format !== "tdata") {
      throw new UsageError(
        `Cannot convert account ${account}: only tdata has several, expected no --account`,
      );
    }
    const written = await exportSession(session, format, {
      path,
      apiId,
      ...(options.flag("lock") && {
        passcode: await newSecret(world, "passcode", "TESSERA_NEW_PASSCODE"),
      }),
    });
    await give(written, isFile ? undefined : path, world);
  },
};

function readApiId(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^[1-9]\d{0,9}$/.test(given)) return Number(given);
  throw new UsageError(
    `Cannot use "--api-id": expected a number, as https://my.telegram.org has it`,
  );
}

function readAccount(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^[1-9]$/.test(given)) return Number(given);
  throw new UsageError(
    `Cannot convert account "${shorten(given)}": expected its number in the list, from 1`,
  );
}

/** Writes a text to stdout, or to a new file that only its owner can read: then its path. */
async function give(text: string, path: string | undefined, world: World): Promise<void> {
  if (path === undefined) return world.print(text);
  const { rm, writeFile } = await import("node:fs/promises");
  try {
    await writeFile(path, "", { flag: "wx", mode: 0o600 });
    await writeFile(path, `${text}\n`).catch(async (error) => {
      await rm(path, { force: true });
      throw error;
    });
  } catch (cause) {
    throw fileError(`write the session to "${path}"`, cause);
  }
  world.print(path);
}
