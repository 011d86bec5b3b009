/**
 * The door to connections through an MTProxy. It is opened for every proxy, as nobody knows before
 * which kind the program names; the rest of the folder is loaded for an MTProxy only.
 */
import { tcpDial } from "../../net/mod.ts";
import { parseProxy } from "../../net/proxies/entry.ts";
import type { ConnectionSettings, Detour, DetourTarget } from "../dc_options.ts";

/**
 * Returns the way of a connection through the proxy of the settings; undefined for another proxy,
 * which is a `dial` and changes nothing else.
 *
 * @throws {TypeError} if it is no proxy, cannot be used beside the dial, or its secret is wrong
 */
export async function detour(
  settings: ConnectionSettings,
  target: DetourTarget,
): Promise<Detour | undefined> {
  const { proxy: options, innerDial } = settings;
  if (!options) return undefined;
  const proxy = parseProxy(options);
  if (proxy.kind === "mtproxy") {
    const { wayThrough } = await import("./way.ts");
    return wayThrough(proxy, innerDial ?? tcpDial, settings)(target);
  }
  if (innerDial === undefined) return undefined;
  throw new TypeError("Cannot use this proxy beside dial. Use proxyDial() for a chain.");
}
