/**
 * Connections through an MTProxy: to its one address in the place of those of every data center,
 * with a transport that tells the proxy where to go.
 * https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
 */
import { ConnectionError, type Dial, formatAddress, type MtProxy } from "../../net/mod.ts";
import { intermediate, obfuscated, paddedIntermediate } from "../../transport/mod.ts";
import { ProxySecret } from "../../transport/mtproxy/mod.ts";
import type { ConnectionSettings, Detour, DetourTarget } from "../dc_options.ts";
import { mtproxyDial } from "./mtproxy_dial.ts";
import { unanswered } from "./unanswered.ts";

/** What an MTProxy needs of the settings. */
type Settings = Pick<ConnectionSettings, "clock" | "random" | "info">;

/**
 * Returns the way through an MTProxy, for every connection.
 *
 * @param proxy Where it is, and its secret.
 * @param dial Opens the connection to the proxy.
 * @throws {TypeError} if its secret is none
 */
export function wayThrough(
  proxy: MtProxy,
  dial: Dial,
  { clock, random, info }: Settings,
): (target: DetourTarget) => Detour {
  const secret = ProxySecret.parse(proxy.secret);
  const { host, port, timeout } = proxy;
  const inner = (): ReturnType<typeof intermediate> =>
    secret.kind === "plain" ? intermediate() : paddedIntermediate(random);
  return ({ dcId, isForFiles, time }) => ({
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
      now: () => Math.floor((clock.now() + (time()?.timeOffset ?? 0)) / 1000),
    }),
    transport: (id) => obfuscated(inner(), { random, secret: secret.key, dcId: id }),
    hidesLengths: secret.kind !== "plain",
    info: { ...info, proxy: { _: "inputClientProxy", address: host, port } },
    explain: (error) => explained(error, `"${formatAddress(proxy)}"`, secret),
  });
}

/** Returns an error that says what can be the reason when no answer comes through a proxy. */
function explained(error: Error, where: string, { kind }: ProxySecret): Error {
  const what = unanswered(error);
  if (what === undefined) return error;
  const clock = kind === "tls" ? ", or the clock of this computer" : "";
  return new ConnectionError(
    `Cannot reach Telegram through the MTProxy ${where}: ${what}. Its secret may be ` +
      `wrong${clock}, it may not reach Telegram itself, or the network blocks it. Check them, ` +
      "or use another proxy.",
    { cause: error },
  );
}
