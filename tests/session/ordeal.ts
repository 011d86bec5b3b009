/** What the programs of ordeal.test.ts do and suffer, and the rules that they must keep. */

/** A thing that a program did, with the time before it. */
export interface Deed {
  readonly at: number;
  /** The program, and how often it had opened the session. */
  readonly owner: string;
  /** The key of the session: one that was emptied gets a new one. */
  readonly key: number;
  /** The number of the state that it found. */
  readonly opened?: number;
  /** The number of a state whose saving has succeeded. */
  readonly saved?: number;
}

/** Returns a number for a new key. */
export function newKey(): number {
  return 1 + Math.floor(Math.random() * 1e9);
}

/** Returns what breaks the rules: two owners of a key at once, or a save that was lost. */
export function faultsOf(deeds: readonly Deed[]): string[] {
  const faults: string[] = [];
  for (const [key, all] of Map.groupBy(deeds, (deed) => deed.key)) {
    const owners = [...Map.groupBy(all, ({ owner }) => owner)].map(([owner, own]) => {
      const uses = own.filter(({ opened, saved }) => opened === undefined && saved === undefined);
      return {
        owner,
        from: Math.min(...uses.map(({ at }) => at)),
        to: Math.max(...uses.map(({ at }) => at)),
        opened: own.find(({ opened }) => opened !== undefined)?.opened ?? 0,
        saved: own.reduce((most, { saved }) => Math.max(most, saved ?? 0), 0),
      };
    }).filter(({ from }) => Number.isFinite(from)).sort((a, b) => a.from - b.from);
    for (const [index, one] of owners.entries()) {
      for (const before of owners.slice(0, index)) {
        if (before.to > one.from) {
          faults.push(
            `${before.owner} used ${key} until ${before.to}, ${one.owner} from ${one.from}`,
          );
        }
        if (before.saved > one.opened) {
          faults.push(
            `${one.owner} found ${one.opened}, ${before.owner} had saved ${before.saved}`,
          );
        }
      }
    }
  }
  return faults;
}

/** A line to a server, which can be cut. */
export class Line implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #target: { readonly hostname: string; readonly port: number };
  readonly #open = new Set<Deno.TcpConn>();
  #cut: PromiseWithResolvers<void> | undefined;

  /** A line to a port of this machine. */
  constructor(port: number) {
    this.#target = { hostname: "127.0.0.1", port };
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#accept();
  }

  /** The port of our end. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Delivers nothing any more until `heal`: what is sent meanwhile arrives then. */
  cut(): void {
    this.#cut ??= Promise.withResolvers();
  }

  /** Delivers everything again. With `drop`, it breaks all connections instead. */
  heal({ drop = false } = {}): void {
    if (drop) { for (const one of this.#open) close(one); }
    this.#cut?.resolve();
    this.#cut = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.heal({ drop: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  async #accept(): Promise<void> {
    for await (const near of this.#listener) {
      this.#open.add(near);
      Deno.connect(this.#target).then((far) => {
        this.#open.add(far);
        this.#carry(near, far);
        this.#carry(far, near);
      }, () => close(near));
    }
  }

  async #carry(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    const bytes = new Uint8Array(65_536);
    try {
      for (let length; (length = await from.read(bytes)) !== null;) {
        await this.#cut?.promise;
        for (let sent = 0; sent < length;) sent += await to.write(bytes.subarray(sent, length));
      }
    } catch {
      // Either end is closed.
    }
    for (const one of [from, to]) {
      this.#open.delete(one);
      close(one);
    }
  }
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
