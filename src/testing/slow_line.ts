/**
 * A slow line: a connection whose bytes need time, by a clock. Both directions have the same speed,
 * and do not slow each other down.
 */
import type { ByteStream } from "../net/mod.ts";
import type { Clock } from "../runtime/mod.ts";

/** How slow a line is. */
export interface LineSpeed {
  /** The bytes of each direction of a connection in a second; without a limit by default. */
  readonly bytesPerSecond?: number;
  /** How long each byte is under way, in milliseconds; 0 by default. */
  readonly latency?: number;
}

/** One direction of a line. */
class Direction {
  readonly #clock: Clock;
  readonly #speed: LineSpeed;
  readonly #ended: AbortSignal;
  /** When all bytes so far have left, on the monotonic clock. */
  #busyUntil = 0;

  constructor(clock: Clock, speed: LineSpeed, ended: AbortSignal) {
    this.#clock = clock;
    this.#speed = speed;
    this.#ended = ended;
  }

  /** Resolves when so many bytes have left, with the time at which they arrive. */
  async leave(length: number): Promise<number> {
    const { bytesPerSecond = Infinity, latency = 0 } = this.#speed;
    const now = this.#clock.monotonic();
    this.#busyUntil = Math.max(now, this.#busyUntil) + length / bytesPerSecond * 1000;
    const arrival = this.#busyUntil + latency;
    await this.until(this.#busyUntil);
    return arrival;
  }

  async until(time: number): Promise<void> {
    const ms = time - this.#clock.monotonic();
    if (ms > 0) await this.#clock.sleep(ms, this.#ended);
  }
}

/** Returns one end of a line: what is read from it and written to it needs time. */
export function slowLine(stream: ByteStream, clock: Clock, speed: LineSpeed): ByteStream {
  const ended = new AbortController();
  const down = new Direction(clock, speed, ended.signal);
  const up = new Direction(clock, speed, ended.signal);
  const close = (): void => {
    ended.abort();
    stream.close();
  };
  /** The chunks that have left the other side, with the times at which they arrive. */
  const underWay: { readonly chunk: Uint8Array | undefined; readonly at: number }[] = [];
  let hasCome: (() => void) | undefined;
  let failure: unknown;
  const receive = async (): Promise<void> => {
    for (;;) {
      const chunk = await stream.read();
      const at = await up.leave(chunk?.length ?? 0);
      underWay.push({ chunk, at });
      hasCome?.();
      if (chunk === undefined) return;
    }
  };
  let receiving: Promise<void> | undefined;
  let sending: Promise<unknown> = Promise.resolve();
  return {
    read: async () => {
      receiving ??= receive().catch((error) => {
        failure = error;
        hasCome?.();
      });
      while (underWay.length === 0) {
        if (ended.signal.aborted) return undefined;
        if (failure !== undefined) throw failure;
        await new Promise<void>((resolve) => hasCome = resolve);
      }
      const [{ chunk, at }] = underWay;
      await up.until(at).catch(() => {});
      underWay.shift();
      return ended.signal.aborted ? undefined : chunk;
    },
    write: async (bytes) => {
      const copy = bytes.slice();
      const at = await down.leave(copy.length);
      // The writer goes on when its bytes have left; they arrive later, in their order.
      const arriving = sending = sending.then(() => down.until(at)).then(() => stream.write(copy));
      arriving.catch(close);
    },
    close,
  };
}
