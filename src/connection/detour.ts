/**
 * The way of connections through the proxy of a client: an MTProxy takes the place of all
 * addresses. Another proxy is a `dial`, and changes nothing here.
 */
import { type Dial, type ProxyOptions, readProxy, tcpDial } from "../net/mod.ts";
import { ownCopy } from "../runtime/mod.ts";
import type { ConnectionSettings } from "./dc_options.ts";

/** The settings that a detour needs. */
type Settings = Pick<ConnectionSettings, "clock" | "random" | "info">;

/**
 * Returns the way through `proxy`. Its first use reads how the proxy is named, and rejects with a
 * `TypeError` if it names none.
 *
 * @param dial Opens the connection to an MTProxy; TCP by default.
 */
export function detourThrough(
  proxy: ProxyOptions,
  dial: Dial | undefined,
  settings: Settings,
): NonNullable<ConnectionSettings["detour"]> {
  const own = ownCopy(proxy); // the program may change it before its first use
  return async (target) => {
    const read = await readProxy(own);
    if (read.kind !== "mtproxy" && dial === undefined) return undefined;
    const { throughMtproxy } = await import("./mtproxy/mod.ts");
    return throughMtproxy(read, dial ?? tcpDial, settings)(target);
  };
}
