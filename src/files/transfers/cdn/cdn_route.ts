/**
 * The way of one download over CDNs: https://core.telegram.org/cdn
 *
 * | state   | event                                                        | next state          |
 * |---------|--------------------------------------------------------------|---------------------|
 * | open    | Telegram sends us to a CDN that it describes                 | at a CDN            |
 * | open    | Telegram sends us to an unknown one, or by a token that was  | closed              |
 * |         | of no use, or by a fourth one                                |                     |
 * | at a CDN| FILE_TOKEN_INVALID or REQUEST_TOKEN_INVALID                  | open                |
 * | at a CDN| it has no hash for a part, or wants the file again and again | closed              |
 * | at a CDN| it cannot be reached, has another key, or answers otherwise  | closed; CDNs rest   |
 * | at a CDN| it sends wrong bytes                                         | the download fails; |
 * |         |                                                              | CDNs rest           |
 * | at a CDN| Telegram sends us to one, by an earlier call                 | at the CDN          |
 *
 * Open or closed, parts come from the data center of the file. While the way is closed, and while
 * CDNs rest, Telegram is told to send us to none.
 */
import { type CdnDc, RpcError } from "../../../connection/mod.ts";
import { bytesToHex } from "../../../crypto/mod.ts";
import { SecurityError } from "../../../mtproto/mod.ts";
import { abortable, type Logger } from "../../../runtime/mod.ts";
import type { Api, TlObject } from "../../../tl/mod.ts";
import { CdnFailure, CdnFile, type CdnFileOptions } from "./cdn_file.ts";
import type { Cdns } from "./cdns.ts";

/** How many tokens one download tries. */
const TOKENS = 3;

/** The parts of a {@linkcode CdnRoute}. */
export interface CdnRouteOptions extends Pick<CdnFileOptions, "size" | "callOrigin"> {
  readonly cdns: Cdns;
  readonly log: Logger;
  /** Calls a method at a CDN. */
  readonly callCdn: (cdn: CdnDc, request: TlObject, signal: AbortSignal) => Promise<unknown>;
}

/** A CDN that has the file. */
interface Stay {
  readonly cdn: CdnDc;
  readonly file: CdnFile;
}

/** The way of one download over CDNs. */
export class CdnRoute {
  readonly #options: CdnRouteOptions;
  /** The tokens with which Telegram has sent us to a CDN, hex. */
  readonly #tokens = new Set<string>();
  #stay: Stay | undefined;
  #isClosed = false;

  constructor(options: CdnRouteOptions) {
    this.#options = options;
  }

  /** Whether Telegram may send us to a CDN. */
  get isOpen(): boolean {
    return !this.#isClosed && this.#options.cdns.areOfUse;
  }

  /** Takes note of the CDN that has the file. Parts under way are sent there one by one. */
  async follow(redirect: Api.upload.fileCdnRedirect, signal: AbortSignal): Promise<void> {
    const { cdns, size, callCdn, callOrigin } = this.#options;
    const token = bytesToHex(redirect.fileToken);
    if (this.#isClosed || this.#stay !== undefined) return; // by a part that was faster
    try {
      const cdn = await abortable(cdns.find(redirect.dcId), signal);
      if (this.#isClosed || this.#stay !== undefined) return;
      if (cdn === undefined) throw new Error("Telegram names no address or no key of it");
      if (this.#tokens.has(token)) throw new CdnFailure("Telegram sends us there again");
      if (this.#tokens.size === TOKENS) throw new CdnFailure("Telegram sends us there on and on");
      this.#tokens.add(token);
      const atCdn = (request: TlObject, signal: AbortSignal): Promise<unknown> =>
        callCdn(cdn, request, signal);
      const file = new CdnFile({ redirect, size, callCdn: atCdn, callOrigin });
      this.#stay = { cdn, file };
    } catch (error) {
      signal.throwIfAborted();
      this.#leave(undefined, redirect.dcId, error);
    }
  }

  /**
   * Returns `length` bytes from `offset` on, fewer at the end of the file; undefined if they do not
   * come from a CDN.
   *
   * @throws {SecurityError} if the CDN sends other bytes than those of the file
   */
  async read(
    offset: number,
    length: number,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const { size } = this.#options;
    for (let stay; (stay = this.#stay) !== undefined;) {
      try {
        return await stay.file.read(offset, Math.min(offset + length, size), signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof SecurityError && error.check === "file_hash") {
          this.#options.cdns.failed(stay.cdn.id);
          throw error;
        }
        this.#leave(stay, stay.cdn.id, error);
      }
    }
    return undefined;
  }

  /** Goes on without this CDN. Another part may have done so. */
  #leave(stay: Stay | undefined, dcId: number, error: unknown): void {
    const { cdns, log } = this.#options;
    if (this.#stay !== stay) return;
    this.#stay = undefined;
    const isVoid = error instanceof RpcError &&
      (error.is("FILE_TOKEN_INVALID") || error.is("REQUEST_TOKEN_INVALID"));
    const { message } = error as Error;
    log.info(`A file is read from its data center, not from the CDN ${dcId}: ${message}`);
    if (isVoid) return;
    this.#isClosed = true;
    if (!(error instanceof CdnFailure)) cdns.failed(dcId);
  }
}
