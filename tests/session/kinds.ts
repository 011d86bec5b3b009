// Sessions by the name of their kind, so that a child process can open what its parent means.
import { SqliteSession, type StoreSession } from "../../src/session/mod.ts";

const KINDS: Readonly<Record<string, (path: string) => StoreSession>> = {
  sqlite: (path) => new SqliteSession(path),
};

/** A session of a kind at a path. */
export function openSession(kind: string, path: string): StoreSession {
  const open = KINDS[kind];
  if (open === undefined) throw new TypeError(`There is no kind "${kind}"`);
  return open(path);
}
