/**
 * Forward secrecy: all packets go under temporary keys, and the permanent key only binds them.
 * https://core.telegram.org/api/pfs. dc_key.ts has the states of a key. Loaded with the first
 * connection of a client that has the option `forwardSecrecy`.
 */
import { TemporaryKey, type TemporaryKeyOptions } from "./temporary_key.ts";

/** Returns the temporary key of a connection, which it shares with others. */
export function temporaryKey(options: TemporaryKeyOptions): TemporaryKey {
  return new TemporaryKey(options);
}
