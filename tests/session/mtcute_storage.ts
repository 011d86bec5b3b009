/** mtcute's own SQLite repositories, on node:sqlite instead of their native module. */

import { DatabaseSync } from "node:sqlite";
import { BaseSqliteStorage, BaseSqliteStorageDriver } from "@mtcute/core";

class Driver extends BaseSqliteStorageDriver {
  readonly #path: string;

  constructor(path: string) {
    super();
    this.#path = path;
    // A platform, of which only this is used.
    this._platform = { beforeExit: () => () => {} } as unknown as typeof this._platform;
  }

  override _createDatabase(): ReturnType<BaseSqliteStorageDriver["_createDatabase"]> {
    const database = new DatabaseSync(this.#path);
    // What better-sqlite3 has, as far as it is used.
    const transaction = <T>(work: T): T => work;
    return Object.assign(database, { transaction }) as unknown as ReturnType<
      BaseSqliteStorageDriver["_createDatabase"]
    >;
  }
}

/** Opens a session file as mtcute does. */
export async function openMtcute(
  path: string,
): Promise<{ storage: BaseSqliteStorage; save(): void; close(): Promise<void> }> {
  const driver = new Driver(path);
  const storage = new BaseSqliteStorage(driver);
  await driver.load();
  return { storage, save: () => void driver.save(), close: () => driver.destroy() };
}
