/** The schema of Telegram's API, line by line, for the page that searches it. */
import { writeOut } from "../src/tl/abbreviations.ts";
import { parseDefinition } from "../src/tl/definition_parser.ts";
import { naturalDefault } from "../src/tl/defaults/natural_default.ts";
import { API_LAYER, API_SCHEMA } from "../src/tl/generated/api_schema.ts";
import { withType } from "../src/tl/type_marks.ts";

/**
 * The definitions, each a line of TL: `name field:type … = Type`. What a call may leave out, though
 * it is always sent, is marked by `field:?type`.
 */
export interface RawApi {
  readonly layer: number;
  readonly constructors: readonly string[];
  readonly methods: readonly string[];
}

/** Returns all definitions. */
export function rawApi(): RawApi {
  const definitions: { constructors: string[]; methods: string[] } = {
    constructors: [],
    methods: [],
  };
  let lines = definitions.constructors;
  let type = "";
  for (const line of writeOut(API_SCHEMA).split("\n")) {
    if (line.startsWith("//")) continue;
    if (line.startsWith("---")) lines = definitions.methods;
    else {
      const typed = withType(line, type);
      type = typed.type;
      lines.push(typed.text.replace(/ \{.*?\}/, ""));
    }
  }
  const methods = definitions.methods.map(withMarks);
  return { layer: API_LAYER, constructors: definitions.constructors, methods };
}

function withMarks(line: string): string {
  const { name, fields } = parseDefinition(line, true);
  const words = line.split(" ");
  fields.forEach((field, index) => {
    if (naturalDefault(name, field)) words[index + 1] = words[index + 1].replace(":", ":?");
  });
  return words.join(" ");
}

/**
 * Returns the page as the search sees it: a heading for each definition. The page itself makes
 * them in the browser.
 */
export function searchablePage({ constructors, methods }: RawApi): string {
  const section = (line: string, kind: string): string => {
    const name = line.slice(0, line.indexOf(" "));
    const anchor = `<a class="header-anchor" href="#${name}"></a>`;
    return `<h2 id="${name}">${name} ${anchor}</h2><p>${kind}</p>`;
  };
  return [
    ...methods.map((line) => section(line, "method")),
    ...constructors.map((line) => section(line, "constructor")),
  ].join("\n");
}
