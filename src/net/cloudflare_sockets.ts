/**
 * Cloudflare's `connect`, which only Cloudflare Workers can import. For them (condition `workerd`),
 * the npm package has another file in this place, with a static import. See build_npm.ts.
 */
import type { CloudflareConnect } from "./cloudflare.ts";

/** Returns `connect` of the module `cloudflare:sockets`; undefined in other runtimes. */
export function cloudflareConnect(): CloudflareConnect | undefined {
  return undefined;
}
