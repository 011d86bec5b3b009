/**
 * `seal`: seals a session with a passphrase, or opens a sealed one again. The first stays as it is: remove it afterwards.
 */
import { copySession, exportSession, isFileFormat } from "../session/convert/mod.ts";
import { sealText, SqliteSession } from "../session/mod.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { give } from "./convert.ts";
import { importAny, newSecret, readSource, SESSION_USAGE } from "./session_source.ts";

/** Seals, and opens. */
export const seal: Command = {
  summary: "seal a session with a passphrase (TESSERA_PASSPHRASE, or asked for)",
  usage: [
    ...SESSION_USAGE,
    "--out PATH    where to write the sealed file; by default, a sealed string goes to stdout",
    "--open        the other way: write a sealed session unsealed",
  ],
  async run(args, world) {
    const options = readArguments(args, { flags: ["open"], values: ["out"], words: true });
    const session = await importAny(await readSource(options, world), world);
    const path = options.value("out");
    const secret = options.flag("open")
      ? undefined
      : await newSecret(world, "passphrase", "TESSERA_PASSPHRASE");
    if (path !== undefined) {
      await exportToNewFile(path, (file) => copySession(session, file), secret);
      return;
    }
    // A string stays of its library; a file becomes the string that holds all of it.
    const format = isFileFormat(session.format) ? "tessera" : session.format;
    const text = await exportSession(session, format);
    await give(secret === undefined ? text : await sealText(text, secret), undefined, world);
  },
};

async function exportToNewFile(
  path: string,
  copy: (file: SqliteSession) => Promise<void>,
  secret: string | undefined,
): Promise<void> {
  const file = new SqliteSession(path, { secret });
  const { existsSync } = await import("node:fs");
  if (existsSync(file.path)) {
    throw new Error(`Cannot write "${file.path}": there is a file already`);
  }
  await copy(file);
}
