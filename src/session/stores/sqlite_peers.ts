/** Peers in the tables of a SQLite file, which sqlite_store.ts creates. */
import type { SqliteDatabase, SqliteStatement, SqliteValue } from "../../runtime/mod.ts";
import { type Peer, type PeerKind, type PeerStore, usernameKey } from "../peers/peer.ts";
import { transaction } from "./sqlite_transaction.ts";

type Row = Record<string, SqliteValue>;

/** The file of the tables. */
export interface PeersFile {
  /** Runs `work`, and turns an error of SQLite into a `SessionError`. */
  attempt<T>(doing: string, work: () => T): Promise<T>;
  /** Checks the file before all rows are read. Throws if there may be more than the file has. */
  check(): void;
}

const COLUMNS = "peer.id, kind, access_hash, usernames, phone, seen_at";

/** Peers in the tables `peer` and `username`. */
export class SqlitePeers implements PeerStore {
  readonly #database: SqliteDatabase;
  readonly #try: PeersFile["attempt"];
  readonly #check: PeersFile["check"];
  readonly #guard: () => void;

  /** `guard` runs in the transaction of each change, and throws to refuse it. */
  constructor(
    database: SqliteDatabase,
    { attempt, check }: PeersFile,
    guard: () => void = () => {},
  ) {
    this.#database = database;
    this.#try = attempt;
    this.#check = check;
    this.#guard = guard;
  }

  put(peers: readonly Peer[]): Promise<void> {
    return this.#change(() => this.#put(peers));
  }

  byId(id: bigint): Promise<Peer | undefined> {
    return this.#find("WHERE id = ?", id);
  }

  byUsername(username: string): Promise<Peer | undefined> {
    return this.#find(
      "JOIN username ON username.peer = peer.id WHERE username.name = ?",
      usernameKey(username),
    );
  }

  byPhone(phone: string): Promise<Peer | undefined> {
    return this.#find("WHERE phone = ?", phone);
  }

  clear(): Promise<void> {
    return this.#change(() => this.#database.exec("DELETE FROM peer; DELETE FROM username"));
  }

  async *all(): AsyncIterable<Peer> {
    const all = this.#statement(`SELECT ${COLUMNS} FROM peer`);
    const rows = await this.#try("read", () => {
      this.#check();
      return all.all();
    });
    for (const row of rows) yield toPeer(row);
  }

  async #change(work: () => void): Promise<void> {
    await this.#try("save", () =>
      transaction(this.#database, () => {
        this.#guard();
        work();
      }));
  }

  #put(peers: readonly Peer[]): void {
    const database = this.#database;
    const forget = database.prepare("DELETE FROM username WHERE peer = ?");
    const add = database.prepare("INSERT OR REPLACE INTO username (name, peer) VALUES (?, ?)");
    const release = database.prepare("UPDATE peer SET phone = NULL WHERE phone = ? AND id <> ?");
    const put = database.prepare(
      "INSERT OR REPLACE INTO peer (id, kind, access_hash, usernames, phone, seen_at) " +
        "VALUES (?, ?, ?, ?, ?, ?)",
    );
    const ownerOf = this.#statement(
      "SELECT id, usernames FROM peer JOIN username ON username.peer = peer.id WHERE name = ?",
    );
    const rename = database.prepare("UPDATE peer SET usernames = ? WHERE id = ?");
    for (const { id, kind, accessHash, usernames, phone, seenAt } of peers) {
      forget.run(id);
      if (phone !== undefined) release.run(phone, id); // a number that another peer had before
      put.run(id, kind, accessHash ?? null, usernames.join(" "), phone ?? null, seenAt ?? null);
      for (const name of usernames.map(usernameKey)) {
        const owner = ownerOf.get(name);
        if (owner !== undefined) {
          const others = namesIn(owner).filter((one) => usernameKey(one) !== name);
          rename.run(others.join(" "), owner.id);
        }
        add.run(name, id);
      }
    }
  }

  async #find(condition: string, value: SqliteValue): Promise<Peer | undefined> {
    const row = await this.#try(
      "read",
      () => this.#statement(`SELECT ${COLUMNS} FROM peer ${condition}`).get(value),
    );
    return row && toPeer(row);
  }

  /**
   * Prepares a statement that reads integers as `bigint`: ids and access hashes exceed a number.
   */
  #statement(sql: string): SqliteStatement {
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    return statement;
  }
}

function toPeer(row: Row): Peer {
  const { id, kind, access_hash, phone, seen_at } = row;
  return {
    id: BigInt(id as bigint),
    kind: kind as PeerKind,
    ...(typeof access_hash === "bigint" && { accessHash: access_hash }),
    usernames: namesIn(row),
    ...(typeof phone === "string" && { phone }),
    ...(typeof seen_at === "bigint" && { seenAt: Number(seen_at) }),
  };
}

function namesIn({ usernames }: Row): string[] {
  return String(usernames).split(" ").filter((name) => name !== "");
}
