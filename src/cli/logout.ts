/**
 * `logout`: signs a session out, so that nobody can use it any more.
 */
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { CLIENT_OPTIONS, CLIENT_USAGE, openClient } from "./session_source.ts";

/** Signs out. */
export const logout: Command = {
  summary: "sign a session out: it is void after that, wherever a copy of it is",
  usage: CLIENT_USAGE,
  async run(args, world) {
    const options = readArguments(args, CLIENT_OPTIONS);
    await using client = await openClient(options, world);
    const { interrupted: signal } = world;
    const me = await client.getMe({ signal });
    await client.signOut({ signal }); // also forgets what is kept of a session that is void already
    world.note(me === undefined ? "Nobody was signed in with this session." : "Signed out.");
  },
};
