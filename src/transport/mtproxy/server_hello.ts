/**
 * The answer of a server of fake TLS: three records, which look like a ServerHello of TLS 1.3 and
 * the encrypted messages that follow it. https://www.rfc-editor.org/rfc/rfc8446#section-4.1.3
 */
import { concatBytes, hexToBytes } from "../../crypto/mod.ts";
import type { Random } from "../../runtime/mod.ts";
import { x25519PublicKey } from "./camouflage_keys.ts";
import { CHANGE_CIPHER_RECORD, DATA, HANDSHAKE, tlsRecord } from "./records.ts";

/** Where the length of the session id is in a ClientHello in its record. */
const SESSION_ID = 43;
/** The fewest bytes of the messages that seem to follow, and how many more there may be. */
const MESSAGES = 2048;
const MORE_MESSAGES = 2048;

/** Returns the session id of a ClientHello in its record, with its length before it. */
function sessionIdOf(hello: Uint8Array): Uint8Array {
  return hello.subarray(SESSION_ID, SESSION_ID + 1 + hello[SESSION_ID]);
}

/** Returns the first cipher suite of a ClientHello that is not GREASE; undefined if it has none. */
export function cipherOf(hello: Uint8Array): Uint8Array | undefined {
  if (hello.length <= SESSION_ID) return undefined;
  const start = SESSION_ID + 1 + hello[SESSION_ID];
  const end = start + 2 + (hello[start] << 8 | hello[start + 1]);
  if (!(end <= hello.length)) return undefined;
  for (let offset = start + 2; offset + 2 <= end; offset += 2) {
    const isGrease = (hello[offset] & 15) === 10 && hello[offset] === hello[offset + 1];
    if (!isGrease) return hello.slice(offset, offset + 2);
  }
  return undefined;
}

/** Returns the answer to a ClientHello, with zeros in the place of the proof. */
export function serverHello(hello: Uint8Array, cipher: Uint8Array, random: Random): Uint8Array {
  const body = concatBytes(
    hexToBytes(`0303${"00".repeat(32)}`),
    sessionIdOf(hello),
    cipher,
    hexToBytes("00002e002b0002030400330024001d0020"),
    x25519PublicKey(random(32)),
  );
  const message = concatBytes(Uint8Array.of(2, 0, body.length >> 8, body.length & 255), body);
  const [high, low] = random(2);
  const messages = random(MESSAGES + (high << 8 | low) % MORE_MESSAGES);
  return concatBytes(
    tlsRecord(HANDSHAKE, message),
    CHANGE_CIPHER_RECORD,
    tlsRecord(DATA, messages),
  );
}
