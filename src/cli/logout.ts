/**
 * `logout`: signs a session out, which makes all its copies void.
 */
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { CLIENT_OPTIONS, CLIENT_USAGE, openClient } from "./session_source.ts";

/** The command `logout`. */
export const logout: Command = {
  summary: "sign a session out, which makes it and all its copies void",
  synopsis: "[SESSION] [OPTIONS]",
  usage: CLIENT_USAGE,
  async run(args, environment) {
    const options = readArguments(args, CLIENT_OPTIONS);
    await using client = await openClient(options, environment);
    const { interrupted: signal } = environment;
    const me = await client.getMe({ signal });
    await client.signOut({ signal }); // forgets a session that is void already, too
    environment.note(me === undefined ? "Nobody was signed in with this session." : "Signed out.");
  },
};
