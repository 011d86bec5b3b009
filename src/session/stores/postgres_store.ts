/** A store of texts in PostgreSQL, through a client of the package `pg` or `postgres`. */
import type { KeyValueStore } from "../key_value_store.ts";

/** A row of a result, by the names of its columns. */
export type PostgresRow = Record<string, unknown>;

/** The methods of a `Pool` or `Client` of the package `pg` that the store calls. */
export interface Pg {
  /** Runs a statement with parameters. */
  query(sql: string, values: unknown[]): Promise<{ rows: PostgresRow[] }>;
}

/** The methods of a client of the package `postgres` that the store calls. */
export interface PostgresJs {
  /** Runs a statement with parameters. */
  unsafe(sql: string, values: never[]): PromiseLike<readonly PostgresRow[]>;
}

const TABLE = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/;

/**
 * Keeps texts in a table of PostgreSQL: `new StoreSession("me", postgresStore(pool))`. The first
 * use creates the table, with the columns `key` and `value`.
 *
 * Make a client of the package `postgres` with `fetch_types: false`, as the store needs no types: a
 * line that breaks while they are fetched ends the process (postgres 3.4.9). Give a pool of `pg` a
 * listener to `"error"`, for the same reason.
 *
 * @param client the client, which the caller closes
 * @param table the name of the table, with or without its schema
 * @returns the store
 * @throws {TypeError} if the name would need quotes in SQL.
 */
export function postgresStore(client: Pg | PostgresJs, table = "tessera_session"): KeyValueStore {
  if (!TABLE.test(table)) {
    throw new TypeError(
      `Cannot keep sessions in the table "${table}": expected lower-case letters, digits and _`,
    );
  }
  const send = async (sql: string, values: string[]): Promise<readonly PostgresRow[]> =>
    "unsafe" in client
      ? await client.unsafe(sql, values as never[])
      : (await client.query(sql, values)).rows;
  let made: Promise<unknown> | undefined;
  const run = async (sql: string, values: string[]): Promise<readonly PostgresRow[]> => {
    made ??= makeTable(send, table).catch((error) => {
      made = undefined;
      throw error;
    });
    await made;
    return await send(sql, values);
  };
  const set = `INSERT INTO ${table} (key, value) VALUES ($1, $2) ON CONFLICT (key) DO `;
  // The lock makes a program that takes the lease wait until the change is made.
  const guarded = `WITH guard AS (SELECT 1 AS held FROM ${table} WHERE key = $2 AND ` +
    "left(value, length($3)) = $3 FOR SHARE), change AS (";
  const held = "SELECT held FROM guard";
  return {
    async get(key) {
      const [row] = await run(`SELECT value FROM ${table} WHERE key = $1`, [key]);
      return typeof row?.value === "string" ? row.value : undefined;
    },
    set: (key, value) => run(`${set} UPDATE SET value = excluded.value`, [key, value]),
    delete: (key) => run(`DELETE FROM ${table} WHERE key = $1`, [key]),
    async swap(key, current, next) {
      if (current === undefined && next === undefined) {
        return (await run(`SELECT 1 FROM ${table} WHERE key = $1`, [key])).length === 0;
      }
      const rows = current === undefined
        ? await run(`${set} NOTHING RETURNING key`, [key, next ?? ""])
        : next === undefined
        ? await run(`DELETE FROM ${table} WHERE key = $1 AND value = $2 RETURNING key`, [
          key,
          current,
        ])
        : await run(
          `UPDATE ${table} SET value = $3 WHERE key = $1 AND value = $2 RETURNING key`,
          [key, current, next],
        );
      return rows.length === 1;
    },
    async setIf(key, value, guard) {
      const given = [key, guard.key, guard.prefix];
      const rows = value === undefined
        ? await run(`${guarded} DELETE FROM ${table} USING guard WHERE key = $1) ${held}`, given)
        : await run(
          `${guarded} INSERT INTO ${table} (key, value) SELECT $1::text, $4::text FROM guard ` +
            `ON CONFLICT (key) DO UPDATE SET value = excluded.value) ${held}`,
          [...given, value],
        );
      return rows.length === 1;
    },
    async list(prefix, suffix) {
      const rows = await run(
        `SELECT key FROM ${table} WHERE starts_with(key, $1) AND right(key, length($2)) = $2`,
        [prefix, suffix],
      );
      return rows.map(({ key }) => String(key));
    },
  };
}

/** Creates the table. `IF NOT EXISTS` can still fail when two programs create the table at once. */
async function makeTable(
  send: (sql: string, values: string[]) => Promise<unknown>,
  table: string,
): Promise<void> {
  const known = await send(`SELECT to_regclass($1)::text AS name`, [
    table,
  ]) as readonly PostgresRow[];
  if (typeof known[0]?.name === "string") return;
  try {
    await send(
      `CREATE TABLE IF NOT EXISTS ${table} (key text PRIMARY KEY, value text NOT NULL)`,
      [],
    );
  } catch (error) {
    const again = await send(`SELECT to_regclass($1)::text AS name`, [
      table,
    ]) as readonly PostgresRow[];
    if (typeof again[0]?.name !== "string") throw error;
  }
}
