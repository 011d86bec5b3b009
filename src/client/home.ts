/**
 * The home data center of an account: which one it is, the connection to it, and what is kept of it in the session. All calls
 * of the client and all steps of signing in go through here.
 * https://core.telegram.org/api/datacenter
 */
import type { MethodCall, SignInContext, StepOptions } from "../auth/mod.ts";
import {
  type DataCenter,
  DcConnection,
  type DcKeyState,
  type Logger,
  RpcError,
} from "../connection/mod.ts";
import type { Random } from "../crypto/mod.ts";
import { AuthKey } from "../mtproto/mod.ts";
import { ConnectionError } from "../net/mod.ts";
import { findDc, type Session } from "../session/mod.ts";
import type { Api, TlObject } from "../tl/mod.ts";
import type { Settings } from "./options.ts";

/** Failures within Telegram that say nothing about the call: making it again can help. */
const SERVER_FAILURE =
  /^(RPC_CALL_FAIL|RPC_MCGET_FAIL|RPC_CONNECT_FAILED|INTERDC_|WORKER_BUSY|MSG_WAIT|TIMEOUT$)/i;
const SERVER_FAILURE_DELAY = 1000;

/** The account's way to Telegram, and the context of the steps of signing in. */
export class Home implements SignInContext {
  readonly apiId: number;
  readonly apiHash: string;
  readonly session: Session;
  readonly random: Random;
  readonly log: Logger;
  readonly #settings: Settings;
  readonly #listeners = new Set<(updates: Api.Updates) => void>();
  #connection: DcConnection | undefined;
  #opening: Promise<DcConnection> | undefined;
  #loaded = false;
  #keyIsNew = false;
  #closed = false;

  constructor(session: Session, apiId: number, apiHash: string, settings: Settings) {
    this.apiId = apiId;
    this.apiHash = apiHash;
    this.session = session;
    this.random = settings.random;
    this.log = settings.logger;
    this.#settings = settings;
    this.subscribe(settings.onUpdates);
  }

  /** Whether there is a connection right now. */
  get connected(): boolean {
    return this.#connection?.connected ?? false;
  }

  /** Whether the key of the home data center was made by this client, so that nobody was signed in with it before. */
  get keyIsNew(): boolean {
    return this.#keyIsNew;
  }

  /** Loads the session and connects; does nothing when that is done. After `close` it begins anew. */
  async connect(): Promise<void> {
    this.#closed = false;
    const connection = await this.#open();
    await connection.connect();
  }

  /** Makes a call at the home data center; waits out short floods. Connects if it has to. */
  async invoke<M extends keyof Api.Methods>(
    request: MethodCall<M>,
    options: StepOptions = {},
  ): Promise<Api.Methods[M]["result"]> {
    const { clock, requestRetries } = this.#settings;
    for (let retries = 0;; retries++) {
      try {
        const connection = await this.#open();
        const result = await connection.invoke(request as TlObject, options);
        return result as Api.Methods[M]["result"];
      } catch (error) {
        const delay = this.#delayBeforeRetry(error);
        if (delay === undefined || retries >= requestRetries) throw error;
        this.log.info(`${request._} is called again in ${delay / 1000} s`);
        await clock.sleep(delay, options.signal);
      }
    }
  }

  /** Makes another data center the home; the key of the old one is kept. */
  async switchDc(dcId: number): Promise<void> {
    const address = await this.#addressOf(dcId);
    const old = this.#connection;
    this.#connection = this.#opening = undefined;
    await old?.close();
    this.session.state.dcId = dcId;
    this.#remember(address);
    await this.session.save();
    await this.#open();
  }

  /** Has every update told to `listener`, until the function that it gives is called. */
  subscribe(listener: (updates: Api.Updates) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Disconnects and lets go of the session. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const connection = await this.#opening?.catch(() => undefined);
    this.#connection = this.#opening = undefined;
    await connection?.close();
    // Not for a session that nobody is signed in with: a log-out must not be undone, nor a foreign file overwritten.
    if (connection !== undefined && this.session.state.user !== undefined) {
      await this.session.save();
    }
    await this.session.close?.();
  }

  async #open(): Promise<DcConnection> {
    if (this.#closed) {
      throw new ConnectionError(
        "Cannot call Telegram: the client is disconnected, expected connect() first",
      );
    }
    this.#opening ??= this.#openConnection();
    try {
      return await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  async #openConnection(): Promise<DcConnection> {
    const { session } = this;
    if (!this.#loaded) await session.load();
    this.#loaded = true;
    const settings = this.#settings;
    const address = await this.#addressOf(session.state.dcId);
    this.#remember(address);
    const keyState = keyStateOf(session, address.id);
    this.#keyIsNew = keyState === undefined;
    this.#connection = new DcConnection({
      ...settings,
      dc: { ...address, testMode: settings.testMode, keyState },
      onKeyState: (state) => this.#keepKeyState(address.id, state),
      onUpdate: (updates) => this.#tell(updates as Api.Updates),
    });
    return this.#connection;
  }

  #tell(updates: Api.Updates): void {
    for (const listener of this.#listeners) {
      try {
        listener(updates);
      } catch (error) {
        this.log.error(`A listener for updates failed: ${(error as Error).message}`);
      }
    }
  }

  /** What the caller said comes first, then what the session knows, then what everybody knows, then what Telegram says. */
  async #addressOf(dcId: number): Promise<DataCenter> {
    const { givenDcs, knownDcs } = this.#settings;
    const inSession = findDc(this.session.state, dcId);
    const address = givenDcs.find((dc) => dc.id === dcId) ??
      (givenDcs.length === 0 ? inSession ?? knownDcs.find((dc) => dc.id === dcId) : undefined);
    if (address !== undefined) return { id: dcId, host: address.host, port: address.port };
    const config = await this.#connection?.invoke({ _: "help.getConfig" }) as
      | Api.config
      | undefined;
    const option = config?.dcOptions.find((dc) =>
      dc.id === dcId && !dc.ipv6 && !dc.mediaOnly && !dc.cdn && !dc.tcpoOnly
    );
    if (option !== undefined) return { id: dcId, host: option.ipAddress, port: option.port };
    throw new ConnectionError(
      `Cannot connect to data center "${dcId}": its address is unknown, expected it in the option dcs`,
    );
  }

  #remember({ id, host, port }: DataCenter): void {
    const { dcs } = this.session.state;
    const known = findDc(this.session.state, id);
    if (known === undefined) dcs.push({ id, host, port });
    else Object.assign(known, { host, port });
  }

  #keepKeyState(dcId: number, { authKey, serverSalt, timeOffset }: DcKeyState): void {
    const dc = findDc(this.session.state, dcId);
    if (dc === undefined) return;
    const isOther = dc.authKey === undefined || new AuthKey(dc.authKey).idHex !== authKey.idHex;
    if (isOther) this.#keyIsNew = true;
    Object.assign(dc, {
      authKey: authKey.bytes.slice(),
      serverSalt,
      timeOffset: timeOffset / 1000,
    });
  }

  /** Milliseconds after which a failed call may be made again; undefined when it should not be. */
  #delayBeforeRetry(error: unknown): number | undefined {
    if (!(error instanceof RpcError)) return undefined;
    const { seconds, errorMessage } = error;
    if (seconds !== undefined) {
      return seconds <= this.#settings.floodSleepThreshold ? seconds * 1000 : undefined;
    }
    return SERVER_FAILURE.test(errorMessage) ? SERVER_FAILURE_DELAY : undefined;
  }
}

function keyStateOf(session: Session, dcId: number): DcKeyState | undefined {
  const dc = findDc(session.state, dcId);
  if (dc?.authKey === undefined) return undefined;
  const { authKey, serverSalt = 0n, timeOffset = 0 } = dc;
  return { authKey: new AuthKey(authKey), serverSalt, timeOffset: timeOffset * 1000 };
}
