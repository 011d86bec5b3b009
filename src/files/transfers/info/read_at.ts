/** Reads bytes anywhere in a file; fewer at its end. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;
