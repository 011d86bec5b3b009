/**
 * A connection to an address with a secret: an MTProxy of Telegram is there.
 * https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
 */
import { SecurityError } from "../../mtproto/mod.ts";
import { type Address, ConnectionError, formatAddress } from "../../net/mod.ts";
import { mtproxyDial } from "../mtproxy/mtproxy_dial.ts";
import { intermediate, obfuscated, paddedIntermediate } from "../../transport/mod.ts";
import { ProxySecret } from "../../transport/mtproxy/mod.ts";
import type { SearchOptions, SecretConnection } from "./mod.ts";

/** The protocol adds this to the ids of test data centers. */
const TEST_DC = 10_000;

/**
 * Opens the connection.
 *
 * @param timeOffset server time minus local time, in milliseconds
 */
export async function openWithSecret(
  { dial, random, clock, testMode }: SearchOptions,
  proxy: Address,
  bytes: Uint8Array,
  { signal, timeOffset }: { readonly signal: AbortSignal; readonly timeOffset: number },
): Promise<SecretConnection> {
  const { dcId = 0 } = proxy;
  const secret = ProxySecret.parse(bytes);
  const now = (): number => Math.floor((clock.now() + timeOffset) / 1000);
  const inner = secret.kind === "plain" ? intermediate() : paddedIntermediate(random);
  const transport = obfuscated(inner, {
    random,
    dcId: testMode ? dcId + TEST_DC : dcId,
    secret: secret.key,
  });
  const through = { proxy, secret, dial, random, clock, now };
  try {
    return { stream: await mtproxyDial(through)(proxy, signal), transport };
  } catch (error) {
    signal.throwIfAborted();
    throw asAddress(error, proxy);
  }
}

/** Returns the error of an address like any other: the program has named no proxy. */
function asAddress(error: unknown, address: Address): unknown {
  const isUntrusted = error instanceof SecurityError;
  if (!isUntrusted && !(error instanceof ConnectionError)) return error;
  if (error.cause instanceof ConnectionError) return error.cause; // of the dial
  return new ConnectionError(
    `Cannot connect to "${formatAddress(address)}": what answers there does not know the secret ` +
      "that Telegram publishes for it. Check the network.",
    { cause: error },
  );
}
