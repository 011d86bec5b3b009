/**
 * The network of the offline Telegram in memory: the addresses of its data centers, and a dial that
 * leads there without a socket. An address can be taken off the network, as a blocked or a dead
 * one.
 */
import {
  type Address,
  type ByteStream,
  ConnectionError,
  type Dial,
  formatAddress,
  pipe,
} from "../net/mod.ts";
import type { DcAddress } from "./api/mod.ts";

/** What happens at an address where nobody answers. */
type Fate = "refused" | "silent";

const PORT = 443;

/** Returns the addresses in the texts, `host`, `host:port`, `::1` or `[::1]:port`. */
function parseAddresses(
  id: number,
  texts: readonly string[],
  more: Pick<DcAddress, "mediaOnly" | "cdn"> = {},
): DcAddress[] {
  return texts.map((text) => {
    const [, host, port] = /^\[(.+)\](?::(\d+))?$/.exec(text) ??
      /^([^:]+)(?::(\d+))?$/.exec(text) ?? [text, text];
    return { id, host, port: port === undefined ? PORT : Number(port), ...more };
  });
}

/** The addresses in memory, and the connections to them. */
export class MemoryNetwork {
  readonly #addresses = new Map<number, readonly DcAddress[]>();
  readonly #fates = new Map<string, Fate>();
  readonly #open = new Map<ByteStream, string>();
  readonly #serve: (dcId: number, stream: ByteStream, mediaOnly: boolean) => Promise<void>;

  /**
   * A network without addresses; `serve` serves a connection to a data center until its end. Some
   * addresses are for files only.
   */
  constructor(serve: (dcId: number, stream: ByteStream, mediaOnly: boolean) => Promise<void>) {
    this.#serve = serve;
  }

  /** Returns the addresses of a data center. */
  of(id: number): readonly DcAddress[] {
    return this.#addresses.get(id) ?? [];
  }

  /**
   * Sets the addresses of a data center; without `media`, those for files stay. Addresses that it
   * had before refuse all connections.
   */
  set(id: number, texts: readonly string[] = [`dc${id}.offline`], media?: readonly string[]): void {
    const before = this.of(id);
    const forFiles = media === undefined
      ? before.filter(({ mediaOnly }) => mediaOnly)
      : parseAddresses(id, media, { mediaOnly: true });
    const more = before.some(({ cdn }) => cdn) ? { cdn: true } : {};
    const addresses = [...parseAddresses(id, texts, more), ...forFiles];
    this.#addresses.set(id, addresses);
    for (const { host } of before) this.#fates.set(host, "refused");
    for (const { host } of addresses) this.#fates.delete(host);
  }

  /** Adds the address of a CDN. */
  setCdn(id: number): void {
    this.#addresses.set(id, parseAddresses(id, [`cdn${id}.offline`], { cdn: true }));
  }

  /** Takes a host off the network: connections to it fail, or wait for ever. */
  unplug(host: string, fate: Fate): void {
    this.#fates.set(host, fate);
  }

  /** Puts a host on the network again. */
  plug(host: string): void {
    this.#fates.delete(host);
  }

  /** Cuts the connections to hosts that are off the network. */
  cutUnplugged(): void {
    for (const [stream, host] of this.#open) if (this.#fates.has(host)) stream.close();
  }

  /** Connects to a data center: that of the address, or that of its `dcId`, whatever the host. */
  readonly dial: Dial = (address, signal) => {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const fate = this.#fates.get(address.host);
    if (fate === "silent") return untilAborted(signal);
    const id = fate === undefined ? address.dcId ?? this.#find(address) : undefined;
    if (id === undefined || !this.#addresses.has(id)) {
      const reason = fate === undefined
        ? "the offline Telegram has no such data center"
        : "connection refused";
      return Promise.reject(
        new ConnectionError(`Cannot connect to "${formatAddress(address)}": ${reason}`),
      );
    }
    const [client, server] = pipe();
    this.#open.set(server, address.host);
    const named = this.of(id).find(({ host }) => host === address.host);
    void this.#serve(id, server, named?.mediaOnly === true).finally(() =>
      this.#open.delete(server)
    );
    signal?.addEventListener("abort", () => client.close(), { once: true });
    return Promise.resolve(client);
  };

  #find({ host, port }: Address): number | undefined {
    const all = [...this.#addresses.values()].flat();
    return all.find((dc) => dc.host === host && dc.port === port)?.id;
  }
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
