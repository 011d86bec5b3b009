/**
 * A wire that is listened to: it passes connections on to another port, and notes by the first
 * bytes of each which transport the client speaks. So it is known what came over the wire, whatever
 * client and server say.
 */
import { systemRandom } from "../../src/runtime/mod.ts";
import { acceptTransport } from "../../src/transport/mod.ts";

/** The wire; it is cut when it goes out of scope. */
export interface Tap extends AsyncDisposable {
  /** The port to connect to, on loopback. */
  readonly port: number;
  /** The transports that were seen, each once, in the order of their first connections. */
  readonly transports: ReadonlySet<string>;
}

/** Lays a wire to a port on loopback. */
export function tap(port: number): Tap {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const transports = new Set<string>();
  const open = new Set<Promise<unknown>>();
  const accepting = (async () => {
    for await (const client of listener) {
      const passing = pass(client, port, transports).finally(() => open.delete(passing));
      open.add(passing);
    }
  })();
  return {
    port: listener.addr.port,
    transports,
    [Symbol.asyncDispose]: async () => {
      listener.close();
      await accepting;
      await Promise.all(open);
    },
  };
}

async function pass(client: Deno.TcpConn, port: number, transports: Set<string>): Promise<void> {
  using _client = client;
  using server = await Deno.connect({ hostname: "127.0.0.1", port });
  const listening = listenTo(transports);
  const up = client.readable.pipeThrough(listening).pipeTo(server.writable);
  const down = server.readable.pipeTo(client.writable);
  await Promise.allSettled([up, down]); // Clients hang up as they like.
}

function listenTo(transports: Set<string>): TransformStream<Uint8Array, Uint8Array> {
  const transport = acceptTransport({ random: systemRandom });
  return new TransformStream({
    transform(chunk, controller): void {
      transport.receive(chunk);
      transports.add(transport.name);
      controller.enqueue(chunk);
    },
  });
}
