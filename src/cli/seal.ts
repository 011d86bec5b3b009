/**
 * `seal`: seals a session with a passphrase, or unseals it. The original stays
 * where it is: remove it afterwards.
 */
import { exportSession, isFileFormat } from "../session/convert/mod.ts";
import { outputPath, readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { importAny, newSecret, readSource, SESSION_USAGE } from "./session_source.ts";
import { slowly } from "./slow.ts";

/** The command `seal`. */
export const seal: Command = {
  summary: "seal a session with a passphrase, from TESSERA_PASSPHRASE or typed",
  synopsis: "[SESSION] [OPTIONS]",
  usage: [
    ...SESSION_USAGE,
    "--out PATH    the file to write; by default, a sealed string goes to stdout",
    "--open        unseal a sealed session instead",
  ],
  async run(args, environment) {
    const options = readArguments(args, { flags: ["open"], values: ["out"], words: true });
    const path = outputPath(options, "out");
    const session = await importAny(await readSource(options, environment), environment);
    const secret = options.flag("open")
      ? undefined
      : await newSecret(environment, "passphrase", "TESSERA_PASSPHRASE");
    if (path !== undefined) {
      environment.print(
        await slowly(
          "Writing the session",
          environment,
          () => exportSession(session, "tessera-file", { path, secret }),
        ),
      );
      return;
    }
    // A string keeps its format; a file becomes a string of ours, which holds all of it.
    const { format: from } = session;
    const format = from === "gotd" || from === "grammers" || isFileFormat(from) ? "tessera" : from;
    environment.print(await exportSession(session, format, { secret }));
  },
};
