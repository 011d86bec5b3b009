/**
 * The index of a schema's text: lines by name, by type and by id. Each index is built and each line
 * parsed on first use. https://core.telegram.org/mtproto/TL-formal
 *
 * Of an abbreviated text, only the lines that are used are found: all of them take some
 * milliseconds, and computing all their ids can take ten. A client knows the type of the next
 * value, so it never needs all ids.
 */

import { writeOut } from "./abbreviations.ts";
import type { Decoder, Definition } from "./definition.ts";
import { parseDefinition, parseName } from "./definition_parser.ts";
import { definitionIds } from "./definition_id.ts";
import { type Line, PackedLines } from "./packed_lines.ts";
import { TlError } from "./tl_error.ts";
import { type TypedLine, withType } from "./type_marks.ts";

/** One line of the text; parsed on first use. */
interface Entry {
  readonly name: string;
  readonly line: string;
  readonly type: string;
  readonly isMethod: boolean;
  /** Signed, so that engines need no heap object for it; undefined until computed. */
  id: number | undefined;
}

/** All definitions of a schema, for look-ups by the codec. */
export class Definitions {
  readonly #text: string;
  readonly #base: Definitions | undefined;
  /** The lines to search; undefined when all are indexed. */
  #packed: PackedLines | undefined;
  /** The entries of the base come first, so that later ones win. Empty before all are indexed. */
  #entries: Entry[] = [];
  /** All entries, or those that were found. */
  #byName = new Map<string, Entry>();
  #byId: Map<number, Entry> | undefined;
  #byType: Map<string, Entry[]> | undefined;
  readonly #constructors = new Map<string, Map<number, Entry>>();
  /** The parsed entries. Not shared with the base: they cache constructors of this schema. */
  readonly #parsed = new Map<Entry, Definition>();
  /** Those that were found by their ids. */
  readonly #met = new Map<number, Definition>();
  /** Those that were found by their names. */
  readonly #named = new Map<string, Definition>();
  readonly #bare = new Map<string, Definition>();
  #decoders: ReadonlyMap<number, Decoder> | undefined;

  /**
   * A line of `text` replaces a line of `base` or an earlier line with the same name.
   *
   * @param isPacked whether the text is abbreviated, and each line has its own name
   */
  constructor(text: string, base?: Definitions, isPacked = false) {
    this.#text = text;
    this.#base = base;
    this.#packed = isPacked ? new PackedLines(text) : undefined;
    if (!isPacked) this.#indexAll(text);
  }

  /** The layer in a line `// LAYER 228` of the text, if that is not abbreviated. */
  layer: number | undefined;

  /** Whether there are generated decoders. */
  get hasDecoders(): boolean {
    return this.#decoders !== undefined;
  }

  /** Reads the constructors with these ids by generated code from now on. */
  useDecoders(decoders: ReadonlyMap<number, Decoder>): void {
    this.#decoders = decoders;
    for (const definition of this.#parsed.values()) definition.read = decoders.get(definition.id);
  }

  byName(name: string): Definition | undefined {
    const definition = this.#named.get(name) ?? this.#parse(this.#entry(name));
    if (definition !== undefined) this.#named.set(name, definition);
    return definition;
  }

  byId(id: number): Definition | undefined {
    const definition = this.#met.get(id) ?? this.#parse(this.#entryOf(id));
    if (definition !== undefined) this.#met.set(id, definition);
    return definition;
  }

  /** Returns the constructor of that type and id. */
  constructorOf(type: string, id: number): Definition | undefined {
    let constructors = this.#constructors.get(type);
    if (constructors === undefined) {
      constructors = indexById(this.#ofType(type));
      this.#constructors.set(type, constructors);
    }
    return this.#parse(constructors.get(id | 0));
  }

  /**
   * Returns the definition of a bare type: the constructor of that name, or the only constructor of
   * the type of that name.
   *
   * @throws {TlError} if the type has no constructor, or several
   */
  bare(name: string): Definition {
    let definition = this.#bare.get(name);
    if (definition === undefined) {
      definition = this.byName(name) ?? this.#onlyConstructor(name);
      this.#bare.set(name, definition);
    }
    return definition;
  }

  has(name: string): boolean {
    return this.#entry(name) !== undefined;
  }

  isMethod(name: string): boolean {
    return this.#entry(name)?.isMethod ?? false;
  }

  nameOf(id: number): string | undefined {
    return this.#entryOf(id)?.name;
  }

  names(): IterableIterator<string> {
    this.#index();
    return this.#byName.keys();
  }

  /** Indexes all lines, if only some were found so far. */
  #index(): void {
    if (this.#packed === undefined) return;
    this.#packed = undefined;
    this.#indexAll(writeOut(this.#text));
  }

  #indexAll(text: string): void {
    const found = this.#byName;
    if (this.#base !== undefined) this.#base.#index();
    this.#entries = this.#base === undefined ? [] : [...this.#base.#entries];
    this.#byName = new Map(this.#base === undefined ? [] : this.#base.#byName);
    this.layer = this.#scan(text, found);
  }

  #entry(name: string): Entry | undefined {
    const entry = this.#byName.get(name);
    if (entry !== undefined || this.#packed === undefined) return entry;
    const line = this.#packed.byName(name);
    return line && this.#found(line);
  }

  /** Returns the entry of a line that was found by a search. */
  #found(line: Line): Entry {
    const { name, id } = parseName(line.text);
    let entry = this.#byName.get(name);
    if (entry === undefined) {
      const { text, type, isMethod } = line;
      this.#byName.set(name, entry = { name, line: text, type, isMethod, id });
    }
    return entry;
  }

  /** Adds the lines of a text. Returns the layer that the text names. */
  #scan(text: string, found: ReadonlyMap<string, Entry>): number | undefined {
    let layer: number | undefined;
    let section: string | undefined;
    let type = "";
    for (let start = 0; start < text.length;) {
      let end = text.indexOf("\n", start);
      if (end < 0) end = text.length;
      let line = text.slice(start, end).trim();
      start = end + 1;
      if (line.endsWith(";")) line = line.slice(0, -1).trimEnd();
      if (line.startsWith("// LAYER ")) layer = parseInt(line.slice(9), 10);
      else if (line.startsWith("---")) section = line;
      else if (line !== "" && !line.startsWith("//")) {
        const typed = withType(line, type);
        type = typed.type;
        this.#add(typed, section, found);
      }
    }
    return layer;
  }

  #add(
    { text: line, type }: TypedLine,
    section: string | undefined,
    found: ReadonlyMap<string, Entry>,
  ): void {
    const { name, id } = parseName(line);
    const isMethod = section === undefined
      ? this.#byName.get(name)?.isMethod ?? false
      : section === "---functions---";
    const entry = found.get(name) ?? { name, line, type, isMethod, id };
    this.#entries.push(entry);
    this.#byName.set(name, entry);
  }

  #entryOf(id: number): Entry | undefined {
    this.#index();
    return (this.#byId ??= indexById(this.#entries)).get(id | 0);
  }

  #parse(entry: Entry | undefined): Definition | undefined {
    if (entry === undefined) return undefined;
    let definition = this.#parsed.get(entry);
    if (definition === undefined) {
      definition = parseDefinition(entry.line, entry.isMethod);
      definition.read = this.#decoders?.get(definition.id);
      this.#parsed.set(entry, definition);
    }
    return definition;
  }

  /** Returns the constructors of a type. */
  #ofType(type: string): readonly Entry[] {
    if (this.#packed !== undefined) {
      return this.#packed.byType(type).map((line) => this.#found(line));
    }
    this.#byType ??= Map.groupBy(
      this.#entries.filter(({ isMethod }) => !isMethod),
      ({ type }) => type,
    );
    return this.#byType.get(type) ?? [];
  }

  #onlyConstructor(type: string): Definition {
    const found = this.#ofType(type).filter((entry) => this.#byName.get(entry.name) === entry);
    const only = found.length === 1 ? this.#parse(found[0]) : undefined;
    if (only !== undefined) return only;
    throw new TlError("find", `${found.length} constructors, expected one for a bare type`, type);
  }
}

/** Indexes lines by id. Computes the ids that the lines do not have. */
function indexById(entries: readonly Entry[]): Map<number, Entry> {
  const unnumbered = entries.filter(({ id }) => id === undefined);
  const ids = definitionIds(unnumbered.map(({ line }) => line));
  for (const [index, entry] of unnumbered.entries()) entry.id = ids[index];
  const byId = new Map<number, Entry>();
  for (const entry of entries) if (entry.id !== undefined) byId.set(entry.id, entry);
  return byId;
}
