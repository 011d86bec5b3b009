/**
 * The network of Deno, recorded: every function by which a program can send something to another
 * computer, or ask for its address. Only the named targets are let through, and WebSockets through
 * a proxy there.
 */

/** What was asked of the network. */
export interface RecordedNetwork extends Disposable {
  /** Each use that was let through: `tcp 127.0.0.1:1080`. */
  readonly allowed: string[];
  /** Each use that was not. */
  readonly leaks: string[];
}

type Replaceable = "connect" | "connectTls" | "resolveDns" | "createHttpClient" | "listenDatagram";

/** Records the network until it is disposed of. Only connections to these ports are let through. */
export function recordNetwork(...ports: readonly number[]): RecordedNetwork {
  const allowed: string[] = [];
  const leaks: string[] = [];
  const refused = (what: string): never => {
    leaks.push(what);
    throw new Error(`This test does not allow it: ${what}`);
  };
  const { connect, createHttpClient } = Deno;
  const real = { fetch: globalThis.fetch, WebSocket: globalThis.WebSocket };
  const deno = Deno as unknown as Record<string, unknown>;
  const names: Replaceable[] = ["connectTls", "resolveDns", "createHttpClient", "listenDatagram"];
  const kept = new Map([...names, "connect"].map((name) => [name, deno[name]]));
  for (const name of names) deno[name] = () => refused(name);
  deno.connect = (options: Deno.ConnectOptions) => {
    const what = `tcp ${options.hostname}:${options.port}`;
    if (!ports.includes(options.port)) refused(what);
    allowed.push(what);
    return connect(options);
  };
  const clients = new Set<unknown>();
  deno.createHttpClient = (options: Deno.CreateHttpClientOptions) => {
    const { url = "" } = options.proxy as { readonly url?: string } ?? {};
    if (!ports.includes(Number(new URL(url).port))) refused(`createHttpClient ${url}`);
    const client = createHttpClient(options);
    clients.add(client);
    return client;
  };
  globalThis.fetch = (input) => refused(`fetch ${input}`);
  globalThis.WebSocket = class {
    constructor(url: string, options: { readonly client?: unknown } = {}) {
      if (!clients.has(options.client)) refused(`WebSocket ${url}`);
      allowed.push(`WebSocket ${url}`);
      return Reflect.construct(real.WebSocket, [url, options]);
    }
  } as unknown as typeof WebSocket;
  return {
    allowed,
    leaks,
    [Symbol.dispose]() {
      for (const [name, value] of kept) deno[name] = value;
      Object.assign(globalThis, real);
    },
  };
}
