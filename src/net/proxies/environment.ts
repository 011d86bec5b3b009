/**
 * The proxy that the environment names, as for curl: `ALL_PROXY`, then `HTTPS_PROXY`, each in small
 * letters first; and `NO_PROXY`. Nothing of the library reads them unasked, except the command
 * line.
 */
import { runtimeProcess } from "../../runtime/mod.ts";
import { parseProxy } from "./parse_proxy.ts";
import type { Proxy } from "./proxy.ts";

/** A proxy, and the name of the variable that names it. */
export interface EnvironmentProxy {
  readonly proxy: Proxy;
  readonly variable: string;
}

/**
 * Returns the proxy that the variables `ALL_PROXY` or `HTTPS_PROXY` name, with the exceptions of
 * `NO_PROXY`; undefined if they name none. Pass it in the option `proxy`.
 *
 * @param variables By default those of this process.
 * @throws {TypeError} if a variable has another value
 *
 * @example
 * ```ts
 * import { proxyFromEnvironment } from "@tessera/mtproto";
 *
 * const proxy = proxyFromEnvironment({ ALL_PROXY: "socks5://127.0.0.1:9050" });
 * console.log(proxy?.host); // 127.0.0.1
 * ```
 */
export function proxyFromEnvironment(
  variables?: Readonly<Record<string, string | undefined>>,
): Proxy | undefined {
  const { env = {} } = runtimeProcess() ?? {};
  const all = variables ?? env;
  return environmentProxy((name) => all[name])?.proxy;
}

/** Does the same for a function that returns the value of a variable. */
export function environmentProxy(
  valueOf: (name: string) => string | undefined,
): EnvironmentProxy | undefined {
  const either = (name: string): [string, string] | undefined => {
    const found = [name.toLowerCase(), name].find((one) => valueOf(one)?.trim());
    return found === undefined ? undefined : [found, (valueOf(found) ?? "").trim()];
  };
  const [variable, value] = either("ALL_PROXY") ?? either("HTTPS_PROXY") ?? [];
  if (variable === undefined || value === undefined) return undefined;
  const [, noProxy] = either("NO_PROXY") ?? [];
  if (noProxy?.split(/[\s,]+/).includes("*")) return undefined;
  try {
    const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(value) || /^tg:/i.test(value);
    const proxy = parseProxy(hasScheme ? value : `http://${value}`);
    const withExceptions = proxy.kind === "mtproxy" ? proxy : parseProxy({ ...proxy, noProxy });
    return { proxy: withExceptions, variable };
  } catch (error) {
    const { message } = error as Error;
    throw new TypeError(message.replace("the proxy", `the proxy of ${variable}`), { cause: error });
  }
}
