// The static buffers through which JavaScript and the kernels exchange bytes.
//
// There is no allocator: every buffer has a fixed address, so the memory never grows and JavaScript keeps one view of it
// for ever. Each kernel says in its own file what it reads from where; whoever writes a secret here wipes it after use.

/** Capacity of a chunk, in bytes. Longer data is passed in chunks, with the state carried inside the kernels. */
export const CHUNK_SIZE: i32 = 1 << 18;

/** The chunk that is worked on, in place. The 32 bytes before it are the header of a message (see message.ts). */
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
