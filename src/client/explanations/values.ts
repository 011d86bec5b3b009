/** What to pass in place of a value that does not fit its field, as far as it is certain. */
import { rewordError } from "../../runtime/mod.ts";
import { apiSchema, type TlError } from "../../tl/mod.ts";

/** Adds advice to an error of encoding a request. Returns the error. */
export function explain(error: TlError, request: unknown): TlError {
  const advice = adviceFor(error, request);
  if (advice !== undefined) rewordError(error, `${error.message}. ${advice}`);
  return error;
}

function adviceFor({ message, path }: TlError, request: unknown): string | undefined {
  const expected = /^Cannot encode ".*": .*expected (.+)$/.exec(message)?.[1];
  const value = expected === undefined ? undefined : valueAt(request, path);
  if (expected === undefined || value === undefined) return undefined;
  if (isGramJs(value)) return 'Write it as an object with its name in _: { _: "inputPeerSelf" }.';
  if (expected.includes("integer of 32 bits")) return forInt(value, path);
  if (expected.includes("bigint of 64 bits")) return forLong(value);
  if (/(?:^|of )Input(?:Peer|User|Channel)$/.test(expected)) return forPeer(value, expected);
  if (expected.includes("Uint8Array")) return forBytes(value);
  if (expected === "an array") return "Pass an array, also of one: [value].";
  if (expected === "a string" && typeof value !== "object") return "Pass String(value).";
  if (expected === "a boolean" || expected === "true") return "Pass true or false.";
  return undefined;
}

/** Returns the value at the path of an error, which begins with the name of the method. */
function valueAt(request: unknown, path: string): unknown {
  const method = (Object(request) as { _?: unknown })._;
  if (typeof method !== "string" || !path.startsWith(method)) return undefined;
  let value: unknown = request;
  for (const [step] of path.slice(method.length).matchAll(/\w+/g)) {
    value = (Object(value) as Record<string, unknown>)[step];
  }
  return value;
}

function isGramJs(value: unknown): boolean {
  const { className, _: name } = Object(value) as { className?: unknown; _?: unknown };
  return typeof className === "string" && name === undefined;
}

const DATE = /date|until|since|expires|time/i;

function forInt(value: unknown, path: string): string | undefined {
  // Milliseconds since 1970 have 13 digits.
  const isTime = typeof value === "number" && value > 1e11 && value < 1e14;
  if (value instanceof Date || isTime || (typeof value === "string" && DATE.test(path))) {
    return "Pass Unix seconds: Math.floor(Date.now() / 1000).";
  }
  const isNumeric = typeof value === "string" && /^-?\d+$/.test(value.trim());
  if (isNumeric || typeof value === "bigint") return "Pass Number(value).";
  if (typeof value !== "number") return undefined;
  return Number.isInteger(value)
    ? "Pass a number from -2147483648 to 2147483647."
    : "Pass a whole number: Math.trunc(value).";
}

function forLong(value: unknown): string | undefined {
  const isNumeric = typeof value === "string" && /^-?\d+$/.test(value.trim());
  if (isNumeric || Number.isInteger(value)) return "Pass BigInt(value), or write it as 123n.";
  return undefined;
}

function forPeer(value: unknown, expected: string): string {
  const { _: name } = Object(value) as { _?: unknown };
  const found = "(await client.peer(value)).input";
  if (expected.endsWith("InputPeer")) return `Pass ${found}.`;
  const isUser = expected.endsWith("InputUser");
  const [type, id] = isUser ? ["inputUser", "userId"] : ["inputChannel", "channelId"];
  const fields = apiSchema().fieldsOf(type)?.join(", ");
  const from = name === "inputPeerUser" || name === "inputPeerChannel" ? "it" : found;
  return `Pass { _: "${type}", ${fields ?? id} }, with the fields of ${from}.`;
}

function forBytes(value: unknown): string | undefined {
  if (typeof value === "string") return "Pass new TextEncoder().encode(text).";
  if (Array.isArray(value)) return "Pass Uint8Array.from(array).";
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? "Pass new Uint8Array(buffer)."
    : undefined;
}
