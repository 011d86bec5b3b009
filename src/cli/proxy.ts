/**
 * The proxy of a command: the option `--proxy`, else the variables of the environment.
 */
import { environmentProxy } from "../net/proxies/environment.ts";
import { parseProxy, proxyName } from "../net/proxies/parse_proxy.ts";
import type { Proxy } from "../net/mod.ts";
import { type Arguments, UsageError } from "./arguments.ts";
import type { CliEnvironment } from "./environment.ts";

/** The usage of the option. */
export const PROXY_USAGE = [
  "--proxy URL   connect through it: socks5://user:password@host:1080, http://…, https://…, or",
  "              a link to t.me/proxy; ALL_PROXY or HTTPS_PROXY by default, with NO_PROXY",
];

/**
 * Returns the proxy of a command, and tells the person about one that they did not type.
 *
 * @throws {UsageError} if it is none
 */
export function proxyOf(
  options: Arguments,
  { env, note }: Pick<CliEnvironment, "env" | "note">,
): { proxy?: Proxy } {
  try {
    const typed = options.value("proxy");
    if (typed !== undefined) return { proxy: parseProxy(typed) };
    const found = environmentProxy(env);
    if (found === undefined) return {};
    note(`Connecting through the proxy "${proxyName(found.proxy)}" of ${found.variable}.`);
    return { proxy: found.proxy };
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
}
