/**
 * `whoami`: prints the user of a session.
 */
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { CLIENT_OPTIONS, CLIENT_USAGE, openClient } from "./session_source.ts";
import { slowly } from "./slow.ts";
import { userJson } from "./user_json.ts";

/** The command `whoami`. */
export const whoami: Command = {
  summary: "print the user who is signed in with a session",
  synopsis: "[SESSION] [OPTIONS]",
  usage: [...CLIENT_USAGE, "--json        print one line of JSON, for programs"],
  async run(args, environment) {
    const options = readArguments(args, {
      ...CLIENT_OPTIONS,
      flags: [...CLIENT_OPTIONS.flags, "json"],
    });
    await using client = await openClient(options, environment);
    const me = await slowly(
      "Asking Telegram for the user",
      environment,
      () => client.getMe({ signal: environment.interrupted }),
    );
    if (me === undefined) throw new Error("Nobody is signed in with this session.");
    const name = [me.firstName, me.lastName].filter(Boolean).join(" ");
    const username = me.username === undefined ? "" : `, @${me.username}`;
    const { dcId } = client.session.state;
    if (options.flag("json")) {
      return environment.print(JSON.stringify({ ...userJson(me), dcId }));
    }
    environment.print(
      `${name}${username} (${me.isBot ? "bot" : "user"} ${me.id}, data center ${dcId})`,
    );
  },
};
