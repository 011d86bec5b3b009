/**
 * The static buffers through which JavaScript and the kernels exchange bytes.
 *
 * There is no allocator: every buffer has a fixed address, so the memory never grows and JavaScript
 * keeps one view of it. Each kernel documents its inputs in its own file. The code that writes a
 * secret here wipes it after use.
 */

/** The capacity of a chunk, bytes. Longer data comes in chunks; the kernels keep the state. */
export const CHUNK_SIZE: i32 = 1 << 18;

/** The chunk to work on, in place. The 32 bytes before it are for a message header (message.ts). */
export const DATA: usize = memory.data(32 + (1 << 18), 16) + 32;

/** A key: AES (32 bytes), HMAC block (128 bytes), auth key (256 bytes). */
export const KEY: usize = memory.data(256, 16);

/** An initialization vector: 16 bytes (CTR) or 32 bytes (IGE). */
export const IV: usize = memory.data(32, 16);

/** Results of up to 64 bytes: digests, message keys. */
export const DIGEST: usize = memory.data(64, 16);

/** Overwrites `length` bytes at `address` with zeros. */
export function wipe(address: usize, length: i32): void {
  memory.fill(address, 0, length);
}
