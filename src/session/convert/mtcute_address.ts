/**
 * The address of a data center as mtcute 3 stores it: version, dcId and flags (u8 each), the host
 * as TL string, the port as i32. Both its strings and its files have it.
 */
import { TlReader, TlWriter } from "../../tl/mod.ts";
import type { DataCenterState } from "../state/session_state.ts";

const VERSION = 2;
const IPV6 = 1;
const TEST_MODE = 4;

/** A data center without its key. */
export interface MtcuteAddress {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly isTest: boolean;
}

/** Reads an address. */
export function readMtcuteAddress(bytes: Uint8Array): MtcuteAddress {
  const reader = new TlReader(bytes);
  const [version, id, flags] = reader.raw(3);
  const isTest = version === VERSION && (flags & TEST_MODE) !== 0;
  return { id, host: reader.string(), port: reader.int32(), isTest };
}

/** Writes an address. */
export function writeMtcuteAddress(
  { id, host, port }: DataCenterState,
  testMode: boolean,
): Uint8Array {
  const writer = new TlWriter();
  const flags = (host.includes(":") ? IPV6 : 0) | (testMode ? TEST_MODE : 0);
  writer.raw(Uint8Array.of(VERSION, id, flags));
  writer.string(host);
  writer.int32(port);
  return writer.finish();
}
