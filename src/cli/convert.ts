/**
 * `convert`: writes a session in the format of another library.
 */
import {
  exportSession,
  type FileFormat,
  importSession,
  type StringFormat,
} from "../session/convert/mod.ts";
import { SessionError } from "../session/mod.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command, World } from "./command.ts";
import { readSecret, readSource, SESSION_USAGE } from "./session_source.ts";

const FORMATS: readonly (StringFormat | FileFormat)[] = [
  "tessera",
  "telethon",
  "gramjs",
  "pyrogram",
  "mtcute",
  "mtkruto",
  "tessera-file",
  "telethon-file",
  "telethon2-file",
  "pyrogram-file",
  "mtcute-file",
  "gramjs-folder",
];

/** Converts. */
export const convert: Command = {
  summary: "write a session in the format of another library; the first stays as it is",
  usage: [
    ...SESSION_USAGE,
    `--to FORMAT   one of ${FORMATS.join(", ")}`,
    "--out PATH    where to write it; by default, a string goes to stdout",
    "--api-id N    the application's id, which Pyrogram keeps with a session",
  ],
  async run(args, world) {
    const options = readArguments(args, { values: ["to", "out", "api-id"], words: true });
    const format = FORMATS.find((one) => one === options.value("to"));
    if (format === undefined) {
      throw new UsageError(`Cannot convert without a format: expected --to with one of ${FORMATS}`);
    }
    const path = options.value("out");
    const isFile = /-(file|folder)$/.test(format);
    if (isFile && path === undefined) {
      throw new UsageError(`Cannot write "${format}" to stdout: it is a file, expected --out`);
    }
    const apiId = options.value("api-id");
    const session = await importAny(await readSource(options, world), world);
    const written = await exportSession(session, format, {
      path,
      apiId: apiId === undefined ? undefined : Number(apiId),
    });
    await give(written, isFile ? undefined : path, world);
  },
};

/** Reads a session, and asks for the passphrase of a sealed one. */
export async function importAny(
  source: string,
  world: World,
): Promise<Awaited<ReturnType<typeof importSession>>> {
  try {
    return await importSession(source);
  } catch (error) {
    if (!(error instanceof SessionError && / sealed/.test(error.message))) throw error;
    return await importSession(source, { secret: await readSecret(world) });
  }
}

/** Writes a text to a new file that only its owner can read, or to stdout. */
export async function give(text: string, path: string | undefined, world: World): Promise<void> {
  if (path === undefined) return world.print(text);
  const { writeFile } = await import("node:fs/promises");
  try {
    await writeFile(path, `${text}\n`, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    throw new Error(`Cannot write "${path}": ${(cause as Error).message}`, { cause });
  }
}
