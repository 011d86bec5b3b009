import type { Line } from "./generate_tl.ts";
export function generateTypes(_lines: readonly Line[]): string {
  return "export type Methods = Record<string, {params: unknown; result: unknown}>;\n";
}
