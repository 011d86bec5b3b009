/**
 * GramJS's `StoreSession`: a folder of node-localstorage, with a file of JSON for each key,
 * `<name>%3A<key>`. The keys are `dcId`, `port`, `serverAddress`, `authKey` (a Buffer as JSON has
 * it), and the marked id of each peer, with a row of id, access hash, username, phone, name and
 * time.
 */
import { parseSecretJson } from "../state/secret_json.ts";
import { AUTH_KEY_LENGTH } from "../../crypto/mod.ts";
import type { FileSystem } from "../../runtime/mod.ts";
import { kindOfPeerId, type Peer } from "../peers/peer.ts";
import type { Session } from "../session.ts";
import { gramJsPrefix } from "../stores/foreign_kind.ts";
import { damaged, type ForeignSession } from "./foreign_session.ts";
import { homeKeyOf } from "./home_key.ts";

/** A 64-bit number. */
const LONG = /^-?\d{1,20}$/;
/** The most bytes of a file: the key has 256 numbers. */
const MAX_FILE_LENGTH = 65_536;

/** Reads a folder of GramJS. */
export function readGramJsFolder(files: FileSystem, folder: string): ForeignSession {
  const prefix = gramJsPrefix(folder);
  const read = (key: string): unknown => {
    try {
      const path = `${folder}/${prefix}${key}`;
      if (files.statSync(path).size > MAX_FILE_LENGTH) throw new TypeError("It is too long");
      return parseSecretJson(new TextDecoder().decode(files.readFileSync(path)));
    } catch (cause) {
      throw damaged(`its "${key}" cannot be read`, cause);
    }
  };
  const { data } = read("authKey") as { data?: unknown } ?? {};
  const authKey = Uint8Array.from(Array.isArray(data) ? data : []);
  const [id, port, host] = [Number(read("dcId")), Number(read("port")), read("serverAddress")];
  if (authKey.length !== AUTH_KEY_LENGTH || !(id > 0) || !(port > 0) || typeof host !== "string") {
    throw damaged("it lacks the key or the address");
  }
  const ids = files.readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .filter((key) => /^-?\d+$/.test(key));
  const peers = ids.flatMap((key) => toPeer(read(key)));
  return {
    format: "gramjs-folder",
    state: { dcId: id, dcs: [{ id, host, port, authKey }] },
    peers,
  };
}

function toPeer(row: unknown): Peer[] {
  if (!Array.isArray(row)) return [];
  const [id, accessHash, username, phone] = row.map((one) => one === null ? "" : String(one));
  if (!LONG.test(id) || !LONG.test(accessHash)) return [];
  const kind = kindOfPeerId(BigInt(id));
  return [{
    id: BigInt(id),
    kind,
    ...(kind !== "chat" && { accessHash: BigInt(accessHash) }),
    usernames: username ? [username] : [],
    ...(phone && { phone }),
  }];
}

/** Writes a session to a new folder of GramJS. */
export function writeGramJsFolder(
  files: FileSystem,
  folder: string,
  session: Session,
  peers: readonly Peer[],
): void {
  const { dc, authKey } = homeKeyOf(session, "gramjs-folder");
  const prefix = gramJsPrefix(folder);
  files.mkdirSync(folder, { mode: 0o700 });
  const write = (key: string, value: unknown): void => {
    const file = files.openSync(`${folder}/${prefix}${key}`, "wx", 0o600);
    files.writeFileSync(file, JSON.stringify(value));
    files.closeSync(file);
  };
  try {
    write("dcId", dc.id);
    write("port", dc.port);
    write("serverAddress", dc.host);
    write("authKey", { type: "Buffer", data: [...authKey] });
    for (const { id, accessHash = 0n, usernames, phone } of peers) {
      const row = [`${id}`, `${accessHash}`, usernames[0]?.toLowerCase(), phone, "", "0"];
      write(String(id), row);
    }
  } catch (error) {
    files.rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
