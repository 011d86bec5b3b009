/**
 * The data centers besides the home: a connection to each that is called, and the authorization that is taken there when
 * a call needs it, once for each however many calls wait for it.
 * https://core.telegram.org/api/datacenter#authorization-transfer
 */
import type { MethodCall, StepOptions } from "../auth/mod.ts";
import { DcConnection, RpcError } from "../connection/mod.ts";
import { findDc, type Session } from "../session/mod.ts";
import type { Api, TlObject } from "../tl/mod.ts";
import type { DcBook } from "../session/dc_book.ts";
import type { Settings } from "./options.ts";
import { withRetries } from "../connection/retries.ts";
import { abortable, anySignal } from "../runtime/mod.ts";
import type { Autosave } from "../session/autosave.ts";

/** What the other data centers need of the home: calls there, and what is known. */
export interface HomeCalls {
  readonly session: Session;
  readonly known: DcBook;
  readonly keeper: Autosave;
  /** Aborted when the client is disconnected. */
  readonly lifetime: AbortSignal;
  /** Resolves once the session is loaded; rejects when the client is disconnected. */
  ready(): Promise<void>;
  /** Calls a method at the home data center. */
  invoke<M extends keyof Api.Methods>(
    request: MethodCall<M>,
    options?: StepOptions,
  ): Promise<Api.Methods[M]["result"]>;
}

/** One data center besides the home. */
interface OtherDc {
  readonly connection: Promise<DcConnection>;
  /** Whose authorization its key has, as far as is known. */
  owner: bigint | undefined;
  /** The authorization that is being taken there, or has been. */
  authorizing?: Promise<void>;
}

/** The data centers besides the home. */
export class OtherDcs {
  readonly #home: HomeCalls;
  readonly #settings: Settings;
  readonly #dcs = new Map<number, OtherDc>();

  constructor(home: HomeCalls, settings: Settings) {
    this.#home = home;
    this.#settings = settings;
  }

  /** Calls a method at a data center. If that says that nobody is signed in, the authorization is taken there first. */
  async invoke<M extends keyof Api.Methods>(
    dcId: number,
    request: MethodCall<M>,
    { signal }: StepOptions = {},
  ): Promise<Api.Methods[M]["result"]> {
    const result = await withRetries(
      this.#settings,
      { method: request._, signal: anySignal(signal, this.#home.lifetime) },
      () => this.#call(dcId, request as TlObject, signal),
    );
    return result as Api.Methods[M]["result"];
  }

  /** Closes the connection to a data center: it becomes the home, or somebody else has signed in. */
  async close(dcId: number): Promise<void> {
    const dc = this.#dcs.get(dcId);
    this.#dcs.delete(dcId);
    const connection = await dc?.connection.catch(() => undefined);
    await connection?.close();
  }

  /** Closes all connections. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#dcs.keys()].map((dcId) => this.close(dcId)));
  }

  async #call(dcId: number, request: TlObject, signal?: AbortSignal): Promise<unknown> {
    await this.#home.ready();
    const dc = this.#dcOf(dcId);
    const connection = await abortable(dc.connection, signal);
    const before = dc.authorizing;
    try {
      return await connection.invoke(request, { signal });
    } catch (error) {
      if (!(error instanceof RpcError && error.is("AUTH_KEY_UNREGISTERED"))) throw error;
      // The first call that is told begins; what was begun while another was under way is good for that one too.
      if (dc.authorizing === before) dc.authorizing = this.#authorize(dcId, dc, connection);
      await abortable(dc.authorizing ?? Promise.resolve(), signal);
      return await connection.invoke(request, { signal });
    }
  }

  #dcOf(dcId: number): OtherDc {
    const { state } = this.#home.session;
    let dc = this.#dcs.get(dcId);
    if (dc?.owner !== undefined && dc.owner !== state.user?.id) {
      // Somebody else has signed in, or nobody is: no call may be made in the name of the one before.
      void this.close(dcId);
      const known = findDc(state, dcId);
      if (known !== undefined) known.authKey = undefined;
      dc = undefined;
    }
    if (dc === undefined) {
      const opened: OtherDc = { connection: this.#connect(dcId), owner: state.user?.id };
      opened.connection.catch(() => {
        if (this.#dcs.get(dcId) === opened) this.#dcs.delete(dcId);
      });
      this.#dcs.set(dcId, opened);
      return opened;
    }
    return dc;
  }

  async #connect(dcId: number): Promise<DcConnection> {
    const { known, keeper } = this.#home;
    const address = await known.find(dcId, () => this.#home.invoke({ _: "help.getConfig" }));
    const { testMode } = this.#settings;
    return new DcConnection({
      ...this.#settings,
      dc: { ...address, testMode, keyState: known.keyState(dcId) },
      onKeyState: (state) => {
        known.keep(dcId, state);
        keeper.changed();
      },
    });
  }

  #authorize(dcId: number, dc: OtherDc, connection: DcConnection): Promise<void> {
    const authorizing = this.#transfer(dcId, connection).then(async (owner) => {
      dc.owner = owner;
      await this.#home.session.save();
    });
    authorizing.catch(() => dc.authorizing = undefined); // the next call that needs it tries again
    return authorizing;
  }

  /** Exports the authorization at the home, and imports it at the data center. Gives whose it is. */
  async #transfer(dcId: number, connection: DcConnection): Promise<bigint> {
    for (let attempt = 1;; attempt++) {
      const { id, bytes } = await this.#home.invoke({ _: "auth.exportAuthorization", dcId });
      try {
        await connection.invoke({ _: "auth.importAuthorization", id, bytes });
        return id;
      } catch (error) {
        // The bytes are good once, and for a short time: fresh ones may do.
        const isStale = error instanceof RpcError && error.is("AUTH_BYTES_INVALID");
        if (!isStale || attempt > 1) throw error;
      }
    }
  }
}
