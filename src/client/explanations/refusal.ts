/**
 * The errors of raw calls that are not understood: no object, no method, a field that there is not.
 * No value is shown: it may be a secret.
 */
import { apiSchema } from "../../tl/mod.ts";
import { nearest } from "./nearest.ts";

/** A name of TL, which may be shown. */
const TL_NAME = /^[A-Za-z]\w{0,40}(?:\.[A-Za-z]\w{0,60})?$/;
const FIELD_NAME = /^\w{1,40}$/;

/** What people write for fields that other libraries have. */
const FOREIGN: Readonly<Record<string, string>> = {
  flags: "Leave it out: it is made of the other fields.",
  parseMode: "Pass entities, as the templates of @tessera/mtproto/text make them.",
  replyToMsgId: 'Pass replyTo: { _: "inputReplyToMessage", replyToMsgId }.',
  replyMarkup: "Pass replyMarkup to the method itself.",
};

/** Returns the error of a call that is not understood. */
export function refusalOf(request: unknown, dcId: unknown): TypeError {
  const name = methodOf(request);
  if (name === undefined || !apiSchema().isMethod(name)) return new TypeError(noMethod(request));
  const wrong = unknownField(request, "", 0);
  if (wrong !== undefined) return new TypeError(`Cannot call "${name}": ${wrong}`);
  const given = typeof dcId === "number" ? dcId : `of type ${dcId === null ? "null" : typeof dcId}`;
  return new TypeError(
    `Cannot call "${name}": dcId is ${given}, expected the number of a data center, such as 4`,
  );
}

function methodOf(request: unknown): string | undefined {
  const { _: name } = Object(request) as { _?: unknown };
  return typeof name === "string" ? name : undefined;
}

function noMethod(request: unknown): string {
  if (typeof request === "string") {
    const meant = methodLike(request) ?? "help.getConfig";
    return `Cannot call Telegram: the request is of type string, expected ${exampleOf(meant)}`;
  }
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    const type = request === null ? "null" : Array.isArray(request) ? "array" : typeof request;
    return `Cannot call Telegram: the request is of type ${type}, expected ` +
      exampleOf("help.getConfig");
  }
  const name = methodOf(request);
  if (name === undefined) return `Cannot call Telegram: ${nameless(request)}`;
  const shown = TL_NAME.test(name) ? ` "${name}"` : "";
  if (apiSchema().has(name)) {
    return `Cannot call "${name}": it is the name of an object, not of a method`;
  }
  const meant = methodLike(name);
  const hint = meant === undefined
    ? "See https://core.telegram.org/methods."
    : `Did you mean "${meant}"?`;
  return `Cannot call${shown}: layer ${apiSchema().layer} has no such method. ${hint}`;
}

/** Describes an object without a name, as other libraries have them. */
function nameless(request: object): string {
  const { className, "@type": type, method } = request as Record<string, unknown>;
  const foreign = [className, type, method].find((one) => typeof one === "string");
  const meant = typeof foreign === "string" ? methodLike(foreign) : undefined;
  const what = typeof className === "string"
    ? "the request is an object of GramJS"
    : "the request has no name in _";
  return `${what}, expected ${exampleOf(meant ?? "help.getConfig")}`;
}

function exampleOf(method: string): string {
  return `an object like { _: "${method}" }, with the parameters in it`;
}

/** Returns the method of a name, also without its namespace. */
function methodLike(name: string): string | undefined {
  if (!TL_NAME.test(name)) return undefined;
  const schema = apiSchema();
  const methods = [...schema.names()].filter((one) => schema.isMethod(one));
  const found = nearest(name.replace(/Request$/, ""), methods);
  if (found !== undefined || name.includes(".")) return found;
  const last = methods.filter((method) =>
    method.slice(method.indexOf(".") + 1).toLowerCase() === name.toLowerCase()
  );
  return last.length === 1 ? last[0] : undefined;
}

/** Returns what is wrong with the first field that there is not. */
function unknownField(value: unknown, path: string, depth: number): string | undefined {
  if (typeof value !== "object" || value === null || depth > 64) return undefined;
  if (value instanceof Uint8Array) return undefined;
  const name = methodOf(value);
  const fields = name === undefined ? undefined : apiSchema().fieldsOf(name);
  for (const [key, field] of Object.entries(value)) {
    if (key === "_" || field === undefined || field === null) continue;
    const isItem = Array.isArray(value);
    if (fields === undefined && !isItem) continue;
    if (fields !== undefined && !fields.includes(key)) {
      return describeField(`${path}${key}`, key, fields);
    }
    const found = unknownField(field, isItem ? path : `${path}${key}.`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function describeField(path: string, key: string, fields: readonly string[]): string {
  const shown = FIELD_NAME.test(key) ? `the field "${path}"` : "a field";
  const camelCase = key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const like = nearest(key, fields);
  const hint = like !== undefined
    ? `Did you mean "${like}"?`
    : Object.hasOwn(FOREIGN, camelCase)
    ? FOREIGN[camelCase]
    : fields.length === 0
    ? "It has no fields."
    : `Known are ${fields.join(", ")}.`;
  return `${shown} is not known. ${hint}`;
}
