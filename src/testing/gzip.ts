/**
 * Synchronous gzip where the runtime has it, for answers as compressed as Telegram's. Elsewhere they go out as they are.
 */
interface NodeZlib {
  gzipSync(bytes: Uint8Array): Uint8Array;
}

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

/** Gzip by the runtime's own zlib; undefined where there is none. */
export function systemGzip(): ((bytes: Uint8Array) => Uint8Array) | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  const zlib = process?.getBuiltinModule?.("node:zlib") as NodeZlib | undefined;
  return zlib && ((bytes) => new Uint8Array(zlib.gzipSync(bytes)));
}
