/**
 * `sessions`: lists the devices that are signed in to an account, or signs them out.
 * https://core.telegram.org/method/account.getAuthorizations
 */
import type { DeviceSession } from "../auth/mod.ts";
import { readArguments, shorten, UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import { CLIENT_OPTIONS, CLIENT_USAGE, openClient } from "./session_source.ts";

/** The command `sessions`. */
export const sessions: Command = {
  summary: "list the devices that are signed in to the account, or sign some out",
  usage: [
    ...CLIENT_USAGE,
    "--terminate=N sign out the device with this number, or all but this one: others",
  ],
  async run(args, environment) {
    const values = [...CLIENT_OPTIONS.values, "terminate"];
    const options = readArguments(args, { ...CLIENT_OPTIONS, values });
    const which = options.value("terminate");
    if (which !== undefined && which !== "others" && !/^-?\d+$/.test(which)) {
      throw new UsageError(
        `Cannot sign out "${shorten(which)}": expected a number from the list, or others`,
      );
    }
    await using client = await openClient(options, environment);
    const { devices } = client;
    const { interrupted: signal } = environment;
    if (which === undefined) {
      for (const device of await devices.list({ signal })) environment.print(describe(device));
    } else if (which === "others") {
      await devices.terminateOthers({ signal });
      environment.note("All other devices were signed out.");
    } else {
      await devices.terminate(BigInt(which), { signal });
      environment.note("The device was signed out.");
    }
  },
};

function describe(device: DeviceSession): string {
  const { appName, appVersion, deviceModel, ip, country } = device;
  const active = device.activeAt.toISOString().slice(0, 16).replace("T", " ");
  const which = device.isCurrent ? "this one" : String(device.hash);
  const where = [ip, country].filter(Boolean).join(", ");
  return `${which.padStart(20)}  ${active}  ${appName} ${appVersion}, ${deviceModel} (${where})`;
}
