/**
 * Says in plain words why a connection could not be opened, whatever the runtime calls it.
 */
import { type Address, ConnectionError, formatAddress } from "./stream.ts";

/** What the codes of the system and the names of Deno's errors mean, and what to do about them. */
const REASONS: ReadonlyArray<readonly [codes: readonly string[], text: string]> = [
  [
    ["ECONNREFUSED", "ConnectionRefused"],
    "connection refused, expected a server that listens there; check the host and the port",
  ],
  [
    ["ETIMEDOUT", "TimedOut"],
    "no answer in time, expected a server that can be reached; check the network, or use a VPN",
  ],
  [
    ["ENETUNREACH", "EHOSTUNREACH", "NetworkUnreachable", "HostUnreachable"],
    "no way to that host, expected a network that leads there; check the network, or use a VPN",
  ],
  [
    ["ECONNRESET", "EPIPE", "ConnectionReset", "BrokenPipe"],
    "the connection was cut at once, expected the server to keep it; check the network, or use a VPN",
  ],
  [
    ["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "NotFound"],
    "the name was not found, expected a host that exists; check its spelling and the network",
  ],
  [
    ["EACCES", "EPERM", "PermissionDenied", "NotCapable"],
    "not allowed, expected the permission to use the network; with Deno, run with --allow-net",
  ],
];

function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code } = error as { code?: unknown };
  const inner = error instanceof AggregateError ? error.errors.flatMap(codesOf) : [];
  return [...(typeof code === "string" ? [code] : []), error.name, ...inner];
}

/** The error for a dial to `address` that failed with `cause`. */
export function dialError(address: Address, cause: unknown): ConnectionError {
  const codes = codesOf(cause);
  const known = REASONS.find(([names]) => names.some((name) => codes.includes(name)));
  const said = cause instanceof Error ? cause.message : String(cause);
  // Deno reports a name that does not resolve as a plain error.
  const reason = known?.[1] ?? (/lookup address/i.test(said) ? REASONS[4][1] : undefined) ??
    `${said || "it failed"}, expected a connection; check the address and the network`;
  return new ConnectionError(`Cannot connect to "${formatAddress(address)}": ${reason}`, { cause });
}

/** The error for a connection to `remote` that broke while it was used. */
export function brokenError(what: "read from" | "write to", remote: string, cause: unknown): Error {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new ConnectionError(
    `Cannot ${what} "${remote}": the connection broke (${said}), expected an open connection; connect again`,
    { cause },
  );
}

/** The error for a write to a stream that is closed. */
export function closedError(remote: string): ConnectionError {
  return new ConnectionError(
    `Cannot write to "${remote}": the connection is closed, expected an open connection; connect again`,
  );
}
