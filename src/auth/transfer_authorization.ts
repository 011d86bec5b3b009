/**
 * Calls at data centers besides the home: the user who is signed in at the home is signed in there
 * when a call needs it, once for each data center, however many calls wait for it.
 * https://core.telegram.org/api/datacenter#authorization-transfer
 */
import { type DcConnection, type DcPool, type Purpose, RpcError } from "../connection/mod.ts";
import { abortable } from "../runtime/mod.ts";
import type { SessionDcBook } from "../session/mod.ts";
import type { TlObject } from "../tl/mod.ts";
import type { SignInContext, StepOptions } from "./context.ts";

/** How often an authorization is exported, as a fresh one may be taken. */
const MAX_EXPORTS = 5;

/** The authorization at one data center. */
interface Authorization {
  /** The user whose authorization the key has, as far as is known. */
  owner: bigint | undefined;
  /** The transfer that is under way, or was made. */
  transfer?: Promise<void>;
}

/** The parts of a client that the transfer uses. */
export interface TransferHost extends Pick<SignInContext, "session" | "invoke" | "save"> {
  readonly pool: DcPool;
  readonly book: SessionDcBook;
}

/** The authorizations at data centers besides the home. */
export class AuthorizationTransfers {
  readonly #host: TransferHost;
  readonly #authorizations = new Map<number, Authorization>();

  constructor(host: TransferHost) {
    this.#host = host;
  }

  /**
   * Calls a method at a data center. If Telegram answers that nobody is signed in there, transfers
   * the authorization first.
   */
  async invoke(
    dcId: number,
    request: TlObject,
    { signal, purpose }: StepOptions & { readonly purpose?: Purpose } = {},
  ): Promise<unknown> {
    const authorization = await this.#authorizationAt(dcId);
    const connection = await abortable(this.#host.pool.at(dcId, purpose), signal);
    const before = authorization.transfer;
    try {
      return await connection.invoke(request, { signal });
    } catch (error) {
      if (!(error instanceof RpcError && error.is("AUTH_KEY_UNREGISTERED"))) throw error;
      // The first call that fails begins a transfer; calls that were under way meanwhile share it.
      if (authorization.transfer === before) this.#begin(dcId, authorization, connection);
      await abortable(authorization.transfer ?? Promise.resolve(), signal);
      return await connection.invoke(request, { signal });
    }
  }

  /** Forgets the authorization at a data center that becomes the home. */
  forget(dcId: number): void {
    this.#authorizations.delete(dcId);
  }

  /**
   * Returns the authorization at a data center. That of another user is dropped, with its
   * connections and its key.
   */
  async #authorizationAt(dcId: number): Promise<Authorization> {
    const { book, pool, session } = this.#host;
    const user = session.state.user?.id;
    const known = this.#authorizations.get(dcId);
    if (known !== undefined && (known.owner === undefined || known.owner === user)) return known;
    const authorization: Authorization = { owner: user };
    this.#authorizations.set(dcId, authorization);
    if (known !== undefined) {
      const closed = pool.close(dcId);
      book.forgetKey(dcId);
      await closed;
    }
    return authorization;
  }

  #begin(dcId: number, authorization: Authorization, connection: DcConnection): void {
    const transfer = this.#transfer(dcId, connection).then(async (owner) => {
      authorization.owner = owner;
      await this.#host.save();
    });
    // The next call that needs it tries again.
    transfer.catch(() => authorization.transfer = undefined);
    authorization.transfer = transfer;
  }

  /**
   * Exports the authorization at the home, and imports it at the data center. Returns the id of the
   * user.
   */
  async #transfer(dcId: number, connection: DcConnection): Promise<bigint> {
    for (let attempt = 1;; attempt++) {
      const { id, bytes } = await this.#host.invoke({ _: "auth.exportAuthorization", dcId });
      try {
        await connection.invoke({ _: "auth.importAuthorization", id, bytes });
        return id;
      } catch (error) {
        // The bytes are good once, and for a short time: fresh ones may succeed.
        const isStale = error instanceof RpcError && error.is("AUTH_BYTES_INVALID");
        if (!isStale || attempt === MAX_EXPORTS) throw error;
      }
    }
  }
}
