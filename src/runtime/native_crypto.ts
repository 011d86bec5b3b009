/**
 * The hashes and ciphers of Node, Deno and Bun (`node:crypto`): bytes in, bytes out, so that the
 * pure floors may use them.
 */
import { builtinModule, type NodeCrypto } from "./builtin_modules.ts";
import { runtimeKind } from "./process.ts";

/** What {@linkcode nativeCrypto} returns. */
export interface NativeCrypto {
  readonly kind: "deno" | "bun" | "node";
  readonly crypto: NodeCrypto;
}

/** Returns the module, and the name of the runtime; undefined in any other runtime. */
export function nativeCrypto(): NativeCrypto | undefined {
  const kind = runtimeKind();
  const crypto = kind && builtinModule("node:crypto");
  return kind && crypto && { kind, crypto };
}
