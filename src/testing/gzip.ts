/**
 * Synchronous gzip of the runtime, for answers that are compressed like Telegram's. Without it the
 * answers go out uncompressed.
 */

interface NodeZlib {
  gzipSync(bytes: Uint8Array): Uint8Array;
}

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

/** Returns a gzip function of the runtime's zlib; undefined where it has none. */
export function systemGzip(): ((bytes: Uint8Array) => Uint8Array) | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  const zlib = process?.getBuiltinModule?.("node:zlib") as NodeZlib | undefined;
  return zlib && ((bytes) => new Uint8Array(zlib.gzipSync(bytes)));
}
