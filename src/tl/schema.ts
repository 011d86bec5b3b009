/**
 * A schema: TL text, indexed by name and id on first use, each line parsed on first use.
 * https://core.telegram.org/mtproto/TL
 *
 * The texts are in generated/, the codec in encoder.ts and decoder.ts.
 */

import { Cursor } from "./cursor.ts";
import { decodeValue } from "./decoder.ts";
import type { Decoder, TlType } from "./definition.ts";
import { parseType } from "./definition_parser.ts";
import { Definitions } from "./definitions.ts";
import { writeValue } from "./encoder.ts";
import { cursorOf, type TlReader } from "./reader.ts";
import { TlError } from "./tl_error.ts";
import type { TlObject } from "./tl_object.ts";
import { outputOf, TlWriter } from "./writer.ts";

/** The options of {@linkcode Schema.decode}. */
export interface DecodeOptions {
  /**
   * Whether to ignore bytes after the value; false by default, because such bytes usually mean that
   * the two sides have different schemas.
   */
  readonly allowTrailing?: boolean;
  /**
   * Whether a byte string that is most of the bytes is a view of them, not a copy; false by
   * default. Nothing else may change them later.
   */
  readonly mayShare?: boolean;
}

/** The options of {@linkcode Schema.parse}. */
export interface SchemaOptions {
  /** The layer, for a text without a line `// LAYER 228`. */
  readonly layer?: number;
}

/** Returns the index of a schema. */
export let definitionsOf: (schema: Schema) => Definitions;

/** Makes a schema, but not those that extend it, read these constructors by generated code. */
export let useDecoders: (schema: Schema, decoders: ReadonlyMap<number, Decoder>) => void;

const OBJECT = "Object";
/** Most pages of a history are shorter. */
const SPARE_CAPACITY = 65_536;

/**
 * A TL schema, and the codec for its objects. Immutable; each line is parsed on first use.
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
  /** Whether the text is abbreviated. */
  readonly #isPacked: boolean;
  readonly #types = new Map<string, TlType>();
  readonly #fieldNames = new Map<string, readonly string[]>();
  #index: Definitions | undefined;
  #spareWriter: TlWriter | undefined;
  #decoders: ReadonlyMap<number, Decoder> | undefined;

  static {
    definitionsOf = (schema) => schema.#definitions;
    useDecoders = (schema, decoders) => {
      schema.#decoders = decoders;
      schema.#index?.useDecoders(decoders);
    };
  }

  /** Use {@linkcode Schema.parse} and {@linkcode Schema.extend}. */
  constructor(text: string, layer?: number, base?: Schema, isPacked = false) {
    this.#isPacked = isPacked;
    this.#text = text;
    this.#layer = layer;
    this.#base = base;
  }

  /**
   * Makes a schema from TL text: one definition a line, methods after a line `---functions---`.
   *
   * @param text The TL text.
   * @param options The layer, if the text does not name it.
   * @throws {TlError} if the text is not TL, now or on first use of the line
   */
  static parse(text: string, options: SchemaOptions = {}): Schema {
    return new Schema(text, options.layer);
  }

  /**
   * Returns a new schema in which these lines replace those with the same names, for example the
   * lines of an older layer. The new schema decodes the ids of both.
   *
   * @param text The TL text. A line before `---functions---` is a method if its name already is.
   * @param layer The layer of the new schema.
   */
  extend(text: string, layer?: number): Schema {
    return new Schema(text, layer, this);
  }

  /** The layer; 0 if neither the text nor the options name it. */
  get layer(): number {
    return this.#layer ?? this.#definitions.layer ?? this.#base?.layer ?? 0;
  }

  /** Returns whether a constructor or method of that name exists. */
  has(name: string): boolean {
    return this.#definitions.has(name);
  }

  /** Returns whether a constructor or method of that id exists. */
  hasId(id: number): boolean {
    return this.nameOf(id) !== undefined;
  }

  /** Returns the name of the constructor or method of that id; undefined if there is none. */
  nameOf(id: number): string | undefined {
    return this.#definitions.nameOf(id);
  }

  /** Returns whether the name belongs to a method. */
  isMethod(name: string): boolean {
    return this.#definitions.isMethod(name);
  }

  /** Returns the names of the fields of a constructor or method; undefined if there is none. */
  fieldsOf(name: string): readonly string[] | undefined {
    let names = this.#fieldNames.get(name);
    if (names === undefined) {
      const fields = this.#definitions.byName(name)?.fields.filter(({ type }) => type.kind !== "#");
      names = fields?.map((field) => field.name);
      if (names !== undefined) this.#fieldNames.set(name, names);
    }
    return names;
  }

  /**
   * Returns the result type of a method: `auth.Authorization`, `Vector<int>`; `Object` for a method
   * that wraps another one (`invokeWithLayer`).
   *
   * @param method The name of the method.
   * @throws {TlError} if there is no such method
   */
  resultType(method: string): string {
    const definition = this.#definitions.byName(method);
    if (!definition?.isMethod) {
      throw new TlError("find", `no such method in layer ${this.layer}`, method);
    }
    return definition.type;
  }

  /** Returns the names of all constructors and methods, each once. */
  names(): Iterable<string> {
    return this.#definitions.names();
  }

  /**
   * Encodes a value.
   *
   * @param value The value; an object, if there is no `type`.
   * @param type The TL type of the value, such as `Vector<long>`.
   * @returns the bytes, with the id of the constructor
   * @throws {TlError} with the path of the field, if the value does not have that type
   */
  encode(value: unknown, type?: string): Uint8Array {
    // For most objects, a new writer takes longer than writing. While the spare writer is in use,
    // the field is empty: a getter of the value may call encode() too.
    const writer = this.#spareWriter ?? new TlWriter();
    this.#spareWriter = undefined;
    this.write(writer, value, type);
    if (writer.length > SPARE_CAPACITY) return writer.take();
    const bytes = writer.finish();
    writer.clear();
    this.#spareWriter = writer;
    return bytes;
  }

  /**
   * Encodes an object without copying its long byte strings.
   *
   * @param value The object.
   * @returns the bytes of {@linkcode Schema.encode} in parts: the byte strings that are not copied,
   * which must not change later, and what is around them
   * @throws {TlError} as `encode` does
   */
  encodeParts(value: unknown): Uint8Array[] {
    const writer = new TlWriter(256, true);
    this.write(writer, value);
    return writer.takeParts();
  }

  /**
   * Encodes a value into a writer.
   *
   * @param writer The writer to append to.
   * @param value The value; an object, if there is no `type`.
   * @param type The TL type of the value.
   * @throws {TlError} with the path of the field, if the value does not have that type
   */
  write(writer: TlWriter, value: unknown, type: string = OBJECT): void {
    try {
      writeValue(this.#definitions, outputOf(writer), value, this.#type(type), 0);
    } catch (error) {
      if (!(error instanceof TlError)) throw error;
      const name = (value as Partial<TlObject> | null | undefined)?._;
      throw error.within(typeof name === "string" ? name.slice(0, 80) : type);
    }
  }

  /**
   * Decodes a value.
   *
   * @param bytes The bytes of one value.
   * @param type The TL type, such as `Vector<long>` or `User`. Without it, decodes any boxed value:
   * also a method (a server decodes requests like this), a `Bool`, or a vector of boxed objects.
   * @param options Whether more bytes may follow.
   * @throws {TlError} with the path of the field, if the bytes are not such a value
   */
  decode(bytes: Uint8Array, type?: string, options: DecodeOptions = {}): unknown {
    const cursor = new Cursor(bytes, options.mayShare ?? false);
    const value = this.#decode(cursor, type);
    const rest = bytes.length - cursor.at;
    if (rest > 0 && !options.allowTrailing) {
      cursor.at = 0;
      throw new TlError(
        "decode",
        `${rest} bytes after the value, expected 0`,
        this.#root(cursor, type),
      );
    }
    return value;
  }

  /**
   * Decodes a value from a reader. More bytes may follow.
   *
   * @param reader The reader, at the first byte of the value.
   * @param type The TL type; see {@linkcode Schema.decode}.
   * @throws {TlError} with the path of the field, if the bytes are not such a value
   */
  read(reader: TlReader, type: string = OBJECT): unknown {
    return this.#decode(cursorOf(reader), type);
  }

  #decode(cursor: Cursor, type: string = OBJECT): unknown {
    const { at } = cursor;
    try {
      return decodeValue(this.#definitions, cursor, this.#type(type));
    } catch (error) {
      if (!(error instanceof TlError)) throw error;
      cursor.at = at;
      throw error.within(this.#root(cursor, type));
    }
  }

  /** Returns the first step of an error's path: the name of the object, or the type. */
  #root({ view, at }: Cursor, type: string = OBJECT): string {
    const name = view.byteLength - at < 4 ? undefined : this.nameOf(view.getInt32(at, true));
    return name ?? type;
  }

  #type(text: string): TlType {
    let type = this.#types.get(text);
    if (type === undefined) this.#types.set(text, type = parseType(text));
    return type;
  }

  get #definitions(): Definitions {
    return this.#index ?? this.#makeIndex();
  }

  /** Makes the index, on first use. */
  #makeIndex(): Definitions {
    const index = new Definitions(
      this.#text,
      this.#base === undefined ? undefined : this.#base.#definitions,
      this.#isPacked,
    );
    if (this.#decoders !== undefined) index.useDecoders(this.#decoders);
    return this.#index = index;
  }
}
