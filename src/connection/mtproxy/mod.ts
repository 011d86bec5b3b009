/**
 * The door to connections through an MTProxy. It is opened for every proxy, as nobody knows before
 * which kind the program names; the rest of the folder is loaded for an MTProxy only.
 */
import { ConnectionError, proxyOf, tcpDial } from "../../net/mod.ts";
import { parseProxy, proxyName } from "../../net/proxies/entry.ts";
import type { ConnectionSettings, Detour, DetourTarget } from "../dc_options.ts";
import { unanswered } from "./unanswered.ts";

/**
 * Returns the way of a connection through the proxy of the settings, or of their dial. One that is
 * no MTProxy is part of the dial, and changes nothing else but the errors, which name it.
 *
 * @throws {TypeError} if it is no proxy, cannot be used beside the dial, or its secret is wrong
 */
export async function detour(
  settings: ConnectionSettings,
  target: DetourTarget,
): Promise<Partial<Detour>> {
  const { proxy: own, innerDial } = settings;
  const options = own || proxyOf(innerDial);
  if (!options) return {};
  const proxy = parseProxy(options);
  if (own && proxy.kind === "mtproxy") {
    const { wayThrough } = await import("./way.ts");
    return wayThrough(proxy, innerDial ?? tcpDial, settings)(target);
  }
  if (own && innerDial !== undefined) {
    throw new TypeError("Cannot use this proxy beside dial. Use proxyDial() for a chain.");
  }
  return { explain: (error) => explained(error, proxyName(proxy)) };
}

/** Names the proxy where nobody knows which hop is at fault: it, Telegram, or the way to it. */
function explained(error: Error, name: string): Error {
  const what = unanswered(error);
  if (what === undefined || error.message.includes(`"${name}"`)) return error;
  return new ConnectionError(
    `Cannot reach Telegram through the proxy "${name}": ${what}. Check the proxy and its network.`,
    { cause: error },
  );
}
