/**
 * What a client knows of the data centers: where each is, and the key that was agreed with it, kept in the session.
 * https://core.telegram.org/api/datacenter. Connecting is not done here.
 */
import { type DataCenter, type DcKeyState, WEB_SOCKET_DCS } from "../connection/mod.ts";
import { AuthKey } from "../mtproto/mod.ts";
import { ConnectionError, tcpDial } from "../net/mod.ts";
import { findDc, type Session } from "./mod.ts";
import type { Api } from "../tl/mod.ts";
import type { Settings } from "../client/options.ts";

/** What the caller and this library know, and how connections are made. */
export type DcBookSettings = Pick<Settings, "givenDcs" | "knownDcs" | "dial">;

/** The data centers, as the caller, the session, this library and Telegram know them. */
export class DcBook {
  readonly #session: Session;
  readonly #settings: DcBookSettings;

  constructor(session: Session, settings: DcBookSettings) {
    this.#session = session;
    this.#settings = settings;
  }

  /**
   * The address of a data center, which is noted in the session. What the caller said comes first, then what the session
   * knows, then what everybody knows (unless the caller named other data centers), then what Telegram says.
   */
  async find(
    dcId: number,
    askTelegram: () => Promise<Api.config | undefined>,
  ): Promise<DataCenter> {
    const { givenDcs, knownDcs } = this.#settings;
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
      `Cannot connect to data center "${dcId}": its address is unknown, expected it in the option dcs`,
    );
  }

  /** Key, salt and time of a data center, if there is a key. */
  keyState(dcId: number): DcKeyState | undefined {
    const dc = findDc(this.#session.state, dcId);
    if (dc?.authKey === undefined) return undefined;
    const { authKey, serverSalt = 0n, timeOffset = 0 } = dc;
    return { authKey: new AuthKey(authKey), serverSalt, timeOffset };
  }

  /** Notes key, salt and time of a data center. Gives whether the key is another one than before. */
  keep(dcId: number, { authKey, serverSalt, timeOffset }: DcKeyState): boolean {
    const dc = findDc(this.#session.state, dcId);
    if (dc === undefined) return false;
    const isOther = dc.authKey === undefined || new AuthKey(dc.authKey).idHex !== authKey.idHex;
    Object.assign(dc, { authKey: authKey.bytes.slice(), serverSalt, timeOffset });
    return isOther;
  }

  /** What the session knows. A browser's has names of WebSocket servers, at which TCP finds none. */
  #stored(dcId: number): DataCenter | undefined {
    const stored = findDc(this.#session.state, dcId);
    const isWebSocket = WEB_SOCKET_DCS.some(({ host }) => host === stored?.host);
    return isWebSocket && this.#settings.dial === tcpDial ? undefined : stored;
  }

  #note(address: DataCenter): DataCenter {
    const { dcs } = this.#session.state;
    const known = findDc(this.#session.state, address.id);
    if (known === undefined) dcs.push({ ...address });
    else Object.assign(known, address);
    return address;
  }
}
