/**
 * A connection to an address with a secret: an MTProxy of Telegram is there.
 * https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
 */
import type { Address } from "../../net/mod.ts";
import { mtproxyDial } from "../mtproxy/mtproxy_dial.ts";
import { intermediate, obfuscated, paddedIntermediate } from "../../transport/mod.ts";
import { ProxySecret } from "../../transport/mtproxy/mod.ts";
import { FramedStream, type PacketStream } from "../packet_stream.ts";
import type { SearchOptions } from "./mod.ts";

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
): Promise<PacketStream> {
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
  const stream = await mtproxyDial(through)(proxy, signal);
  return new FramedStream(stream, transport);
}
