/**
 * Cloudflare's `connect`, if it is there without asking: here it never is, as only Cloudflare Workers can import it. The npm
 * package has another file in place of this one for them (condition `workerd`), with a static import. See build_npm.ts.
 */
import type { CloudflareConnect } from "./cloudflare.ts";

/** `connect` of the module `cloudflare:sockets`; undefined where there is no such module. */
export function cloudflareConnect(): CloudflareConnect | undefined {
  return undefined;
}
