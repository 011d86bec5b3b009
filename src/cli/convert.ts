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
import { outputPath, readArguments, shorten, UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import type { CliEnvironment } from "./environment.ts";
import { importAny, newSecret, readSource, SESSION_USAGE } from "./session_source.ts";

const FORMATS = [...STRING_FORMATS, ...FILE_FORMATS];

/** The command `convert`. */
export const convert: Command = {
  summary: "write a session in the format of another library; the original stays unchanged",
  usage: [
    ...SESSION_USAGE,
    `--to FORMAT   one of ${FORMATS.join(", ")}`,
    "--out PATH    the file to write; by default, a string goes to stdout",
    "--api-id N    the application's id; sessions of Pyrogram and MTKruto contain it",
    "--account N   the number of the account, from 1, in a folder of Telegram Desktop",
    "--lock        lock a tdata folder with a passcode, from TESSERA_NEW_PASSCODE or typed",
  ],
  async run(args, environment) {
    const names = { flags: ["lock"], values: ["to", "out", "api-id", "account"], words: true };
    const options = readArguments(args, names);
    const to = options.value("to");
    const format = FORMATS.find((one) => one === to);
    if (format === undefined) {
      throw new UsageError(
        to === undefined
          ? "Cannot convert: the format is missing. Pass --to with a format of those below."
          : `Cannot convert to "${shorten(to)}": the format is unknown. Pass one of those below.`,
      );
    }
    const path = outputPath(options, "out");
    const isFile = isFileFormat(format);
    if (isFile && path === undefined) {
      throw new UsageError(`Cannot write "${format}" to stdout: it is a file. Pass --out PATH.`);
    }
    const apiId = readApiId(options.value("api-id"));
    if (options.flag("lock") && format !== "tdata") {
      throw new UsageError(
        `Cannot lock "${format}" with a passcode: only tdata can have one. Leave out --lock.`,
      );
    }
    const account = readAccount(options.value("account"));
    const session = await importAny(await readSource(options, environment), environment, account);
    if (account !== undefined && session.format !== "tdata") {
      throw new UsageError(
        `Cannot convert account ${account}: only tdata has several. Leave out --account.`,
      );
    }
    const written = await exportSession(session, format, {
      path,
      apiId,
      ...(options.flag("lock") && {
        passcode: await newSecret(environment, "passcode", "TESSERA_NEW_PASSCODE"),
      }),
    });
    await output(written, isFile ? undefined : path, environment);
  },
};

function readApiId(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^[1-9]\d{0,9}$/.test(given)) return Number(given);
  throw new UsageError(
    `Cannot use "--api-id": expected a number from https://my.telegram.org`,
  );
}

function readAccount(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^[1-9]$/.test(given)) return Number(given);
  throw new UsageError(
    `Cannot convert account "${shorten(given)}": expected a number from 1 to 9`,
  );
}

/**
 * Prints a text. With a path, writes it to a new file that only its owner can read, and prints the
 * path.
 */
async function output(
  text: string,
  path: string | undefined,
  environment: CliEnvironment,
): Promise<void> {
  if (path === undefined) return environment.print(text);
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
  environment.print(path);
}
