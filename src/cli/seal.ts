/**
 * `seal`: seals a session with a passphrase, or opens a sealed one again. The first stays as it is: remove it afterwards.
 */
import { exportSession, isFileFormat } from "../session/convert/mod.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
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
      world.print(await exportSession(session, "tessera-file", { path, secret }));
      return;
    }
    // A string stays of its library; a file becomes the string that holds all of it.
    const { format: from } = session;
    const format = from === "gotd" || from === "grammers" || isFileFormat(from) ? "tessera" : from;
    world.print(await exportSession(session, format, { secret }));
  },
};
