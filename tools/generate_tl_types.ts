// The TypeScript of src/tl/generated/api.ts: types alone, so that no runtime loads them. Names are
// TL's, verbatim: constructor `user` is `Api.user`, type `User` is the union `Api.User`, and what
// has a dot in its name is in a namespace. Type aliases and no interfaces, since only aliases can
// be passed as a `TlObject`.

import type { Definition, TlType } from "../src/tl/definition.ts";
import { parseDefinition, parseType } from "../src/tl/definition_parser.ts";
import { naturalDefault } from "../src/tl/defaults/natural_default.ts";
import type { Line } from "./generate_tl.ts";

interface Declaration {
  readonly namespace: string;
  readonly name: string;
  readonly text: string;
}

/** The text of the module, without its header. */
export function generateTypes(lines: readonly Line[]): string {
  const constructors = lines.filter((line) => !line.isMethod);
  const methods = lines.filter((line) => line.isMethod);
  const scope = new Scope(constructors.map((line) => parseDefinition(line.text, false)));

  const declarations = [
    ...constructors.map((line) => declareConstructor(line, scope)),
    ...[...scope.unions].map(([type, members]) => declareUnion(type, members, scope)),
  ];
  const names = new Set(declarations.map(({ namespace, name }) => `${namespace}.${name}`));
  if (names.size < declarations.length) throw new Error("Cannot write types: two have one name");

  const namespaces = [...new Set(declarations.map(({ namespace }) => namespace))];
  const inside = (namespace: string): string[] =>
    declarations.filter((other) => other.namespace === namespace).map(({ text }) => text);
  const methodsText = declareMethods(methods, scope);
  return [
    `import type { TlObject } from "../tl_object.ts";`,
    ...scope.aliases(),
    ...inside(""),
    ...namespaces.filter((namespace) => namespace !== "").map((namespace) =>
      `/** \`${namespace}.*\` */\nexport namespace ${namespace} {\n` +
      `${indent(inside(namespace).join("\n\n"))}\n}`
    ),
    methodsText,
  ].join("\n\n") + "\n";
}

/** Which types there are, and how to name one of them from inside of a namespace. */
class Scope {
  readonly unions = new Map<string, string[]>();
  readonly #shadowed = new Set<string>();

  constructor(definitions: readonly Definition[]) {
    for (const { name, type } of definitions) {
      const members = this.unions.get(type);
      if (members === undefined) this.unions.set(type, [name]);
      else members.push(name);
    }
  }

  reference(name: string, namespace: string): string {
    const [owner, local] = split(name);
    if (owner === namespace) return local;
    if (owner !== "" || !this.unions.has(`${namespace}.${local}`)) return name;
    this.#shadowed.add(local);
    return `Global${local}`;
  }

  /** A namespace that has a type of the same name hides the global one: this is its second name. */
  aliases(): string[] {
    return [...this.#shadowed].sort().map((name) =>
      `/** The type \`${name}\`, where a namespace has one of the same name. */\n` +
      `export type Global${name} = ${name};`
    );
  }
}

function declareConstructor(line: Line, scope: Scope): Declaration {
  const definition = parseDefinition(line.text, false);
  const [namespace, name] = split(definition.name);
  const fields = [`_: "${definition.name}";`, ...declareFields(definition, namespace, scope)];
  const text = `/** ${linked(line.text, "constructor")} */\n` +
    `export type ${name} = {\n${indent(fields.join("\n"))}\n};`;
  return { namespace, name, text };
}

function declareUnion(type: string, members: readonly string[], scope: Scope): Declaration {
  const [namespace, name] = split(type);
  const union = members.map((member) => scope.reference(member, namespace));
  const text = union.length === 1
    ? `export type ${name} = ${union[0]};`
    : `export type ${name} =\n${indent(union.map((member) => `| ${member}`).join("\n"))};`;
  return { namespace, name, text: `/** TL type ${linked(type, "type")}. */\n${text}` };
}

function declareMethods(lines: readonly Line[], scope: Scope): string {
  const members = lines.map((line) => {
    const definition = parseDefinition(line.text, true);
    const fields = declareFields(definition, "", scope);
    const params = fields.length === 0 ? "{}" : `{\n${indent(fields.join("\n"))}\n}`;
    const optional = definition.fields.filter((field) => naturalDefault(definition.name, field));
    const names = optional.map(({ name }) => `"${name}"`).join(" | ");
    const defaults = names === "" ? "" : `defaults: ${names};\n`;
    const result = definition.type === "Object"
      ? "unknown"
      : typeText(parseType(definition.type), "", scope);
    return `/** ${linked(line.text, "method")} */\n"${definition.name}": {\n` +
      indent(`params: ${params};\n${defaults}result: ${result};`) + "\n};";
  });
  return "/**\n * For each method what it takes, without `_`, and what it returns. " +
    "`defaults` are the\n * parameters that a call may leave out, though they are always sent.\n" +
    " */\n" +
    `export type Methods = {\n${indent(members.join("\n"))}\n};`;
}

function declareFields(definition: Definition, namespace: string, scope: Scope): string[] {
  return definition.fields.filter((field) => field.type.kind !== "#").map((field) => {
    const isOptional = field.flags !== undefined ||
      (definition.isMethod && naturalDefault(definition.name, field) !== undefined);
    const optional = isOptional ? "?" : "";
    return `${field.name}${optional}: ${typeText(field.type, namespace, scope)};`;
  });
}

function typeText(type: TlType, namespace: string, scope: Scope): string {
  switch (type.kind) {
    case "#":
    case "int":
    case "double":
      return "number";
    case "long":
      return "bigint";
    case "string":
      return "string";
    case "bytes":
    case "int128":
    case "int256":
      return "Uint8Array";
    case "Bool":
    case "true":
      return "boolean";
    case "object":
      return "TlObject | Uint8Array";
    case "vector": {
      const element = typeText(type.element, namespace, scope);
      return element.includes(" ") ? `(${element})[]` : `${element}[]`;
    }
    case "boxed":
    case "bare":
      return scope.reference(type.name, namespace);
  }
}

/** Makes the name at the beginning a link to its page at Telegram, which says what it means. */
function linked(text: string, kind: "constructor" | "method" | "type"): string {
  return text.replace(/^[\w.]+/, (name) => `[${name}](https://core.telegram.org/${kind}/${name})`);
}

function split(name: string): [namespace: string, local: string] {
  const dot = name.indexOf(".");
  return dot < 0 ? ["", name] : [name.slice(0, dot), name.slice(dot + 1)];
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
