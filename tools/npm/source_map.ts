/**
 * Writes source maps: https://tc39.es/ecma426/. Only what the npm package needs: one source for
 * each file, which is in the package.
 */

/** A place in a file, and the place in the source that it comes from, all from 0. */
export interface Mapping {
  readonly line: number;
  readonly column: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** A number in base 64: the sign in its lowest bit, five bits a digit, the lowest first. */
function encodeNumber(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = "";
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}

/** Encodes mappings, each as the difference to the one before. Of one place, the first counts. */
export function encodeMappings(mappings: readonly Mapping[]): string {
  const sorted = mappings.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const lines: string[][] = [[]];
  let [column, sourceLine, sourceColumn] = [0, 0, 0];
  let last: Mapping | undefined;
  for (const mapping of sorted) {
    if (mapping.line === last?.line && mapping.column === last.column) continue;
    last = mapping;
    while (lines.length <= mapping.line) {
      lines.push([]);
      column = 0;
    }
    const differences = [
      mapping.column - column,
      0,
      mapping.sourceLine - sourceLine,
      mapping.sourceColumn - sourceColumn,
    ];
    lines[mapping.line].push(differences.map(encodeNumber).join(""));
    ({ column, sourceLine, sourceColumn } = mapping);
  }
  return lines.map((line) => line.join(",")).join(";");
}

/** The mappings of a file, and the names that they mention. */
export interface Mappings {
  readonly mappings: string;
  readonly names?: readonly string[];
}

/** The text of a map from a file in the package to its source in the package. */
export function sourceMap(
  file: string,
  { mappings, names = [] }: Mappings,
  source: string,
): string {
  const up = "../".repeat(file.split("/").length - 1);
  const name = file.slice(file.lastIndexOf("/") + 1);
  return JSON.stringify({ version: 3, file: name, sources: [up + source], names, mappings });
}
