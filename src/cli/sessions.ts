/**
 * `sessions`: lists the devices that are signed in to an account, and signs them out.
 * https://core.telegram.org/method/account.getAuthorizations
 */
import type { Client } from "../client/mod.ts";
import type { Api } from "../tl/mod.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command, World } from "./command.ts";
import { CLIENT_OPTIONS, CLIENT_USAGE, openClient } from "./session_source.ts";

/** Lists and terminates. */
export const sessions: Command = {
  summary: "list the devices that are signed in to the account, or sign some out",
  usage: [
    ...CLIENT_USAGE,
    "--terminate=N the number of the one to sign out, as listed, or others for all but this one",
  ],
  async run(args, world) {
    const values = [...CLIENT_OPTIONS.values, "terminate"];
    const options = readArguments(args, { ...CLIENT_OPTIONS, values });
    const which = options.value("terminate");
    if (which !== undefined && which !== "others" && !/^-?\d+$/.test(which)) {
      throw new UsageError(`Cannot sign out "${which}": expected a number as listed, or others`);
    }
    await using client = await openClient(options, world);
    if (which === undefined) return await list(client, world);
    const signal = world.interrupted;
    if (which === "others") await client.invoke({ _: "auth.resetAuthorizations" }, { signal });
    else await client.invoke({ _: "account.resetAuthorization", hash: BigInt(which) }, { signal });
    world.note(which === "others" ? "All others were signed out." : "It was signed out.");
  },
};

async function list(client: Client, { print, interrupted: signal }: World): Promise<void> {
  const { authorizations } = await client.invoke({ _: "account.getAuthorizations" }, { signal });
  for (const one of authorizations) print(describe(one));
}

function describe(one: Api.Authorization): string {
  const active = new Date(one.dateActive * 1000).toISOString().slice(0, 16).replace("T", " ");
  const which = one.current ? "this one" : String(one.hash);
  const where = [one.ip, one.country].filter(Boolean).join(", ");
  const what = `${one.appName} ${one.appVersion}, ${one.deviceModel}`;
  return `${which.padStart(20)}  ${active}  ${what} (${where})`;
}
