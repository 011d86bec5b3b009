/**
 * What a session knows of the data centers: where each is, the key that was agreed with it, and
 * which of them is the home. https://core.telegram.org/api/datacenter. Connecting is not done here.
 */
import {
  type DataCenter,
  type DcBook,
  type DcKeyState,
  WEB_SOCKET_DCS,
} from "../connection/mod.ts";
import { AuthKey } from "../mtproto/mod.ts";
import { ConnectionError, type Dial, tcpDial } from "../net/mod.ts";
import type { Api } from "../tl/mod.ts";
import type { Session } from "./session.ts";
import { findDc } from "./state/session_state.ts";

/** The addresses that the caller and this library know, and how connections are made. */
export interface KnownAddresses {
  /** The addresses of the caller: they win over the session. */
  readonly givenDcs: readonly DataCenter[];
  /** The addresses that every client knows; used unless the caller gave others. */
  readonly knownDcs: readonly DataCenter[];
  readonly dial: Dial;
}

/** The data centers as a session keeps them. */
export class SessionDcBook implements DcBook {
  readonly #session: Session;
  readonly #known: KnownAddresses;
  readonly #onChange: () => void;

  /**
   * The data centers of a session; `onChange` is called when a key, salt or time is to be saved.
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

  /**
   * Returns the address of a data center, and notes it in the session. The caller's addresses come
   * first, then those of the session, then those that every client knows (unless the caller named
   * others), then those that Telegram names.
   */
  async find(
    dcId: number,
    askTelegram: () => Promise<Api.config | undefined>,
  ): Promise<DataCenter> {
    const { givenDcs, knownDcs } = this.#known;
    const known = givenDcs.find((dc) => dc.id === dcId) ?? this.#stored(dcId) ??
      (givenDcs.length === 0 ? knownDcs.find((dc) => dc.id === dcId) : undefined);
    if (known !== undefined) return this.#note({ id: dcId, host: known.host, port: known.port });
    const option = (await askTelegram())?.dcOptions.find((dc) =>
      dc.id === dcId && !dc.ipv6 && !dc.mediaOnly && !dc.cdn && !dc.tcpoOnly &&
      dc.secret === undefined
    );
    if (option !== undefined) {
      return this.#note({ id: dcId, host: option.ipAddress, port: option.port });
    }
    throw new ConnectionError(
      `Cannot connect to data center "${dcId}": its address is unknown. Pass it in the option dcs.`,
    );
  }

  /** Returns the key, salt and time of a data center, if there is a key. */
  keyState(dcId: number): DcKeyState | undefined {
    const dc = findDc(this.#session.state, dcId);
    if (dc?.authKey === undefined) return undefined;
    const { authKey, serverSalt = 0n, timeOffset = 0 } = dc;
    return { authKey: new AuthKey(authKey), serverSalt, timeOffset };
  }

  /** Keeps the key, salt and time of a data center. */
  keep(dcId: number, { authKey, serverSalt, timeOffset }: DcKeyState): void {
    const dc = findDc(this.#session.state, dcId);
    if (dc === undefined) return;
    Object.assign(dc, { authKey: authKey.bytes.slice(), serverSalt, timeOffset });
    this.#onChange();
  }

  /** Forgets the key of a data center. */
  forgetKey(dcId: number): void {
    const dc = findDc(this.#session.state, dcId);
    if (dc !== undefined) dc.authKey = undefined;
  }

  /**
   * Returns the session's address. A browser's session names WebSocket servers, which do not listen
   * for TCP.
   */
  #stored(dcId: number): DataCenter | undefined {
    const stored = findDc(this.#session.state, dcId);
    const isWebSocket = WEB_SOCKET_DCS.some(({ host }) => host === stored?.host);
    return isWebSocket && this.#known.dial === tcpDial ? undefined : stored;
  }

  #note(address: DataCenter): DataCenter {
    const { dcs } = this.#session.state;
    const known = findDc(this.#session.state, address.id);
    if (known === undefined) dcs.push({ ...address });
    else Object.assign(known, address);
    return address;
  }
}
