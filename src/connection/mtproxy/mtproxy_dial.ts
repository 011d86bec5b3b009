/**
 * Connects to an MTProxy, whatever the address: with a secret of the kind `tls`, the stream is
 * inside fake TLS. The obfuscation with the secret is the transport's.
 */
import { SecurityError } from "../../mtproto/mod.ts";
import { type Clock, type Random, withDeadline } from "../../runtime/mod.ts";
import {
  FakeTlsClient,
  type ProxySecret,
  UnprovenAnswerError,
} from "../../transport/mtproxy/mod.ts";
import {
  type Address,
  type ByteStream,
  closeOnAbort,
  CodedStream,
  ConnectionError,
  type Dial,
  formatAddress,
} from "../../net/mod.ts";

/** The parts of a {@linkcode mtproxyDial}. */
export interface MtproxyDialOptions {
  /** Where the proxy is. */
  readonly proxy: Address;
  readonly secret: ProxySecret;
  /** Opens the connection to the proxy. */
  readonly dial: Dial;
  readonly random: Random;
  readonly clock: Clock;
  /** Milliseconds for the connection and the greeting; without a limit by default. */
  readonly timeout?: number;
  /** Returns the time of the server, in Unix seconds. */
  readonly now: () => number;
}

/**
 * Returns a dial to an MTProxy. It rejects with a `ConnectionError` that names the proxy, and with
 * a `SecurityError` if the proxy does not prove that it knows the secret.
 */
export function mtproxyDial(options: MtproxyDialOptions): Dial {
  const { proxy, clock, timeout } = options;
  if (timeout === undefined) return (_address, signal) => connect(options, signal);
  const reason = `no answer in ${timeout / 1000} s. Check its secret, and the network.`;
  const late = (): Error =>
    new ConnectionError(`Cannot connect to the MTProxy "${formatAddress(proxy)}": ${reason}`, {
      proxyFault: "unreachable",
    });
  return (_address, signal) =>
    withDeadline({ clock, timeout, signal, late }, async (deadline) => {
      const stream = await connect(options, deadline);
      return closeOnAbort(stream, signal);
    });
}

async function connect(
  options: MtproxyDialOptions,
  signal: AbortSignal | undefined,
): Promise<ByteStream> {
  const { proxy, secret, dial } = options;
  let stream: ByteStream;
  try {
    stream = await dial(proxy, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw proxyUnreachable(proxy, error);
  }
  if (secret.kind !== "tls") return stream;
  const own = closeOnAbort(stream, signal);
  try {
    return await greet(own, options, signal);
  } catch (error) {
    own.close();
    signal?.throwIfAborted();
    throw error;
  }
}

/** Exchanges the greetings of fake TLS. */
async function greet(
  stream: ByteStream,
  { proxy, secret, random, now }: MtproxyDialOptions,
  signal: AbortSignal | undefined,
): Promise<ByteStream> {
  const tls = new FakeTlsClient({ secret, random, now: now() });
  await stream.write(tls.start());
  while (!tls.isOpen) {
    const chunk = await stream.read();
    signal?.throwIfAborted();
    if (chunk === undefined) {
      throw new ConnectionError(
        `Cannot use the MTProxy "${formatAddress(proxy)}": it closed the connection without an ` +
          "answer. Check its secret, and the clock of this computer.",
        { proxyFault: "unreachable" },
      );
    }
    try {
      const first = tls.receive(chunk);
      if (tls.isOpen) return new CodedStream(stream, tls, first);
    } catch (cause) {
      if (!(cause instanceof UnprovenAnswerError)) throw cause;
      throw notThisProxy(proxy, cause);
    }
  }
  throw new TypeError("Cannot use fake TLS: it was open before its answer");
}

function proxyUnreachable(proxy: Address, cause: unknown): unknown {
  // A dial that fails in another way has a fault of its own.
  if (!(cause instanceof ConnectionError)) return cause;
  const where = `"${formatAddress(proxy)}"`;
  const reason = cause.message.replace(`Cannot connect to ${where}: `, "");
  return new ConnectionError(`Cannot connect to the MTProxy ${where}: ${reason}`, {
    cause,
    permanent: cause.permanent,
    proxyFault: "unreachable",
  });
}

function notThisProxy(proxy: Address, cause: Error): SecurityError {
  return new SecurityError(
    "proxy_secret",
    `Cannot trust the MTProxy "${formatAddress(proxy)}": its answer does not prove that it knows ` +
      "the secret. Check the secret, and the clock of this computer; or something between here " +
      "and the proxy answers in its place.",
    { cause },
  );
}
