/**
 * Proxies for tests, on loopback: SOCKS5 and HTTP with CONNECT. They follow the RFCs alone, and
 * share no code with the library. A proxy may send each target elsewhere, as there is no Telegram
 * at the addresses of Telegram.
 */

// A test may watch the connections of the library, which are not those of a proxy.
const { connect } = Deno;

/** How a test proxy behaves. */
export interface TestProxyOptions {
  readonly kind: "socks5" | "http";
  /** The port; one that is free by default. */
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
  /** Where a connection to `host:port` goes instead; undefined refuses it. */
  readonly route?: (target: string) => { hostname: string; port: number } | undefined;
  /** Cuts what the proxy itself sends into chunks of one byte. */
  readonly isSlow?: boolean;
}

/** A proxy that runs. */
export interface TestProxy extends AsyncDisposable {
  readonly kind: "socks5" | "http";
  readonly port: number;
  /** Its URL, with the credentials. */
  readonly url: string;
  /** The targets of all connections, `host:port`, in their order. */
  readonly targets: string[];
  /** The type of each target, for SOCKS5: 1 (IPv4), 3 (name), 4 (IPv6). */
  readonly addressTypes: number[];
  /** The number of connections with right credentials, and of all others. */
  readonly accepted: number;
  readonly refused: number;
  /** The number of connections that are open now. */
  readonly open: number;
}

class Reader {
  readonly #connection: Deno.Conn;
  #bytes = new Uint8Array();

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  async take(length: number): Promise<Uint8Array> {
    while (this.#bytes.length < length) await this.#more();
    const taken = this.#bytes.slice(0, length);
    this.#bytes = this.#bytes.slice(length);
    return taken;
  }

  async head(): Promise<string> {
    for (;;) {
      const text = String.fromCharCode(...this.#bytes);
      const end = text.indexOf("\r\n\r\n");
      if (end >= 0) return String.fromCharCode(...await this.take(end + 4));
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    const buffer = new Uint8Array(1024);
    const length = await this.#connection.read(buffer);
    if (length === null) throw new Error("the client has closed");
    this.#bytes = Uint8Array.from([...this.#bytes, ...buffer.subarray(0, length)]);
  }

  get rest(): Uint8Array {
    return this.#bytes;
  }
}

/** The text of an IPv6 address, as the proxy of a test shows it: eight groups. */
function ipv6Text(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2).toString(16)).join(":");
}

class Server implements TestProxy {
  readonly kind: "socks5" | "http";
  readonly port: number;
  readonly url: string;
  readonly targets: string[] = [];
  readonly addressTypes: number[] = [];
  accepted = 0;
  refused = 0;
  readonly #options: TestProxyOptions;
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<Deno.Conn>();
  readonly #serving = new Set<Promise<void>>();

  constructor(options: TestProxyOptions) {
    this.#options = options;
    this.kind = options.kind;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: options.port ?? 0 });
    this.port = this.#listener.addr.port;
    const { username, password = "" } = options;
    const credentials = username === undefined ? "" : `${username}:${password}@`;
    this.url = `${this.kind}://${credentials}127.0.0.1:${this.port}`;
    this.#serving.add(this.#accept());
  }

  get open(): number {
    return this.#connections.size / 2;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) close(connection);
    await Promise.all(this.#serving);
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      const serving = this.#serve(connection).catch(() => {}).finally(() => {
        close(connection);
        this.#connections.delete(connection);
        this.#serving.delete(serving);
      });
      this.#serving.add(serving);
    }
  }

  async #serve(connection: Deno.Conn): Promise<void> {
    const reader = new Reader(connection);
    const target = this.kind === "socks5"
      ? await this.#socks5(connection, reader)
      : await this.#connect(connection, reader);
    if (target === undefined) return;
    const outgoing = await this.#dial(target);
    await this.#send(connection, this.#answer(outgoing !== undefined));
    if (outgoing === undefined) return;
    this.#connections.add(connection).add(outgoing);
    try {
      await outgoing.write(reader.rest);
      await Promise.all([pump(connection, outgoing), pump(outgoing, connection)]);
    } finally {
      close(outgoing);
      this.#connections.delete(outgoing);
    }
  }

  async #dial(target: string): Promise<Deno.TcpConn | undefined> {
    this.targets.push(target);
    const colon = target.lastIndexOf(":");
    const asked = { hostname: target.slice(0, colon), port: Number(target.slice(colon + 1)) };
    const { route = () => asked } = this.#options;
    const to = route(target);
    if (to === undefined) return undefined;
    return await connect(to).catch(() => undefined);
  }

  async #socks5(connection: Deno.Conn, reader: Reader): Promise<string | undefined> {
    const { username, password = "" } = this.#options;
    const [, count] = await reader.take(2);
    const methods = await reader.take(count);
    const wanted = username === undefined ? 0 : 2;
    if (!methods.includes(wanted)) {
      this.refused++;
      await this.#send(connection, [5, 0xff]);
      return undefined;
    }
    await this.#send(connection, [5, wanted]);
    if (wanted === 2) {
      const [, nameLength] = await reader.take(2);
      const name = new TextDecoder().decode(await reader.take(nameLength));
      const [secretLength] = await reader.take(1);
      const secret = new TextDecoder().decode(await reader.take(secretLength));
      const isRight = name === username && secret === password;
      if (!isRight) this.refused++;
      await this.#send(connection, [1, isRight ? 0 : 1]);
      if (!isRight) return undefined;
    }
    this.accepted++;
    const [, , , type] = await reader.take(4);
    this.addressTypes.push(type);
    const [length] = type === 3 ? await reader.take(1) : [type === 1 ? 4 : 16];
    const address = await reader.take(length);
    const [high, low] = await reader.take(2);
    const host = type === 3
      ? new TextDecoder().decode(address)
      : type === 1
      ? address.join(".")
      : ipv6Text(address);
    return `${host}:${high << 8 | low}`;
  }

  async #connect(connection: Deno.Conn, reader: Reader): Promise<string | undefined> {
    const { username, password = "" } = this.#options;
    const [request, ...headers] = (await reader.head()).split("\r\n");
    const [, target] = /^CONNECT (\S+:\d+) HTTP\/1\.1$/.exec(request) ?? [];
    if (target === undefined) return undefined;
    const given = headers.find((line) => line.startsWith("Proxy-Authorization: Basic "))?.slice(27);
    const bytes = Uint8Array.from(atob(given ?? ""), (char) => char.charCodeAt(0));
    if (username !== undefined && new TextDecoder().decode(bytes) !== `${username}:${password}`) {
      this.refused++;
      const answer = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
      await this.#send(connection, new TextEncoder().encode(answer));
      return undefined;
    }
    this.accepted++;
    return target;
  }

  /** The answer of the proxy, connected or not. SOCKS5 names an address by its name, to be odd. */
  #answer(isConnected: boolean): Iterable<number> {
    if (this.kind === "socks5") return [5, isConnected ? 0 : 5, 0, 3, 2, 104, 105, 0, 80];
    const status = isConnected ? "200 Connection established" : "502 Bad Gateway";
    return new TextEncoder().encode(`HTTP/1.0 ${status}\r\nVia: test\r\n\r\n`);
  }

  async #send(connection: Deno.Conn, bytes: Iterable<number>): Promise<void> {
    const all = Uint8Array.from(bytes);
    const step = this.#options.isSlow ? 1 : all.length;
    for (let at = 0; at < all.length; at += step) {
      await connection.write(all.subarray(at, at + step));
    }
  }
}

/** Copies from one connection to the other, until one of them ends; then closes both. */
async function pump(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(65_536);
  try {
    for (;;) {
      const length = await from.read(buffer);
      if (length === null) break;
      for (let at = 0; at < length;) at += await to.write(buffer.subarray(at, length));
    }
  } catch {
    // One side was closed.
  }
  close(from);
  close(to);
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It was closed before.
  }
}

/** Starts a proxy. */
export function startProxy(options: TestProxyOptions): TestProxy {
  return new Server(options);
}
