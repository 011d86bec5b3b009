// A schema: TL text, indexed by name and id on first use, each line parsed on first use.
// https://core.telegram.org/mtproto/TL; the text itself is in generated/, the codec in encoder.ts and decoder.ts.

import { readValue } from "./decoder.ts";
import { parseType, type TlType } from "./definition.ts";
import { Definitions } from "./definitions.ts";
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

const OBJECT = "Object";
const SPARE_CAPACITY = 4096;

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
  #index: Definitions | undefined;
  #spareWriter: TlWriter | undefined;

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
    return this.#layer ?? this.#definitions.layer ?? this.#base?.layer ?? 0;
  }

  /** Whether a constructor or method of that name exists. */
  has(name: string): boolean {
    return this.#definitions.has(name);
  }

  /** Whether a constructor or method of that id exists. */
  hasId(id: number): boolean {
    return this.nameOf(id) !== undefined;
  }

  /** The name of the constructor or method of that id. */
  nameOf(id: number): string | undefined {
    return this.#definitions.nameOf(id);
  }

  /** Whether that name is a method's. */
  isMethod(name: string): boolean {
    return this.#definitions.isMethod(name);
  }

  /**
   * What a method returns, as a TL type: `auth.Authorization`, `Vector<int>`; `Object` for one that passes on the
   * answer to another (`invokeWithLayer`).
   *
   * @throws {TlError} if there is no such method
   */
  resultType(method: string): string {
    const definition = this.#definitions.byName(method);
    if (!definition?.isMethod) {
      throw new TlError("find", `no such method in layer ${this.layer}`, method);
    }
    return definition.type;
  }

  /** All names, each once. */
  names(): Iterable<string> {
    return this.#definitions.names();
  }

  /**
   * The bytes of an object, with the id of its constructor; or of any value, if its type is given (`Vector<long>`).
   *
   * @throws {TlError} with the path, if the value is not one of that type
   */
  encode(value: unknown, type?: string): Uint8Array {
    // Most objects are so small that making a writer takes longer than writing. While it is in use, it is not here: a
    // getter of the value may encode something, too.
    const writer = this.#spareWriter ?? new TlWriter();
    this.#spareWriter = undefined;
    this.write(writer, value, type);
    const bytes = writer.finish();
    if (bytes.length <= SPARE_CAPACITY) {
      writer.clear();
      this.#spareWriter = writer;
    }
    return bytes;
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

  /** Indexed when first asked for. */
  get #definitions(): Definitions {
    return this.#index ??= new Definitions(
      this.#text,
      this.#base === undefined ? undefined : this.#base.#definitions,
    );
  }
}
