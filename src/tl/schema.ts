// A schema: TL text, indexed by name and id on first use, each line parsed on first use.
// https://core.telegram.org/mtproto/TL; the text itself is in generated/, the codec in encoder.ts and decoder.ts.

import type { Definitions } from "./builtins.ts";
import { readValue } from "./decoder.ts";
import { type Definition, parseDefinition, parseType, type TlType } from "./definition.ts";
import { writeValue } from "./encoder.ts";
import { TlReader } from "./reader.ts";
import { TlError } from "./tl_error.ts";
import type { TlObject } from "./tl_object.ts";
import { TlWriter } from "./writer.ts";

/** How to decode: see {@linkcode Schema.decode}. */
export interface DecodeOptions {
  /** Whether bytes after the value are let pass. Not by default: they mean that sender and reader disagree. */
  readonly allowTrailing?: boolean;
}

/** How to read a schema's text: see {@linkcode Schema.parse}. */
export interface SchemaOptions {
  /** The layer, when the text does not say it in a line `// LAYER 227`. */
  readonly layer?: number;
}

/** One line that has been found but perhaps not parsed. */
interface Entry {
  readonly name: string;
  readonly line: string;
  readonly isMethod: boolean;
  definition?: Definition;
}

interface Index {
  readonly layer?: number;
  readonly byName: Map<string, Entry>;
  readonly byId: Map<number, Entry>;
}

const OBJECT = "Object";

/**
 * A TL schema, and the codec for its objects. Immutable; parsed bit by bit as it is used.
 *
 * @example
 * ```ts
 * import { Schema } from "@tessera/mtproto/tl";
 *
 * const schema = Schema.parse("point#0a000001 flags:# x:int y:int label:flags.0?string = Point");
 * const bytes = schema.encode({ _: "point", x: 1, y: -1 });
 * console.log(bytes.length, schema.decode(bytes)); // 16 { _: "point", x: 1, y: -1 }
 * ```
 */
export class Schema {
  readonly #text: string;
  readonly #base: Schema | undefined;
  readonly #layer: number | undefined;
  readonly #types = new Map<string, TlType>();
  readonly #definitions: Definitions = {
    byName: (name) => this.#byName(name),
    byId: (id) => this.#byId(id),
    bare: (name) => this.#bare(name),
  };
  readonly #bareTypes = new Map<string, Definition>();
  #lazyIndex: Index | undefined;

  /** Use {@linkcode Schema.parse} and {@linkcode Schema.extend}. */
  constructor(text: string, layer?: number, base?: Schema) {
    this.#text = text;
    this.#layer = layer;
    this.#base = base;
  }

  /**
   * A schema of TL text: one definition a line, with its id, methods after a line `---functions---`.
   *
   * @throws {TlError} (now or on first use of the line) for text that is not TL
   */
  static parse(text: string, options: SchemaOptions = {}): Schema {
    return new Schema(text, options.layer);
  }

  /**
   * A new schema in which these lines win by name, for example those of an older layer. Ids of both are read.
   * A line before any `---functions---` is a method if its name is one already.
   */
  extend(text: string, layer?: number): Schema {
    return new Schema(text, layer, this);
  }

  /** The layer, 0 if neither the text nor the options said it. */
  get layer(): number {
    return this.#layer ?? this.#index().layer ?? this.#base?.layer ?? 0;
  }

  /** Whether a constructor or method of that name exists. */
  has(name: string): boolean {
    return this.#entry(name) !== undefined;
  }

  /** Whether a constructor or method of that id exists. */
  hasId(id: number): boolean {
    return this.nameOf(id) !== undefined;
  }

  /** The name of the constructor or method of that id. */
  nameOf(id: number): string | undefined {
    return this.#index().byId.get(id)?.name ?? this.#base?.nameOf(id);
  }

  /** Whether that name is a method's. */
  isMethod(name: string): boolean {
    return this.#entry(name)?.isMethod ?? false;
  }

  /**
   * What a method returns, as a TL type: `auth.Authorization`, `Vector<int>`; `Object` for one that passes on the
   * answer to another (`invokeWithLayer`).
   *
   * @throws {TlError} if there is no such method
   */
  resultType(method: string): string {
    const definition = this.#byName(method);
    if (!definition?.isMethod) {
      throw new TlError("find", `no such method in layer ${this.layer}`, method);
    }
    return definition.type;
  }

  /** All names, each once. */
  *names(): Iterable<string> {
    yield* this.#index().byName.keys();
    if (this.#base === undefined) return;
    for (const name of this.#base.names()) {
      if (!this.#index().byName.has(name)) yield name;
    }
  }

  /**
   * The bytes of an object, with the id of its constructor; or of any value, if its type is given (`Vector<long>`).
   *
   * @throws {TlError} with the path, if the value is not one of that type
   */
  encode(value: unknown, type?: string): Uint8Array {
    const writer = new TlWriter();
    this.write(writer, value, type);
    return writer.finish();
  }

  /** As {@linkcode Schema.encode}, into a writer. */
  write(writer: TlWriter, value: unknown, type: string = OBJECT): void {
    try {
      writeValue(this.#definitions, writer, value, this.#type(type), 0);
    } catch (error) {
      if (!(error instanceof TlError)) throw error;
      const name = (value as Partial<TlObject> | null | undefined)?._;
      throw error.within(typeof name === "string" ? name.slice(0, 80) : type);
    }
  }

  /**
   * The object in these bytes; or the value, if its type is given (`Vector<long>`, `User`).
   *
   * Without a type anything boxed is read: methods too (a server reads requests so), `Bool` as a boolean, a vector
   * as an array of boxed objects.
   *
   * @throws {TlError} with the path, if the bytes are not such a value
   */
  decode(bytes: Uint8Array, type?: string, options: DecodeOptions = {}): unknown {
    const reader = new TlReader(bytes);
    const value = this.read(reader, type);
    if (reader.remaining > 0 && !options.allowTrailing) {
      const root = this.#root(new TlReader(bytes).peek(), type ?? OBJECT);
      throw new TlError("decode", `${reader.remaining} bytes after it, expected none`, root);
    }
    return value;
  }

  /** As {@linkcode Schema.decode}, out of a reader, which may hold more. */
  read(reader: TlReader, type: string = OBJECT): unknown {
    const id = reader.peek();
    try {
      return readValue(this.#definitions, reader, this.#type(type), 0);
    } catch (error) {
      if (!(error instanceof TlError)) throw error;
      throw error.within(this.#root(id, type));
    }
  }

  /** What an error's path begins with: the object's name, or the type. */
  #root(id: number | undefined, type: string): string {
    return (id === undefined ? undefined : this.nameOf(id)) ?? type;
  }

  #type(text: string): TlType {
    let type = this.#types.get(text);
    if (type === undefined) this.#types.set(text, type = parseType(text));
    return type;
  }

  #entry(name: string): Entry | undefined {
    const entry = this.#index().byName.get(name);
    return entry ?? (this.#base === undefined ? undefined : this.#base.#entry(name));
  }

  #byName(name: string): Definition | undefined {
    const entry = this.#entry(name);
    return entry && definitionOf(entry);
  }

  #byId(id: number): Definition | undefined {
    const entry = this.#index().byId.get(id);
    if (entry !== undefined) return definitionOf(entry);
    return this.#base === undefined ? undefined : this.#base.#byId(id);
  }

  #bare(name: string): Definition {
    let definition = this.#bareTypes.get(name);
    if (definition === undefined) {
      this.#bareTypes.set(name, definition = this.#byName(name) ?? this.#onlyConstructor(name));
    }
    return definition;
  }

  #onlyConstructor(type: string): Definition {
    const found: Definition[] = [];
    for (const name of this.names()) {
      const entry = this.#entry(name);
      if (entry?.isMethod === false && entry.line.endsWith(`= ${type}`)) {
        found.push(definitionOf(entry));
      }
    }
    if (found.length === 1) return found[0];
    throw new TlError("find", `${found.length} constructors, expected one for a bare type`, type);
  }

  #index(): Index {
    return this.#lazyIndex ??= indexText(this.#text, this.#base);
  }
}

function definitionOf(entry: Entry): Definition {
  return entry.definition ??= parseDefinition(entry.line, entry.isMethod);
}

/** Finds the lines and their names and ids, and nothing more: some 2,400 lines in a few milliseconds. */
function indexText(text: string, base?: Schema): Index {
  const byName = new Map<string, Entry>();
  const byId = new Map<number, Entry>();
  let layer: number | undefined;
  let section: string | undefined;
  for (let start = 0; start < text.length;) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    const line = text.slice(start, end).trim().replace(/;$/, "");
    start = end + 1;
    if (line === "") continue;
    if (line.startsWith("//")) {
      layer = Number(/^\/\/ LAYER (\d+)/.exec(line)?.[1] ?? layer) || layer;
    } else if (line.startsWith("---")) {
      section = line;
    } else {
      const hash = line.indexOf("#");
      const space = line.indexOf(" ");
      const name = line.slice(0, hash);
      const id = parseInt(line.slice(hash + 1, space), 16);
      if (hash < 1 || hash > space || Number.isNaN(id)) parseDefinition(line, false); // says what is wrong
      const isMethod = section === undefined
        ? base?.isMethod(name) ?? false
        : section === "---functions---";
      const entry: Entry = { name, line, isMethod };
      byName.set(name, entry);
      byId.set(id, entry);
    }
  }
  return { layer, byName, byId };
}
