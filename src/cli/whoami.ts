/**
 * `whoami`: prints the user of a session.
 */
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { CLIENT_OPTIONS, CLIENT_USAGE, openClient } from "./session_source.ts";

/** The command `whoami`. */
export const whoami: Command = {
  summary: "print the user who is signed in with a session",
  usage: CLIENT_USAGE,
  async run(args, environment) {
    const options = readArguments(args, CLIENT_OPTIONS);
    await using client = await openClient(options, environment);
    const me = await client.getMe({ signal: environment.interrupted });
    if (me === undefined) throw new Error("Nobody is signed in with this session.");
    const name = [me.firstName, me.lastName].filter(Boolean).join(" ");
    const username = me.username === undefined ? "" : `, @${me.username}`;
    const { dcId } = client.session.state;
    environment.print(
      `${name}${username} (${me.isBot ? "bot" : "user"} ${me.id}, data center ${dcId})`,
    );
  },
};
