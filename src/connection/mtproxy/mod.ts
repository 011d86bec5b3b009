/**
 * The door to connections through an MTProxy. It is opened for every proxy, as nobody knows before
 * which kind the program names; the rest of the folder is loaded for an MTProxy only.
 */
import { ConnectionError, tcpDial } from "../../net/mod.ts";
import { parseProxy, proxyName } from "../../net/proxies/entry.ts";
import type { ConnectionSettings, Detour, DetourTarget } from "../dc_options.ts";

/**
 * Returns the way of a connection through the proxy of the settings. Another proxy is a `dial`, and
 * changes nothing else but the errors, which name it.
 *
 * @throws {TypeError} if it is no proxy, cannot be used beside the dial, or its secret is wrong
 */
export async function detour(
  settings: ConnectionSettings,
  target: DetourTarget,
): Promise<Partial<Detour>> {
  const { proxy: options, innerDial } = settings;
  if (!options) return {};
  const proxy = parseProxy(options);
  if (proxy.kind === "mtproxy") {
    const { wayThrough } = await import("./way.ts");
    return wayThrough(proxy, innerDial ?? tcpDial, settings)(target);
  }
  if (innerDial === undefined) return { explain: (error) => explained(error, proxyName(proxy)) };
  throw new TypeError("Cannot use this proxy beside dial. Use proxyDial() for a chain.");
}

/** Names the proxy where the time of the client was over first: nobody knows which hop is slow. */
function explained(error: Error, name: string): Error {
  const [silence] = /no answer in [\d.]+ s/.exec(error.message) ?? [];
  const isNamed = error.message.includes(`"${name}"`);
  if (!(error instanceof ConnectionError) || silence === undefined || isNamed) return error;
  return new ConnectionError(
    `Cannot reach Telegram through the proxy "${name}": ${silence}. ` +
      "Check the proxy and its network.",
    { cause: error },
  );
}
