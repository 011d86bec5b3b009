/**
 * `convert`: writes a session in the format of another library.
 */
import {
  exportSession,
  FILE_FORMATS,
  type ImportedSession,
  isFileFormat,
  STRING_FORMATS,
} from "../session/convert/mod.ts";
import { type Arguments, outputPath, readArguments, shorten, UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import { newPrivateFile } from "./output_file.ts";
import { importAny, newSecret, readSource, SESSION_USAGE } from "./session_source.ts";
import { slowly } from "./slow.ts";

const FORMATS = [...STRING_FORMATS, ...FILE_FORMATS];

/** The command `convert`. */
export const convert: Command = {
  summary: "write a session in the format of another library; the original stays unchanged",
  synopsis: "[SESSION] --to FORMAT [OPTIONS]",
  usage: [
    ...SESSION_USAGE,
    `--to FORMAT   a string: ${STRING_FORMATS.join(", ")};`,
    `              a file: ${FILE_FORMATS.join(", ")}`,
    "--out PATH    the file to write; by default, a string goes to stdout",
    "--api-id N    the application's id; sessions of Pyrogram and MTKruto contain it",
    "--user-id N   the user's id, which login and whoami print; sessions of Pyrogram and Telegram",
    "              Desktop contain it, strings of Telethon and GramJS do not",
    "--bot         the user is a bot",
    "--account N   the number of the account, from 1, in a folder of Telegram Desktop",
    "--lock        lock a tdata folder with a passcode, from TESSERA_NEW_PASSCODE or typed",
    "--json        print one line of JSON with the string or the path, for programs",
  ],
  async run(args, environment) {
    const names = {
      flags: ["lock", "bot", "json"],
      values: ["to", "out", "api-id", "account", "user-id"],
      words: true,
    };
    const options = readArguments(args, names);
    const to = options.value("to");
    const format = FORMATS.find((one) => one === to);
    if (format === undefined) {
      throw new UsageError(
        to === undefined
          ? `Cannot convert: the format is missing. Pass --to with one of ${FORMATS.join(", ")}.`
          : `Cannot convert to "${shorten(to)}": the format is unknown. ` +
            `Pass one of ${FORMATS.join(", ")}.`,
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
    const user = readUser(options);
    const session = await importAny(await readSource(options, environment), environment, account);
    if (account !== undefined && session.format !== "tdata") {
      throw new UsageError(
        `Cannot convert account ${account}: only tdata has several. Leave out --account.`,
      );
    }
    if (user !== undefined) addUser(session, user);
    const passcode = options.flag("lock")
      ? await newSecret(environment, "passcode", "TESSERA_NEW_PASSCODE")
      : undefined;
    let written = await slowly(
      "Writing the session",
      environment,
      () => exportSession(session, format, { path, apiId, passcode }),
    );
    if (!isFile && path !== undefined) {
      await using file = await newPrivateFile(path);
      await file.write(written);
      written = path;
    }
    if (!options.flag("json")) return environment.print(written);
    const place = path === undefined ? { session: written } : { path: written };
    environment.print(JSON.stringify({ from: session.format, format, ...place }));
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

/** The user that a session lacks, from the options. */
function readUser(options: Arguments): { id: bigint; isBot: boolean } | undefined {
  const given = options.value("user-id");
  const isBot = options.flag("bot");
  if (given === undefined) {
    if (!isBot) return undefined;
    throw new UsageError("Cannot use --bot: it belongs to --user-id. Pass both.");
  }
  if (/^[1-9]\d{0,15}$/.test(given)) return { id: BigInt(given), isBot };
  throw new UsageError(
    `Cannot use "--user-id": expected the number that login and whoami print`,
  );
}

/** Adds the user to a session that does not know it. */
function addUser(session: ImportedSession, user: { id: bigint; isBot: boolean }): void {
  const { state } = session;
  const known = state.user;
  if (known !== undefined && known.id !== user.id) {
    throw new UsageError(
      `Cannot use "--user-id": the session knows its user, who has another id. Leave it out.`,
    );
  }
  session.state = { ...state, user: { ...user, dcId: state.dcId } };
}
