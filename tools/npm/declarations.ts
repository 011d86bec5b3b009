/**
 * The declarations (`.d.ts`) of the npm package: where each name in them stands in the source, as a
 * declaration map, so that an editor's "go to definition" ends in code; and the types of the web
 * that a project may lack. `deno pack` makes the declarations themselves.
 */
import ts from "typescript";
import { encodeMappings, type Mapping } from "./source_map.ts";

/** The types that `web_types.d.ts` declares. */
const WEB_TYPES: ReadonlySet<string> = new Set([
  "AbortSignal",
  "Blob",
  "File",
  "ReadableStream",
  "Response",
  "URL",
  "WritableStream",
]);

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** The types of the web that a file names and does not declare or import. */
export function webTypesIn(path: string, text: string): string[] {
  const used = new Set<string>();
  const own = new Set<string>();
  const visit = (node: ts.Node): void => {
    const type = ts.isTypeReferenceNode(node)
      ? node.typeName
      : ts.isExpressionWithTypeArguments(node)
      ? node.expression
      : undefined;
    if (type !== undefined && ts.isIdentifier(type)) used.add(type.text);
    const { name } = node as ts.NamedDeclaration;
    const declares = ts.isStatement(node) || ts.isImportSpecifier(node) ||
      ts.isTypeParameterDeclaration(node);
    if (declares && name !== undefined && ts.isIdentifier(name)) own.add(name.text);
    ts.forEachChild(node, visit);
  };
  visit(parse(path, text));
  return [...used].filter((name) => WEB_TYPES.has(name) && !own.has(name)).sort();
}

/**
 * The declarations in a file by their paths, such as `Client.sendMessage`, each with the places of
 * all that are called so, in their order: overloads, and a getter and its setter.
 */
function declarationsIn(file: ts.SourceFile): Map<string, ts.Node[]> {
  const found = new Map<string, ts.Node[]>();
  const visit = (node: ts.Node, path: string): void => {
    if (ts.isBlock(node) || ts.isParameter(node) || ts.isExpression(node)) return;
    const { name } = node as ts.NamedDeclaration;
    const text = ts.isConstructorDeclaration(node) ? "new" : name?.getText(file);
    const declares = text !== undefined && !ts.isImportSpecifier(node) &&
      !ts.isExportSpecifier(node);
    const own = declares ? `${path}.${text}` : path;
    if (declares) found.set(own, [...found.get(own) ?? [], node]);
    ts.forEachChild(node, (child) => visit(child, own));
  };
  ts.forEachChild(file, (node) => visit(node, ""));
  return found;
}

/** The place of a declaration's name, or of its first word if it has none. */
function nameStart(node: ts.Node, file: ts.SourceFile): number {
  return ((node as ts.NamedDeclaration).name ?? node).getStart(file);
}

/** The `mappings` from the declarations of a module to its source. */
export function mapDeclarations(declarations: string, source: string): string {
  const [from, to] = [parse("a.d.ts", declarations), parse("a.ts", source)];
  const targets = declarationsIn(to);
  const mappings: Mapping[] = [];
  const add = (start: number, end: number): void => {
    const { line, character: column } = from.getLineAndCharacterOfPosition(start);
    const place = to.getLineAndCharacterOfPosition(end);
    mappings.push({ line, column, sourceLine: place.line, sourceColumn: place.character });
  };
  for (const [path, nodes] of declarationsIn(from)) {
    for (const [n, node] of nodes.entries()) {
      const target = targets.get(path)?.[n];
      if (target === undefined) continue;
      add(node.getStart(from), target.getStart(to));
      add(nameStart(node, from), nameStart(target, to));
    }
  }
  mappings.push({ line: 0, column: 0, sourceLine: 0, sourceColumn: 0 }); // the module itself
  return encodeMappings(mappings);
}
