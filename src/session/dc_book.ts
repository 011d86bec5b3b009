/**
 * What a session knows of the data centers: where each is, the key that was agreed with it, and
 * which of them is the home. https://core.telegram.org/api/datacenter. Connecting is not done here.
 */
import {
  AddressList,
  type CdnDc,
  type DataCenter,
  type DcAddress,
  type DcBook,
  DcKey,
  type DcKeyState,
  type IpVersion,
  WEB_SOCKET_DCS,
} from "../connection/mod.ts";
import { AuthKey } from "../mtproto/mod.ts";
import { type Address, ConnectionError } from "../net/mod.ts";
import type { Api } from "../tl/mod.ts";
import type { Session } from "./session.ts";
import { addressesIn } from "./state/named_addresses.ts";
import { findDc } from "./state/session_state.ts";

/** The number of data centers of which the session learns. Telegram has five, and some CDNs. */
const MAX_DCS = 32;

/** The addresses that the caller and this library know, and how connections are made. */
export interface KnownAddresses {
  /** The addresses of the caller: for their data centers there are no others. */
  readonly givenDcs: readonly DataCenter[];
  /** The addresses that every client knows; used unless the caller gave others. */
  readonly knownDcs: readonly DataCenter[];
  /** Whether connections are made by TCP, perhaps through a proxy; false by default. */
  readonly isTcp?: boolean;
  /** `"prefer4"` by default. */
  readonly ipVersion?: IpVersion;
  /** Whether the transport is obfuscated; false by default. */
  readonly isObfuscated?: boolean;
}

/** The data centers as a session keeps them. */
export class SessionDcBook implements DcBook {
  /** The phone number of the person, if this program signed in with it. */
  phone?: string;
  readonly #session: Session;
  readonly #known: KnownAddresses;
  readonly #onChange: () => void;
  /** The ids of keys that were forgotten, hex. */
  readonly #forgotten = new Set<string>();
  /** Addresses that are used, but not saved. */
  readonly #lent = new Map<number, readonly DcAddress[]>();
  /** The keys of the data centers. They remember doubts, also when a move there has failed. */
  readonly #keys = new Map<number, DcKey>();
  /** The addresses of each data center, which remember those that failed. */
  readonly #lists = new Map<string, AddressList>();

  /**
   * The data centers of a session; `onChange` is called when a key, salt, time or address is to be
   * saved.
   */
  constructor(session: Session, known: KnownAddresses, onChange: () => void = () => {}) {
    this.#session = session;
    this.#known = known;
    this.#onChange = onChange;
  }

  /** The data center where the account lives, as far as is known. */
  get homeDcId(): number {
    return this.#session.state.dcId;
  }

  set homeDcId(dcId: number) {
    this.#session.state.dcId = dcId;
  }

  /** Whether addresses that Telegram names are of use: the caller gave none. */
  get isLearning(): boolean {
    return this.#known.givenDcs.length === 0;
  }

  /** When Telegram named the addresses of the home, in Unix seconds; undefined if it never did. */
  get learnedAt(): number | undefined {
    return findDc(this.#session.state)?.addressesDate;
  }

  /**
   * Returns the addresses of a data center, and notes the first of them in the session until
   * another one has worked.
   *
   * | source                     | used                                                  |
   * |----------------------------|-------------------------------------------------------|
   * | the caller's, for this DC  | alone                                                 |
   * | the last one that worked   | first                                                 |
   * | those that Telegram named  | then, however long ago it was                         |
   * | those that every client    | then, unless the caller named other data centers      |
   * | knows                      |                                                       |
   * | Telegram is asked          | if there is no address so far                         |
   *
   * @throws {ConnectionError} if there is no address
   */
  async find(
    dcId: number,
    askTelegram: () => Promise<Api.config | undefined>,
    { isForFiles = false }: { readonly isForFiles?: boolean } = {},
  ): Promise<AddressList> {
    const list = this.#listOf(dcId, isForFiles);
    if (list.candidates(0).length === 0) {
      const config = await askTelegram();
      if (config !== undefined) this.learn(config.dcOptions, config.date);
    }
    const [first] = list.candidates(0);
    if (first === undefined) throw this.#unknown(dcId);
    const stored = findDc(this.#session.state, dcId);
    if (stored === undefined) {
      this.#session.state.dcs.push({ id: dcId, host: first.host, port: first.port });
    } else if (this.#lastGood(dcId) === undefined) {
      Object.assign(stored, { host: first.host, port: first.port });
    }
    return list;
  }

  /** Returns the addresses of a CDN, which the session does not keep. */
  ofCdn({ id, addresses }: CdnDc): AddressList {
    return new AddressList({ ...this.#known, dcId: id, known: () => addresses, isForFiles: true });
  }

  /**
   * Keeps the addresses that Telegram names, and when it did, in Unix seconds. A data center whose
   * addresses the caller gave keeps those; one that Telegram leaves out keeps the old ones.
   */
  learn(options: readonly Api.DcOption[], date: number): void {
    const { dcs } = this.#session.state;
    const given = new Set(this.#known.givenDcs.map(({ id }) => id));
    const learned = [...new Set(options.map(({ id }) => id))].filter((id) => !given.has(id));
    for (const id of learned) {
      const addresses = addressesIn(options, id);
      const [first] = new AddressList({ ...this.#known, dcId: id, known: () => addresses })
        .candidates(0);
      if (first === undefined) continue;
      const known = findDc(this.#session.state, id);
      if (known !== undefined) Object.assign(known, { addresses, addressesDate: date });
      else if (dcs.length < MAX_DCS) {
        dcs.push({ id, host: first.host, port: first.port, addresses, addressesDate: date });
      }
    }
    if (learned.length > 0) this.#onChange();
  }

  /** Uses addresses for as long as the program runs: they are not saved. */
  lend(found: ReadonlyMap<number, readonly DcAddress[]>): void {
    for (const [dcId, addresses] of found) this.#lent.set(dcId, addresses);
  }

  /** Server time minus local time, in milliseconds, as far as is known. */
  get timeOffset(): number {
    return findDc(this.#session.state)?.timeOffset ?? 0;
  }

  /** Returns the key of a data center: the same object for as long as the session has that key. */
  keyOf(dcId: number): DcKey {
    const stored = this.keyState(dcId);
    const known = this.#keys.get(dcId);
    const authKey = known?.state?.authKey;
    if (known !== undefined && authKey?.idHex === stored?.authKey.idHex) {
      // Another program may have used it meanwhile.
      if (stored !== undefined && authKey !== undefined) known.update({ ...stored, authKey });
      return known;
    }
    const key = new DcKey(stored, (state) => this.keep(dcId, state));
    this.#keys.set(dcId, key);
    return key;
  }

  /** Returns the key, salt and time of a data center, if there is a key. */
  keyState(dcId: number): DcKeyState | undefined {
    const dc = findDc(this.#session.state, dcId);
    if (dc?.authKey === undefined) return undefined;
    const { authKey, serverSalt = 0n, timeOffset = 0 } = dc;
    return { authKey: new AuthKey(authKey), serverSalt, timeOffset };
  }

  /** Keeps the key, salt and time of a data center, unless the key was forgotten. */
  keep(dcId: number, { authKey, serverSalt, timeOffset }: DcKeyState): void {
    const dc = findDc(this.#session.state, dcId);
    if (dc === undefined || this.#forgotten.has(authKey.idHex)) return;
    Object.assign(dc, { authKey: authKey.bytes.slice(), serverSalt, timeOffset });
    this.#onChange();
  }

  /** Forgets the key of a data center. A connection may still have it. */
  forgetKey(dcId: number): void {
    const dc = findDc(this.#session.state, dcId);
    if (dc?.authKey === undefined) return;
    this.#forgotten.add(new AuthKey(dc.authKey).idHex);
    dc.authKey = undefined;
  }

  /** Forgets the keys of all data centers. */
  forgetKeys(): void {
    for (const { id } of this.#session.state.dcs) this.forgetKey(id);
  }

  #listOf(dcId: number, isForFiles: boolean): AddressList {
    const name = isForFiles ? `files ${dcId}` : `calls ${dcId}`;
    const known = this.#lists.get(name);
    if (known !== undefined) return known;
    const { ipVersion, isObfuscated } = this.#known;
    const list = new AddressList({
      dcId,
      known: () => this.#knownOf(dcId),
      lastGood: () => this.#lastGood(dcId),
      ipVersion,
      isObfuscated,
      isForFiles,
      // An address that is only for files is of no use for calls.
      ...(!isForFiles && { onWorked: (address) => this.#worked(dcId, address) }),
    });
    this.#lists.set(name, list);
    return list;
  }

  #knownOf(dcId: number): readonly DcAddress[] {
    const { givenDcs, knownDcs } = this.#known;
    const ofThis = ({ id }: DataCenter): boolean => id === dcId;
    const given = givenDcs.filter(ofThis);
    if (given.length > 0) return given;
    const { addresses = [] } = findDc(this.#session.state, dcId) ?? {};
    const known = givenDcs.length === 0 ? knownDcs.filter(ofThis) : [];
    return [...addresses, ...known, ...this.#lentOf(dcId)];
  }

  #lentOf(dcId: number): readonly DcAddress[] {
    return this.#lent.get(dcId) ?? [];
  }

  /**
   * Returns the session's address, if it is one of the caller's. A browser's session names
   * WebSocket servers, which do not listen for TCP.
   */
  #lastGood(dcId: number): DcAddress | undefined {
    const stored = findDc(this.#session.state, dcId);
    if (stored === undefined) return undefined;
    const { host, port } = stored;
    const given = this.#known.givenDcs.filter(({ id }) => id === dcId);
    const isGiven = given.some((dc) => dc.host === host && dc.port === port);
    if (given.length > 0) return isGiven ? { host, port } : undefined;
    const isWebSocket = WEB_SOCKET_DCS.some((dc) => dc.host === host);
    return isWebSocket && this.#known.isTcp ? undefined : { host, port };
  }

  #worked(dcId: number, { host, port }: Address): void {
    const dc = findDc(this.#session.state, dcId);
    if (dc === undefined || (dc.host === host && dc.port === port)) return;
    if (this.#lentOf(dcId).some((lent) => lent.host === host && lent.port === port)) return;
    Object.assign(dc, { host, port });
    this.#onChange();
  }

  #unknown(dcId: number): ConnectionError {
    const { ipVersion } = this.#known;
    const reason = this.#knownOf(dcId).length > 0 && ipVersion?.startsWith("only")
      ? `none of its addresses fits ipVersion "${ipVersion}". Use the other version.`
      : "its address is unknown. Pass it in the option dcs.";
    return new ConnectionError(`Cannot connect to data center "${dcId}": ${reason}`);
  }
}
