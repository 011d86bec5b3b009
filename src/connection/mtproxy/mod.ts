/**
 * Connections through an MTProxy: to its one address in the place of those of every data center,
 * with a transport that tells the proxy where to go. Loaded when a program uses one.
 * https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
 */
import { ConnectionError, type Dial, formatAddress, type Proxy } from "../../net/mod.ts";
import { mtproxyDial } from "../../net/mtproxy/mod.ts";
import { intermediate, obfuscated, paddedIntermediate } from "../../transport/mod.ts";
import { ProxySecret } from "../../transport/mtproxy/mod.ts";
import type { ConnectionSettings, Detour, DetourTarget } from "../dc_options.ts";

/** What an MTProxy needs of the settings. */
type Settings = Pick<ConnectionSettings, "clock" | "random" | "info">;

/**
 * Returns the way through an MTProxy, for every connection.
 *
 * @param proxy Where it is, and its secret.
 * @param dial Opens the connection to the proxy.
 * @throws {TypeError} if it is another proxy, or its secret is none
 */
export function throughMtproxy(
  proxy: Proxy,
  dial: Dial,
  { clock, random, info }: Settings,
): (target: DetourTarget) => Detour {
  if (proxy.kind !== "mtproxy") {
    throw new TypeError("Cannot use this proxy beside dial. Use proxyDial() for a chain.");
  }
  const secret = ProxySecret.parse(proxy.secret);
  const { host, port, timeout } = proxy;
  const inner = (): ReturnType<typeof intermediate> =>
    secret.kind === "plain" ? intermediate() : paddedIntermediate(random);
  return ({ dcId, isForFiles, timeOffset }) => ({
    addresses: {
      candidates: () => [{ host, port, dcId }],
      worked: () => {},
      failed: () => {},
      areForFiles: isForFiles,
    },
    dial: mtproxyDial({
      proxy: { host, port },
      secret,
      dial,
      random,
      clock,
      ...(timeout !== undefined && { timeout: timeout * 1000 }),
      now: () => Math.floor((clock.now() + timeOffset()) / 1000),
    }),
    transport: (id) =>
      obfuscated(inner(), { random, secret: secret.key, dcId: isForFiles ? -id : id }),
    hidesLengths: secret.kind !== "plain",
    info: { ...info, proxy: { _: "inputClientProxy", address: host, port } },
    explain: (error) => explained(error, `"${formatAddress(proxy)}"`, secret),
  });
}

/** Errors that name the proxy already begin so, and one that Telegram itself has caused. */
const NAMED = /^Cannot (?:(?:connect to|use) the MTProxy |bind a temporary key )/;

/** Returns an error that says what can be the reason when no answer comes through a proxy. */
function explained(error: Error, where: string, { kind }: ProxySecret): Error {
  if (!(error instanceof ConnectionError) || NAMED.test(error.message)) return error;
  const isClosed = /was closed|closed the connection/.test(error.message);
  const what = isClosed ? "it closed the connection without an answer" : "no answer came";
  const clock = kind === "tls" ? ", or the clock of this computer" : "";
  return new ConnectionError(
    `Cannot reach Telegram through the MTProxy ${where}: ${what}. Its secret may be ` +
      `wrong${clock}, it may not reach Telegram itself, or the network blocks it. Check them, ` +
      "or use another proxy.",
    { cause: error },
  );
}
