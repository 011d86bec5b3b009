/**
 * The errors of connections, in plain words for all runtimes.
 */
import { errorOf } from "../runtime/mod.ts";
import { type Address, ConnectionError, formatAddress } from "./stream.ts";

/** The meaning of system codes and of the names of Deno's errors, and what to do. */
const REASONS: ReadonlyArray<readonly [codes: readonly string[], text: string]> = [
  [
    ["ECONNREFUSED", "ConnectionRefused"],
    "connection refused. Check the host and the port.",
  ],
  [
    ["ETIMEDOUT", "TimedOut"],
    "the server did not answer in time. Check the network, or use a VPN.",
  ],
  [
    ["ENETUNREACH", "EHOSTUNREACH", "NetworkUnreachable", "HostUnreachable"],
    "the network has no route to the host. Check the network, or use a VPN.",
  ],
  [
    ["ECONNRESET", "EPIPE", "ConnectionReset", "BrokenPipe"],
    "the connection was closed at once. Check the network, or use a VPN.",
  ],
  [
    ["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "NotFound"],
    "the host was not found. Check its spelling and the network.",
  ],
  [
    ["EACCES", "EPERM", "ERR_ACCESS_DENIED", "PermissionDenied", "NotCapable"],
    "the program may not use the network. Allow it; with Deno, run with --allow-net.",
  ],
];

/** The names of a runtime's own refusal, which stays the same for the whole process. */
const FORBIDDEN = ["ERR_ACCESS_DENIED", "NotCapable"];

function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code } = error as { code?: unknown };
  const inner = error instanceof AggregateError ? error.errors.flatMap(codesOf) : [];
  return [...(typeof code === "string" ? [code] : []), error.name, ...inner];
}

/** Makes the error for a dial to `address` that failed with `cause`. */
export function dialError(address: Address, cause: unknown): ConnectionError {
  const codes = codesOf(cause);
  const known = REASONS.find(([names]) => names.some((name) => codes.includes(name)));
  const said = errorOf(cause).message;
  // Deno reports a name that does not resolve as a plain error.
  const reason = known?.[1] ?? (/lookup address/i.test(said) ? REASONS[4][1] : undefined) ??
    `${said || "it failed"}. Check the address and the network.`;
  return new ConnectionError(`Cannot connect to "${formatAddress(address)}": ${reason}`, {
    cause,
    permanent: FORBIDDEN.some((name) => codes.includes(name)),
  });
}

/** Makes the error for a connection to `remote` that broke during its use. */
export function brokenError(what: "read from" | "write to", remote: string, cause: unknown): Error {
  const said = errorOf(cause).message;
  return new ConnectionError(
    `Cannot ${what} "${remote}": the connection broke (${said}). Connect again.`,
    { cause },
  );
}

/** Makes the error for a write to a closed stream. */
export function closedError(remote: string): ConnectionError {
  return new ConnectionError(
    `Cannot write to "${remote}": the connection is closed. Connect again.`,
  );
}
