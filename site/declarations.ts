/** Writes what `deno doc --json` says of a symbol as TypeScript again. */

/** A docstring. */
export interface Doc {
  readonly doc?: string;
  readonly tags?: readonly {
    readonly kind: string;
    readonly name?: string;
    readonly doc?: string;
    readonly type?: string | { readonly repr: string };
  }[];
}

/** A type, as `deno doc` has it. The shape of `value` depends on the kind. */
interface Type {
  readonly kind: string;
  readonly repr?: string;
  // deno-lint-ignore no-explicit-any
  readonly value?: any;
}

interface Param {
  readonly kind: string;
  readonly name?: string;
  readonly optional?: boolean;
  readonly tsType?: Type;
  readonly arg?: Param;
  readonly left?: Param;
}

interface TypeParam {
  readonly name: string;
  readonly constraint?: Type;
  readonly default?: Type;
}

interface Callable {
  readonly params: readonly Param[];
  readonly returnType?: Type;
  readonly typeParams?: readonly TypeParam[];
  readonly isAsync?: boolean;
}

interface Property {
  readonly name: string;
  readonly jsDoc?: Doc;
  readonly tsType?: Type;
  readonly readonly?: boolean;
  readonly optional?: boolean;
  readonly isStatic?: boolean;
  readonly accessibility?: string;
}

interface Method extends Partial<Callable> {
  readonly name: string;
  readonly kind?: string;
  readonly jsDoc?: Doc;
  readonly optional?: boolean;
  readonly isStatic?: boolean;
  readonly accessibility?: string;
  readonly functionDef?: Callable;
}

/** One declaration of a symbol. */
export interface Declaration {
  readonly kind: string;
  readonly jsDoc?: Doc;
  readonly def: Partial<Callable> & {
    readonly tsType?: Type;
    readonly extends?: string | readonly Type[];
    readonly superTypeParams?: readonly Type[];
    readonly implements?: readonly Type[];
    readonly isAbstract?: boolean;
    readonly constructors?: readonly { readonly params: readonly Param[]; readonly jsDoc?: Doc }[];
    readonly properties?: readonly Property[];
    readonly methods?: readonly Method[];
    readonly callSignatures?: readonly (Callable & { readonly jsDoc?: Doc })[];
  };
}

/** A public symbol. */
export interface Symbol {
  readonly name: string;
  readonly declarations: readonly Declaration[];
}

/** The members of one kind. */
export interface Members {
  readonly title: string;
  readonly items: readonly {
    readonly name: string;
    readonly doc: Doc | undefined;
    readonly text: string;
  }[];
}

const WIDTH = 90;

/** Returns the head of a declaration: without its members. */
export function declaration(name: string, { kind, def }: Declaration): string {
  const generics = typeParams(def.typeParams);
  switch (kind) {
    case "function":
      return `function ${signature(name, def)}`;
    case "variable":
      return `const ${name}: ${typeText(def.tsType)}`;
    case "typeAlias":
      return `type ${name}${generics} = ${broken(typeText(def.tsType))}`;
    case "interface": {
      const parents = (def.extends as readonly Type[] | undefined) ?? [];
      return `interface ${name}${generics}${
        parents.length === 0 ? "" : ` extends ${parents.map(typeText).join(", ")}`
      }`;
    }
    case "class": {
      const parents = def.superTypeParams ?? [];
      const parent = typeof def.extends === "string"
        ? ` extends ${def.extends}${
          parents.length === 0 ? "" : `<${parents.map(typeText).join(", ")}>`
        }`
        : "";
      const interfaces = def.implements ?? [];
      return `class ${name}${generics}${parent}${
        interfaces.length === 0 ? "" : ` implements ${interfaces.map(typeText).join(", ")}`
      }`;
    }
    default:
      return `${kind} ${name}`;
  }
}

/** A union on lines of its own, if it is long. */
function broken(text: string): string {
  if (text.length < WIDTH || !text.includes(" | ") || /[{(]/.test(text)) return text;
  return `\n  | ${text.split(" | ").join("\n  | ")}`;
}

/** Returns the members of a class or an interface, kind by kind. */
export function members({ def }: Declaration): Members[] {
  const isPublic = (member: { readonly accessibility?: string }): boolean =>
    member.accessibility === undefined || member.accessibility === "public";
  const constructors = (def.constructors ?? []).map(({ params, jsDoc }) => ({
    name: "constructor",
    doc: jsDoc,
    text: `new ${signature("", { params }).replace(/^\(/, "(")}`.replace("new (", "constructor("),
  }));
  const properties = (def.properties ?? []).filter(isPublic).map((property) => ({
    name: property.name,
    doc: property.jsDoc,
    text: propertyText(property),
  }));
  const methods = (def.methods ?? []).filter(isPublic).map((method) => ({
    name: method.name,
    doc: method.jsDoc,
    text: methodText(method),
  }));
  const calls = (def.callSignatures ?? []).map((call) => ({
    name: "call",
    doc: call.jsDoc,
    text: signature("", call),
  }));
  return [
    { title: "Constructor", items: constructors },
    { title: "Call", items: calls },
    { title: "Properties", items: properties },
    { title: "Methods", items: methods },
  ].filter(({ items }) => items.length > 0);
}

function propertyText(property: Property): string {
  const words = [property.isStatic && "static", property.readonly && "readonly"].filter(Boolean);
  const mark = property.optional ? "?" : "";
  return [...words, `${property.name}${mark}: ${typeText(property.tsType)}`].join(" ");
}

function methodText(method: Method): string {
  const callable = method.functionDef ?? { ...method, params: method.params ?? [] };
  const words = [method.isStatic && "static", method.kind === "getter" && "get"].filter(Boolean);
  const text = signature(`${method.name}${method.optional ? "?" : ""}`, callable);
  return [...words, text].join(" ");
}

/** Returns `name(param: Type): Result`. */
export function signature(
  name: string,
  { params = [], returnType, typeParams: generics }: Partial<Callable>,
): string {
  const texts = params.map(paramText);
  const head = `${name}${typeParams(generics)}`;
  const result = returnType === undefined ? "" : `: ${typeText(returnType)}`;
  const line = `${head}(${texts.join(", ")})${result}`;
  if (line.length <= WIDTH || texts.length === 0) return line;
  return `${head}(\n${texts.map((text) => `  ${text},\n`).join("")})${result}`;
}

function typeParams(params: readonly TypeParam[] = []): string {
  if (params.length === 0) return "";
  return `<${
    params.map(({ name, constraint, default: standard }) =>
      name + (constraint === undefined ? "" : ` extends ${typeText(constraint)}`) +
      (standard === undefined ? "" : ` = ${typeText(standard)}`)
    ).join(", ")
  }>`;
}

function paramText(param: Param): string {
  switch (param.kind) {
    case "rest":
      return `...${
        paramText({ ...param.arg ?? param, kind: "identifier" }).replace(/: unknown$/, "")
      }: ${typeText(param.tsType)}`;
    case "assign":
      return paramText({ kind: "identifier", ...param.left, optional: true });
    case "object":
      return `options${param.optional ? "?" : ""}: ${typeText(param.tsType)}`;
    default:
      return `${param.name}${param.optional ? "?" : ""}: ${typeText(param.tsType)}`;
  }
}

function typeText(type: Type | undefined): string {
  if (type === undefined) return "unknown";
  const { kind, value } = type;
  switch (kind) {
    case "keyword":
      return value;
    case "this":
      return "this";
    case "typeRef":
      return value.typeName +
        (value.typeParams ? `<${value.typeParams.map(typeText).join(", ")}>` : "");
    case "literal":
      return literalText(value);
    case "union":
      return value.map(inUnion).join(" | ");
    case "intersection":
      return value.map(inUnion).join(" & ");
    case "array":
      return `${grouped(value)}[]`;
    case "typeOperator":
      return `${value.operator} ${typeText(value.tsType)}`;
    case "tuple":
      return `[${value.map(typeText).join(", ")}]`;
    case "optional":
      return `${typeText(value)}?`;
    case "rest":
      return `...${typeText(value)}`;
    case "parenthesized":
      return `(${typeText(value)})`;
    case "typeQuery":
      return `typeof ${value}`;
    case "indexedAccess":
      return `${typeText(value.objType)}[${typeText(value.indexType)}]`;
    case "fnOrConstructor":
      return `(${value.params.map(paramText).join(", ")}) => ${typeText(value.tsType)}`;
    case "conditional":
      return `${typeText(value.checkType)} extends ${typeText(value.extendsType)} ? ${
        typeText(value.trueType)
      } : ${typeText(value.falseType)}`;
    case "mapped": {
      const { typeParam, tsType, optional, nameType } = value;
      const name = nameType === undefined ? "" : ` as ${typeText(nameType)}`;
      return `{ [${typeParam.name} in ${typeText(typeParam.constraint)}${name}]${
        optional ? "?" : ""
      }: ${typeText(tsType)} }`;
    }
    case "infer":
      return `infer ${value.typeParam.name}`;
    case "typePredicate":
      return `${value.param.name ?? "this"} is ${typeText(value.type)}`;
    case "typeLiteral": {
      const properties = (value.properties ?? []).map(propertyText);
      const methods = (value.methods ?? []).map(methodText);
      const indexes = (value.indexSignatures ?? []).map((
        { params, tsType }: { params: Param[]; tsType: Type },
      ) => `[${params.map(paramText).join(", ")}]: ${typeText(tsType)}`);
      return `{ ${[...properties, ...methods, ...indexes].join("; ")} }`;
    }
    default:
      if (type.repr !== undefined && type.repr !== "") return type.repr;
      throw new Error(`Cannot write a type of the kind "${kind}"`);
  }
}

function inUnion(type: Type): string {
  const text = typeText(type);
  return ["fnOrConstructor", "conditional"].includes(type.kind) ? `(${text})` : text;
}

function grouped(type: Type): string {
  const text = typeText(type);
  const simple = [
    "keyword",
    "typeRef",
    "array",
    "typeLiteral",
    "parenthesized",
    "tuple",
    "literal",
  ];
  return simple.includes(type.kind) ? text : `(${text})`;
}

// deno-lint-ignore no-explicit-any
function literalText(value: any): string {
  switch (value.kind) {
    case "string":
      return JSON.stringify(value.string);
    case "template":
      return `\`${
        value.tsTypes.map((part: Type) =>
          part.kind === "literal" ? part.value.string : `\${${typeText(part)}}`
        ).join("")
      }\``;
    default:
      return String(value[value.kind]);
  }
}
