import { logFrom, type Logger, type LogLevel } from "../../src/runtime/mod.ts";
import { assertEquals } from "../helpers/assert.ts";

Deno.test("logFrom() passes on its level and those above, with their details", () => {
  const kept = (level: LogLevel): string[] => {
    const lines: string[] = [];
    const write = (name: string) => (message: string, ...details: unknown[]) =>
      void lines.push(`${name} ${message} ${details}`);
    const all: Logger = {
      debug: write("debug"),
      info: write("info"),
      warn: write("warn"),
      error: write("error"),
    };
    const logger = logFrom(level, all);
    for (const name of ["debug", "info", "warn", "error"] as const) logger[name]("m", 1);
    return lines;
  };
  assertEquals(kept("debug"), ["debug m 1", "info m 1", "warn m 1", "error m 1"]);
  assertEquals(kept("warn"), ["warn m 1", "error m 1"]);
  assertEquals(kept("none"), []);
});
