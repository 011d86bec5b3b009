/**
 * The index of a schema's text: lines by name, by type and by id. Each index is built and each line
 * parsed on first use. https://core.telegram.org/mtproto/TL-formal
 *
 * Finding 2,400 lines takes one or two milliseconds; computing all their ids can take ten. A client
 * knows the type of the next value, so it never needs all ids.
 */

import type { Decoder, Definition } from "./definition.ts";
import { parseDefinition, parseName } from "./definition_parser.ts";
import { definitionIds } from "./definition_id.ts";
import { TlError } from "./tl_error.ts";

/** At the end of a line: `=` and the type of the previous line. Not TL; it shortens the schema. */
export const DITTO = '"';

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
  /** The layer in a line `// LAYER 228` of the text. */
  readonly layer: number | undefined;
  /** The entries of the base come first, so that later ones win. */
  readonly #entries: Entry[];
  readonly #byName: Map<string, Entry>;
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

  /** A line of `text` replaces a line of `base` or an earlier line with the same name. */
  constructor(text: string, base?: Definitions) {
    this.#entries = base === undefined ? [] : [...base.#entries];
    this.#byName = new Map(base === undefined ? [] : base.#byName);
    this.layer = this.#scan(text);
  }

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
    const definition = this.#named.get(name) ?? this.#parse(this.#byName.get(name));
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
    return this.#byName.has(name);
  }

  isMethod(name: string): boolean {
    return this.#byName.get(name)?.isMethod ?? false;
  }

  nameOf(id: number): string | undefined {
    return this.#entryOf(id)?.name;
  }

  names(): IterableIterator<string> {
    return this.#byName.keys();
  }

  /** Adds the lines of a text. Returns the layer that the text names. */
  #scan(text: string): number | undefined {
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
        const isDitto = line.endsWith(DITTO);
        if (!isDitto) type = line.slice(line.lastIndexOf("= ") + 2);
        this.#add(isDitto ? `${line.slice(0, -1)}= ${type}` : line, type, section);
      }
    }
    return layer;
  }

  #add(line: string, type: string, section: string | undefined): void {
    const { name, id } = parseName(line);
    const isMethod = section === undefined ? this.isMethod(name) : section === "---functions---";
    const entry: Entry = { name, line, type, isMethod, id };
    this.#entries.push(entry);
    this.#byName.set(name, entry);
  }

  #entryOf(id: number): Entry | undefined {
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
