/**
 * `sessions`: lists the devices that are signed in to an account, or signs them out.
 * https://core.telegram.org/method/account.getAuthorizations
 */
import type { DeviceSession } from "../auth/mod.ts";
import { readArguments, shorten, UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import { CLIENT_OPTIONS, CLIENT_USAGE, openClient } from "./session_source.ts";
import { slowly } from "./slow.ts";

/** The command `sessions`. */
export const sessions: Command = {
  summary: "list the devices that are signed in to the account, or sign some out",
  synopsis: "[SESSION] [OPTIONS]",
  usage: [
    ...CLIENT_USAGE,
    "--terminate=N sign out the device with this number, or all but this one: others",
    "--json        print the list as one line of JSON, for programs",
  ],
  async run(args, environment) {
    const values = [...CLIENT_OPTIONS.values, "terminate"];
    const options = readArguments(args, {
      ...CLIENT_OPTIONS,
      flags: [...CLIENT_OPTIONS.flags, "json"],
      values,
    });
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
      const list = await slowly(
        "Asking Telegram for the devices",
        environment,
        () => devices.list({ signal }),
      );
      if (options.flag("json")) environment.print(JSON.stringify(list.map(deviceJson)));
      else for (const device of list) environment.print(describe(device));
    } else if (which === "others") {
      await devices.terminateOthers({ signal });
      environment.note("All other devices were signed out.");
    } else {
      await devices.terminate(BigInt(which), { signal });
      environment.note("The device was signed out.");
    }
  },
};

/** A device, for programs. Its number has 64 bits, more than a number of JSON holds. */
function deviceJson(device: DeviceSession): Record<string, unknown> {
  const { hash, isCurrent, appName, appVersion, deviceModel, activeAt, ip, country } = device;
  return {
    number: String(hash),
    isCurrent,
    appName,
    appVersion,
    deviceModel,
    activeAt: activeAt.toISOString(),
    ip,
    country,
  };
}

function describe(device: DeviceSession): string {
  const { appName, appVersion, deviceModel, ip, country } = device;
  const active = device.activeAt.toISOString().slice(0, 16).replace("T", " ");
  const which = device.isCurrent ? "this one" : String(device.hash);
  const where = [ip, country].filter(Boolean).join(", ");
  return `${which.padStart(20)}  ${active}  ${appName} ${appVersion}, ${deviceModel} (${where})`;
}
