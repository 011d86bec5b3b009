/**
 * A connection to an address with a secret: it is obfuscated with the secret, as with an MTProxy.
 * https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
 */
import type { Address } from "../../net/mod.ts";
import { intermediate, obfuscated, paddedIntermediate } from "../../transport/mod.ts";
import { FramedStream, type PacketStream } from "../packet_stream.ts";
import type { SearchOptions } from "./mod.ts";

/** The protocol adds this to the ids of test data centers. */
const TEST_DC = 10_000;

/** Opens the connection. */
export async function openWithSecret(
  { dial, random, testMode }: SearchOptions,
  address: Address,
  secret: Uint8Array,
  signal: AbortSignal,
): Promise<PacketStream> {
  const { dcId = 0 } = address;
  const inner = secret.length > 16 ? paddedIntermediate(random) : intermediate();
  const transport = obfuscated(inner, {
    random,
    dcId: testMode ? dcId + TEST_DC : dcId,
    secret: secret.slice(-16),
  });
  return new FramedStream(await dial(address, signal), transport);
}
