// The index of a schema's text: lines by name and by id, found in one cheap scan, each parsed when it is first needed.
// https://core.telegram.org/mtproto/TL-formal
// Indexing 2,400 lines takes two or three milliseconds, parsing them all would take three times that.

import { type Definition, parseDefinition, parseName } from "./definition.ts";
import { definitionIds } from "./definition_id.ts";
import { TlError } from "./tl_error.ts";

/** One line that has been found but perhaps not parsed. */
interface Entry {
  readonly name: string;
  readonly line: string;
  readonly isMethod: boolean;
}

/** Where the codec looks definitions up. */
export class Definitions {
  /** The layer that the text says in a line `// LAYER 227`. */
  readonly layer: number | undefined;
  readonly #byName: Map<string, Entry>;
  /** By ids as signed numbers, which engines keep without a heap object. */
  readonly #byId: Map<number, Entry>;
  /** Those that were needed. Not shared with the base, as they remember what they read of this schema. */
  readonly #parsed = new Map<Entry, Definition>();
  readonly #bare = new Map<string, Definition>();

  /** Lines of `text` win by name over those of `base`; of one name twice in the text, the later wins. */
  constructor(text: string, base?: Definitions) {
    this.#byName = new Map(base === undefined ? [] : base.#byName);
    this.#byId = new Map(base === undefined ? [] : base.#byId);
    this.layer = this.#scan(text);
  }

  byName(name: string): Definition | undefined {
    return this.#parse(this.#byName.get(name));
  }

  byId(id: number): Definition | undefined {
    return this.#parse(this.#byId.get(id | 0));
  }

  /**
   * What a bare type means: the constructor of that name, or the only one of the type of that name.
   *
   * @throws {TlError} if there is no such, or more than one
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
    return this.#byId.get(id | 0)?.name;
  }

  names(): IterableIterator<string> {
    return this.#byName.keys();
  }

  /** Indexes a text; returns the layer that it says. */
  #scan(text: string): number | undefined {
    let layer: number | undefined;
    let section: string | undefined;
    const unnumbered: Entry[] = [];
    for (let start = 0; start < text.length;) {
      let end = text.indexOf("\n", start);
      if (end < 0) end = text.length;
      const line = text.slice(start, end).trim();
      start = end + 1;
      if (line.startsWith("// LAYER ")) layer = parseInt(line.slice(9), 10);
      else if (line.startsWith("---")) section = line;
      else if (line !== "" && !line.startsWith("//")) this.#add(line, section, unnumbered);
    }
    const ids = definitionIds(unnumbered.map((entry) => entry.line));
    for (const [index, entry] of unnumbered.entries()) this.#byId.set(ids[index], entry);
    return layer;
  }

  #add(text: string, section: string | undefined, unnumbered: Entry[]): void {
    const line = text.endsWith(";") ? text.slice(0, -1) : text;
    const { name, id } = parseName(line);
    const isMethod = section === undefined ? this.isMethod(name) : section === "---functions---";
    const entry: Entry = { name, line, isMethod };
    this.#byName.set(name, entry);
    if (id === undefined) unnumbered.push(entry);
    else this.#byId.set(id, entry);
  }

  #parse(entry: Entry | undefined): Definition | undefined {
    if (entry === undefined) return undefined;
    let definition = this.#parsed.get(entry);
    if (definition === undefined) {
      definition = parseDefinition(entry.line, entry.isMethod);
      this.#parsed.set(entry, definition);
    }
    return definition;
  }

  #onlyConstructor(type: string): Definition {
    const found: string[] = [];
    for (const { name, line, isMethod } of this.#byName.values()) {
      if (!isMethod && line.endsWith(` = ${type}`)) found.push(name);
    }
    const only = found.length === 1 ? this.byName(found[0]) : undefined;
    if (only !== undefined) return only;
    throw new TlError("find", `${found.length} constructors, expected one for a bare type`, type);
  }
}
