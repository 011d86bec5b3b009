/**
 * The check of a raw request before it goes out: nothing in it may be passed over in silence. What
 * an error says is in explanations/, which is loaded with the first one.
 */
import { apiSchema, TlError } from "../tl/mod.ts";

/** Deeper requests are refused by the codec. */
const MAX_DEPTH = 64;

/** Whether a request names a method, and has only fields that there are, at any depth. */
export function isUnderstood(request: unknown): boolean {
  const { _: name } = Object(request) as { _?: unknown };
  return typeof name === "string" && apiSchema().isMethod(name) && hasKnownFields(request, 0);
}

function hasKnownFields(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return true;
  if (value instanceof Uint8Array) return true;
  if (Array.isArray(value)) return value.every((one) => hasKnownFields(one, depth + 1));
  const { _: name } = value as { _?: unknown };
  const fields = typeof name === "string" ? apiSchema().fieldsOf(name) : undefined;
  if (fields === undefined) return true; // the codec refuses it
  for (const key of Object.keys(value)) {
    const field: unknown = (value as Record<string, unknown>)[key];
    const isLeftOut = key === "_" || field === undefined || field === null;
    if (!isLeftOut && !(fields.includes(key) && hasKnownFields(field, depth + 1))) return false;
  }
  return true;
}

/** Whether a number can be that of a data center; undefined is the account's own. */
export function isDcId(dcId: unknown): boolean {
  return dcId === undefined || Number.isInteger(dcId) && (dcId as number) > 0;
}

/** Throws the `TypeError` for a call that is not understood. */
export async function refuse(request: unknown, dcId: unknown): Promise<never> {
  const { refusalOf } = await import("./explanations/mod.ts");
  throw refusalOf(request, dcId);
}

/** Adds to an error of the codec what to pass in place of the value that does not fit. */
export async function explained(error: unknown, request: unknown): Promise<unknown> {
  if (!(error instanceof TlError)) return error;
  const { explain } = await import("./explanations/mod.ts");
  return explain(error, request);
}
