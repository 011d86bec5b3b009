/** The parts of a client that uploads and downloads use. */
import type { Purpose } from "../connection/mod.ts";
import type { PeerContext } from "../messages/mod.ts";
import type { TlObject } from "../tl/mod.ts";

/** How the call for a part of a file is made. */
export interface FileCallOptions {
  /** The data center of the file; the home by default. */
  readonly dcId?: number;
  /** The connection over which the call goes. */
  readonly purpose: Purpose;
  readonly signal?: AbortSignal;
}

/** A client, as uploads and downloads see it. */
export interface FileHost extends PeerContext {
  readonly lifetime: AbortSignal;
  /** Calls a method for the part of a file. Waits out all floods. */
  invokeForFile(request: TlObject, options: FileCallOptions): Promise<unknown>;
  /** Closes a connection for files. */
  closeForFile(dcId: number | undefined, purpose: Purpose): Promise<void>;
}
