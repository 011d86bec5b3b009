/** The parts of a client that uploads and downloads use. */
import type { CdnDc, Purpose } from "../connection/mod.ts";
import type { PeerContext } from "../messages/mod.ts";
import type { TlObject } from "../tl/mod.ts";

/** How the call for a part of a file is made. */
export interface FileCallOptions {
  /** The data center of the file, or a CDN that has it; the home by default. */
  readonly dcId?: number | CdnDc;
  /** The connection over which the call goes. */
  readonly purpose: Purpose;
  readonly signal?: AbortSignal;
}

/** A client, as uploads and downloads see it. */
export interface FileHost extends PeerContext {
  readonly lifetime: AbortSignal;
  /** Whether connections lead to any address: those by WebSocket and HTTP do not. */
  readonly canReachCdns: boolean;
  /** Whether everything must go through a proxy, which `fetch` does not do. */
  readonly hasProxy: boolean;
  /**
   * Calls a method for the part of a file. Waits out all floods, but none of a CDN: it may not be
   * honest.
   */
  invokeForFile(request: TlObject, options: FileCallOptions): Promise<unknown>;
  /** Closes a connection for files. */
  closeForFile(dcId: number | CdnDc | undefined, purpose: Purpose): Promise<void>;
}
