/**
 * Which tables a session file may have. SQL in the schema of a file runs when the file is read or
 * written: a view, a trigger, a generated column, a CHECK, an index on an expression. A few bytes
 * of it fill the memory or the disk, so a file with SQL is refused before SQLite opens it. The one
 * exception is what Pyrogram writes, in files that are only read.
 */
import type { SchemaEntry } from "./database_file.ts";

/** A default that Pyrogram, Kurigram and Hydrogram write. */
const NOW = /DEFAULT \(CAST\(STRFTIME\('%s', 'now'\) AS INTEGER\)\)/gi;
/** Their trigger. It never runs, as their files are only read. */
const TRIGGER =
  "CREATE TRIGGER trg_peers_last_update_on AFTER UPDATE ON peers BEGIN UPDATE peers " +
  "SET last_update_on = CAST(STRFTIME('%s', 'now') AS INTEGER) WHERE id = NEW.id; END";

/** A table or an index, in the characters of names, types and numbers. */
const TABLE = /^CREATE TABLE [\w "`(),]+$/i;
/** An index on columns, not on expressions. */
const INDEX =
  /^CREATE (UNIQUE )?INDEX [\w"`]+ ON [\w"`]+ ?\([\w "`,]+\)( WHERE [\w"`]+ IS NOT NULL)?$/i;
/** The words of SQL that runs. */
const RUNNING = /\b(AS|CHECK|COLLATE|GENERATED|SELECT|VIRTUAL)\b|\bDEFAULT\b[^,]*\(/i;

/** Whether a file may be read: it has nothing that runs. */
export function isPlain(entries: readonly SchemaEntry[]): boolean {
  return entries.every(({ type, name, root, sql }) => {
    if (sql === undefined) return type === "index" && name.startsWith("sqlite_autoindex_");
    const line = inOneLine(sql).replace(NOW, "");
    if (type === "trigger") return line === TRIGGER && root === 0;
    return root > 0 && (TABLE.test(line) || INDEX.test(line)) && !RUNNING.test(line);
  });
}

/** Whether a file has these tables and indexes, and no others. */
export function hasExactly(
  entries: readonly SchemaEntry[],
  statements: readonly string[],
): boolean {
  const expected = new Set(statements.map(withoutSpace));
  const made = entries.filter(({ sql }) => sql !== undefined);
  return isPlain(entries) && made.length === expected.size &&
    made.every(({ sql = "" }) => expected.has(withoutSpace(sql)));
}

/** SQLite puts white space of its own before a column that it adds. */
function withoutSpace(sql: string): string {
  return inOneLine(sql).replace(/ ?([(),]) ?/g, "$1");
}

function inOneLine(sql: string): string {
  return sql.replace(/\s+/g, " ").trim();
}
